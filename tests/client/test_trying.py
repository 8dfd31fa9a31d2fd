"""When to make a request again, and when to give up: one request, or all of them."""

import asyncio
import time

import pytest

from evalsite.client.faults import FaultError, RefusalError
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Losses, Missing, Tries, given_up
from evalsite.errors import EndpointFaultError, EndpointRefusedError
from evalsite.rundir.schema import Completion
from tests.client.helpers import LIMITS, client, outcomes, prompt, run, settings
from tests.faulty_server import FaultyServer


def test_a_prompt_that_always_fails_is_lost_while_others_are_answered() -> None:
    """Patience is for servers: a poisoned prompt has its attempts, and no more."""

    async def go() -> None:
        async with FaultyServer(answer=_poisoned) as server:
            asking = client(server.url, settings(seed=1), timeouts=LIMITS, concurrency=4)
            got = await outcomes(asking, [(prompt(n), (0,)) for n in range(30)])
        assert [each.problem for each in got if isinstance(each, Missing)] == ["T/7"]
        assert len([each for each in server.requests if "f7(" in each.prompt]) == 3

    run(asyncio.wait_for(go(), 60))


def _poisoned(text: str, _seed: int | None, _index: int) -> str:
    if "f7(" in text:
        raise RuntimeError("out of memory")
    return "    return 1"


@pytest.mark.parametrize("status", [408, 409, 424, 425, 499, 500, 504, 520, 598])
def test_a_request_that_failed_is_made_again_also_as_the_first(status: int) -> None:
    """424 is what TGI answers where a generation failed: no word on the server as a whole."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit(f"http-{status}")
            (first,) = await outcomes(client(server.url, timeouts=LIMITS), [(prompt(), (0,))])
        assert isinstance(first, Completion)
        assert first.attempts == 2

    run(go())


def test_a_wait_of_hours_for_one_failed_request_is_no_longer_than_ours() -> None:
    """Nobody would be told of it: only a server that is busy holds a run."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-500-7200")
            (got,) = await asyncio.wait_for(
                outcomes(client(server.url, timeouts=LIMITS), [(prompt(), (0,))]), 60
            )
        assert isinstance(got, Completion)

    run(go())


def test_the_first_wait_is_the_one_that_was_set() -> None:
    """A server that is busy is not asked again at once; no jitter alone could make the wait as long."""
    patient = Timeouts(first_wait_s=1.2, longest_wait_s=1.2)

    async def go() -> float:
        async with FaultyServer() as server:
            server.commit("http-500")
            async with client(server.url, timeouts=patient) as asking:
                begun = time.perf_counter()
                await asking.complete(prompt(), (0,))
                return time.perf_counter() - begun

    assert run(go()) >= 1.2


def test_waits_double_up_to_the_longest_or_are_as_long_as_the_server_asks() -> None:
    """With up to a quarter more, or all requests would come back at once."""
    tries = Tries("T/0", Timeouts(attempts=9, first_wait_s=1.0, longest_wait_s=4.0), 0.0)
    for asked, least in ((None, 1.0), (None, 2.0), (None, 4.0), (None, 4.0), (0.5, 0.5), (7200.0, 4.0)):
        wait_s = tries.fail(FaultError("http", "busy", wait_s=asked, status=500), proven=True)
        assert least <= wait_s <= 1.25 * least
    assert (tries.made, tries.failed, tries.used_up) == (6, 6, False)


@pytest.mark.parametrize(
    ("kinds", "proven", "made"),
    [
        (["html"] * 9, False, 3),
        (["html"] * 9, True, 5),
        (["http"] * 9, False, 3),
        (["reset"] * 9, False, 5),
        (["malformed", "cut-off", "reset", "no-choices", "html"], False, 5),
    ],
)
def test_what_cannot_be_read_is_asked_less_often_of_who_never_answered(
    kinds: list[str], proven: bool, made: int
) -> None:
    """Three times in a row: it will stay so. Of others the attempts count alone."""
    tries = Tries("T/0", Timeouts(attempts=5), 0.0)
    with pytest.raises(FaultError):
        for kind in kinds:
            tries.fail(FaultError(kind, "odd"), proven=proven)
    assert (tries.made, tries.failed) == (made, made)


def missing(kind: str, problem: str = "T/0") -> Missing:
    return Missing(problem=problem, sample=0, error=f"words of {kind}", kind=kind)


ANSWER = Completion(problem="T/0", sample=0, form="response", text="x")


@pytest.mark.parametrize(
    ("concurrency", "lost", "number"),
    [
        (1, [missing("http")] * 9, 5),
        (8, [missing("http")] * 9, 8),
        (8, [missing("http"), missing("connect")], 2),
        (1, [missing("refused", f"T/{n}") for n in range(9)], 5),
        (1, [*[missing("refused")] * 4, *[missing("http")] * 4], 5),
    ],
)
def test_all_is_given_up_after_so_many_losses_in_a_row(
    concurrency: int, lost: list[Missing], number: int
) -> None:
    """As many as are asked at once, five at least, and two where nobody is there; the last one is told."""
    losses = Losses(concurrency)
    with pytest.raises(
        EndpointFaultError, match=f"^{number} requests in a row were lost; the last: words of"
    ) as caught:
        for each in lost:
            losses.add([each])
    assert "evalsite resume RUN" in caught.value.hint


@pytest.mark.parametrize(
    "between", [[ANSWER], [missing("http"), ANSWER], [missing("filtered"), missing("http"), ANSWER]]
)
def test_any_answer_ends_what_was_lost_in_a_row(between: list[Missing | Completion]) -> None:
    """Of a request with several samples one is enough; what a filter took is neither lost nor an answer."""
    losses = Losses(1)
    for got in [
        [missing("http")],
        [missing("refused")],
        [missing("http")],
        [missing("filtered")],
        [missing("http")],
    ]:
        losses.add(got)
    losses.add(between)
    for got in [[missing("refused")]] * 9 + [[missing("http")]] * 3:
        losses.add(got)
    with pytest.raises(EndpointFaultError, match=r"^5 requests"):
        losses.add([missing("http")])


@pytest.mark.parametrize(
    ("away_s", "wait_s", "told"),
    [
        (0.0, 0.0, "busy (not waited for)"),
        (0.0, 90.0, "busy (not waited for, and it asks for 90 s more)"),
        (1.0, 1.0, "busy (waited 1 s for it)"),
        (61.4, 62.0, "busy (waited 61 s for it, and it asks for 62 s more)"),
    ],
)
def test_it_is_said_how_long_a_server_was_waited_for(away_s: float, wait_s: float, told: str) -> None:
    """And what waits longer; a refusal stays one."""
    fault = given_up(FaultError("http", "busy"), away_s, wait_s)
    assert (type(fault), fault.message) == (EndpointFaultError, told)
    assert "--patience waits longer" in (fault.hint or "")
    assert isinstance(
        given_up(RefusalError("busy", status=401, words=""), away_s, wait_s), EndpointRefusedError
    )
