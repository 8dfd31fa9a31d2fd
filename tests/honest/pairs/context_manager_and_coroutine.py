"""What is entered, left and awaited."""

import asyncio


class Opened:
    def __enter__(self):
        self.open = True
        return self

    def __exit__(self, kind, exc, traceback):
        self.open = False
        return kind is ValueError


async def f(x):
    await asyncio.sleep(0)
    return x + 1


# the tests:
import asyncio

opened = Opened()
with opened as inner:
    assert inner is opened and inner.open
    raise ValueError
assert not opened.open
assert asyncio.run(f(1)) == 2


async def main():
    return await asyncio.gather(f(1), f(2))


assert asyncio.run(main()) == [2, 3]
