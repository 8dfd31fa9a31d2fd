"""What workers leave for whoever asked, and how many of them may be ahead."""

import asyncio

from evalsite.client.outbox import Outbox
from tests.client.helpers import run


def test_things_come_out_in_the_order_that_they_were_left_in():
    """Whoever takes waits for the first, and gets each once."""

    async def taken() -> list[int]:
        box: Outbox[int] = Outbox(3)
        first = asyncio.create_task(box.take())
        await asyncio.sleep(0)
        for thing in range(3):
            await box.enter()
            box.put(thing)
        return [await first, await box.take(), await box.take()]

    assert run(taken()) == [0, 1, 2]


def test_no_more_are_ahead_than_there_are_places():
    """Who falls behind with taking holds the workers back, before they work; each taken thing lets one on."""

    async def most() -> tuple[int, int]:
        box: Outbox[int] = Outbox(4)
        entered = 0

        async def work() -> None:
            nonlocal entered
            for thing in range(5):
                await box.enter()
                entered += 1
                box.put(thing)

        workers = [asyncio.create_task(work()) for _ in range(2)]
        for _ in range(20):
            await asyncio.sleep(0)
        before = entered
        await box.take()
        for _ in range(20):
            await asyncio.sleep(0)
        after = entered
        for _ in range(9):
            await box.take()
        await asyncio.gather(*workers)
        return before, after

    assert run(most()) == (4, 5)


def test_a_last_word_needs_no_place():
    """An end, or a failure, is left also where everything is full."""

    async def last() -> list[str]:
        box: Outbox[str] = Outbox(1)
        await box.enter()
        box.put("answer")
        box.put("end")
        return [await box.take(), await box.take()]

    assert run(last()) == ["answer", "end"]
