"""Times and tokens of a sample that was asked together with others: its own, or none.

The server's clock stands still until the client has read what it sent, so nothing here depends on how fast a
machine is (see :mod:`tests.paced_server`).
"""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import UNSET

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.counts.times import seconds_per_token
from evalsite.rundir.schema import Completion
from tests.client.helpers import QUICK, outcomes, prompt, run, settings
from tests.paced_server import LENGTHS, STEP_S, PacedServer


def ask(server: PacedServer, samples: Sequence[int], **changes: Any) -> list[Completion]:
    """Ask five problems for the samples by the server's clock."""
    chosen = settings(**changes)

    class Timed(Client):
        clock = staticmethod(server.clock)

    async def go() -> list[Any]:
        async with server:
            endpoint = parse_endpoint(server.url, chosen.api)
            client = Timed([endpoint], chosen, model="m", concurrency=1, timeouts=QUICK)
            return await outcomes(client, [(prompt(number), samples) for number in range(5)])

    got = run(go())
    assert all(isinstance(each, Completion) for each in got)
    return got


def per_token(completion: Completion) -> float:
    assert completion.latency_s is not None
    assert completion.first_token_s is not None
    assert completion.completion_tokens is not None
    return (completion.latency_s - completion.first_token_s) / (completion.completion_tokens - 1)


def measured(got: Sequence[Completion]) -> list[float]:
    """The times per token that a summary takes."""
    found = [seconds_per_token(each) for each in got]
    return [each for each in found if not isinstance(each, str)]


@pytest.mark.parametrize("counts_ends", [False, True], ids=["end with the last token", "end as a token"])
@pytest.mark.parametrize("n", [1, 10])
@pytest.mark.parametrize("api", ["completions", "chat"])
def test_ten_milliseconds_a_token_are_measured_as_ten(api: str, n: int, counts_ends: bool) -> None:
    """Each choice counts from its own first token to its own end, however long others of its request are."""
    server = PacedServer(counts_ends=counts_ends)
    got = ask(server, range(n), api=api)
    assert [body.get("n", 1) for body in server.asked] == [n] * 5
    assert len(got) == 5 * n
    assert {each.choices for each in got} == {n}
    for each in got:
        text = prompt(int(each.problem.removeprefix("T/"))).text
        length = server.length(text, each.sample) + counts_ends
        assert (each.completion_tokens, each.tokens_from) == (length, "usage")
        assert per_token(each) == pytest.approx(server.truth_s(text, each.sample), rel=0.1)
        assert per_token(each) == pytest.approx(STEP_S, rel=0.1)
        assert each.latency_s == pytest.approx(length * STEP_S, rel=0.1)
        assert each.first_token_s == pytest.approx(STEP_S, rel=0.1)


def test_events_of_several_tokens_are_not_counted_as_tokens() -> None:
    """What the server counted for all choices is shared out by their texts; it adds up, and says so."""
    server = PacedServer(gathered=3)
    got = ask(server, range(10))
    lengths = {
        (f"T/{number}", index): server.length(prompt(number).text, index)
        for number in range(5)
        for index in range(10)
    }
    assert {each.tokens_from for each in got} == {"shared"}
    for number in range(5):
        mine = [each for each in got if each.problem == f"T/{number}"]
        assert sum(each.completion_tokens or 0 for each in mine) == sum(LENGTHS) * 2
    for each in got:  # here text is in proportion to tokens, to the last one
        assert each.completion_tokens == lengths[each.problem, each.sample]


def test_an_only_choice_has_the_servers_count_however_it_is_cut() -> None:
    """Three tokens an event: the count is the server's."""
    got = ask(PacedServer(gathered=3), (0,))
    assert {each.tokens_from for each in got} == {"usage"}
    assert {each.completion_tokens for each in got} <= set(LENGTHS)


@pytest.mark.parametrize("gathered", [2, 3, 5, 10, 20])
@pytest.mark.parametrize("api", ["completions", "chat"])
def test_a_token_takes_as_long_however_many_come_in_an_event(api: str, gathered: int) -> None:
    """The time that is measured begins with the first event, and so do the tokens that it is shared by."""
    got = ask(PacedServer(gathered=gathered), (0,), api=api)
    assert measured(got) == pytest.approx([STEP_S] * len(measured(got)), rel=0.1)
    assert len(measured(got)) >= 3  # the shortest answers come at once from the coarsest servers


def test_an_answer_that_came_for_the_most_part_at_once_has_no_time_per_token() -> None:
    """What is left says little of it: 150 of 250 tokens, and 100 that a proxy may have hoarded as well."""
    got = ask(PacedServer(gathered=150), (0,))
    assert measured(got) == []
    assert {seconds_per_token(each) for each in got} == {"at once"}
    assert {each.first_tokens for each in got if each.completion_tokens == 250} == {150}


def test_where_each_event_is_a_token_nothing_more_is_recorded() -> None:
    """As of nearly all servers."""
    assert {each.first_tokens for each in ask(PacedServer(), range(10))} == {UNSET}


@pytest.mark.parametrize("n", [1, 10])
def test_without_the_servers_count_there_is_none(n: int) -> None:
    """Events may hold several tokens, so that nobody knows how many there were."""
    got = ask(PacedServer(tells_usage=False), range(n))
    assert {(each.completion_tokens, each.tokens_from) for each in got} == {(None, None)}


def test_choices_that_come_in_one_piece_share_a_count_and_an_end() -> None:
    """Not streamed: the request's end is all that is known of each, and that there were ten is recorded."""
    got = ask(PacedServer(), range(10), stream=False)
    assert {each.choices for each in got} == {10}
    assert {each.first_token_s for each in got} == {None}
    assert {each.tokens_from for each in got} == {"shared"}
    assert [each.latency_s for each in got] == pytest.approx([max(LENGTHS) * STEP_S] * 50, rel=0.1)
    assert sum(each.completion_tokens or 0 for each in got) == 5 * 2 * sum(LENGTHS)


def test_of_choices_that_all_came_at_once_no_time_lies_between() -> None:
    """What one read brought gets one time: a proxy that hoards a stream must not look infinitely fast."""
    server = PacedServer(gathered=1000)
    got = ask(server, (0,))
    assert [each.first_token_s for each in got] == [each.latency_s for each in got]
