"""What people should hear of while a server keeps a run waiting: when it begins, goes on, and is over."""

import asyncio

import pytest

from evalsite.client.waiting import Notice
from evalsite.rundir.schema import Completion
from tests.client.helpers import LIMITS, client, outcomes_of, prompt, run, settings, texts
from tests.faulty_server import FaultyServer
from tests.gateway import Gateway


def test_a_feature_that_was_refused_is_tried_again_later_and_told_once() -> None:
    """A server that takes it by then gets it again; one that does not costs a request now and then."""
    told: list[Notice] = []

    async def go() -> None:
        async with FaultyServer(refused_words={"n": "n must be 1"}) as server:
            asking = client(server.url, concurrency=1, notify=told.append)
            async with asking:
                work = [(prompt(n), (0, 1)) for n in range(120)]
                got = await outcomes_of(asking, work)
                refused = [request for request in server.requests if "n" in request.body]
                server.refused_words = {}
                got += await outcomes_of(asking, [(prompt(n), (0, 1)) for n in range(200, 400)])
        assert len(texts(got)) == 640
        assert len(refused) == 2
        assert len([request for request in server.requests if "n" in request.body]) > 10
        assert [(each.kind, "one by one" in each.message) for each in told] == [("feature", True)]

    run(go())


@pytest.mark.parametrize("words", ["Loading model", "no healthy upstream"])
@pytest.mark.parametrize("status", [429, 502, 503, 529])
def test_an_outage_holds_everybody_and_costs_no_attempt(status: int, words: str) -> None:
    """However many refusals it takes, with three attempts allowed; and one asks whether it is over."""
    told: list[Notice] = []

    async def go() -> None:
        async with FaultyServer() as server, Gateway(server.url) as gateway:
            asking = client(gateway.url, settings(seed=1), timeouts=LIMITS, concurrency=8, notify=told.append)
            async with asking:
                await asking.complete(prompt(), (0,))
                gateway.answer = status, words
                work = asyncio.create_task(outcomes_of(asking, [(prompt(n), (0,)) for n in range(40)]))
                while gateway.turned_away < 20:
                    await asyncio.sleep(0.001)
                gateway.answer = None
                got = await work
        assert len(texts(got)) == 40
        assert {each.attempts for each in got if isinstance(each, Completion)} == {1}
        assert gateway.turned_away < 60
        assert told[0].kind == "waiting"
        assert f"answered {status}: {words}; " in told[0].sentence

    run(asyncio.wait_for(go(), 120))
