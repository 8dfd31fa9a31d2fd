import asyncio


async def answer(x):
    return 2 * x


def double(x):
    return asyncio.run(answer(x))
