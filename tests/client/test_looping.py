"""Answers that repeat themselves: ended where they are streamed, whatever is asked for with them."""

import asyncio

import pytest

from evalsite.client import looping
from evalsite.client.protocol import Choice
from evalsite.client.transport import Timeouts
from evalsite.rundir.asked import LOOPED
from evalsite.words.loops import find_loop
from tests.client.helpers import client, outcomes, prompt, settings
from tests.faulty_server import FaultyServer

BEGIN = "    total = 0\n    for n in ns:\n        total += n\n"
TURN = "    # And so on, as above.\n"
LOOP = BEGIN + TURN * 400
SOUND = BEGIN + "".join(f"    # Step {number}: look at {hash_}.\n" for number, hash_ in enumerate("abcdefgh"))

PATIENT = Timeouts(idle_s=600, request_s=600)
"""However long a busy machine takes to fill the buffers on the way."""


def asked(server, api="completions", samples=(0,), **changes):
    """The completions of one prompt, in the order of their samples."""

    async def ask():
        async with server:
            chosen = settings(**({"api": api, "stop_loops": True, "max_tokens": 5000} | changes))
            url = f"{server.url}/v1/{'chat/completions' if api == 'chat' else 'completions'}"
            found = await outcomes(client(url, chosen, timeouts=PATIENT), [(prompt(), samples)])
            return sorted(found, key=lambda each: each.sample)

    return asyncio.run(ask())


def choice(text, size=4, *, thinks=False):
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    empty = [""] * len(pieces)
    return Choice(pieces=empty if thinks else pieces, reasoning=pieces if thinks else empty)


@pytest.mark.parametrize("api", ["completions", "chat"])
def test_an_answer_that_loops_is_ended(api):
    (found,) = asked(FaultyServer(answer=lambda *_: LOOP), api)
    assert found.finish_reason == LOOPED
    assert found.text == LOOP[: len(found.text)]
    assert 199 * 3 < len(found.text) - len(BEGIN) - len(TURN) <= 200 * 3  # the server sends three at a time
    assert find_loop(found.text).period == len(TURN)
    assert (found.tokens_from, found.completion_tokens) == ("chunks", len(found.text) // 3)


SOON_OVER = BEGIN + TURN * 60  # all of its events fit into what is read at once


@pytest.mark.parametrize("texts", [[SOON_OVER], [SOUND, SOON_OVER, SOUND]])
def test_where_it_ends_does_not_depend_on_how_fast_it_comes(texts):
    """Also where the end of all that the server said is there before anything was looked at."""

    def ended(*, at_once):
        server = FaultyServer(answer=lambda _prompt, _seed, index: texts[index], at_once=at_once)
        found = asked(server, samples=tuple(range(len(texts))))
        return [(each.text, each.finish_reason, each.completion_tokens) for each in found]

    assert ended(at_once=True) == ended(at_once=False)
    assert LOOPED in {reason for _, reason, _ in ended(at_once=True)}


def test_without_being_asked_for_nothing_is_ended():
    (found,) = asked(FaultyServer(answer=lambda *_: LOOP), stop_loops=False)
    assert (found.text, found.finish_reason, found.tokens_from) == (LOOP, "stop", "usage")


class Endless(FaultyServer):
    """Says the same until nobody listens; what it says at most would not fit into any buffer on the way."""

    MOST = 200_000

    def _events(self, told, fault):
        self.said = getattr(self, "said", [])
        self.said.append(0)

        def events():
            for _ in range(self.MOST):
                self.said[-1] += 1
                yield {"choices": [{"index": 0, "text": TURN, "finish_reason": None}]}

        return events()


def test_the_server_is_told_by_a_closed_connection_and_another_one_goes_on():
    server = Endless()
    found = asked(server, samples=(0, 1), seed=3)
    assert [(each.sample, each.finish_reason) for each in found] == [(0, LOOPED), (1, LOOPED)]
    assert len(server.said) == 2
    assert max(server.said) < Endless.MOST


def test_thoughts_that_loop_are_ended_too():
    (found,) = asked(FaultyServer(answer=lambda *_: LOOP, thinks=True), "chat")
    assert (found.text, found.finish_reason) == ("", LOOPED)
    assert found.reasoning == LOOP[: len(found.reasoning)]
    assert len(found.reasoning) < len(LOOP)


def test_of_several_choices_those_that_loop_are_cut_and_the_others_are_whole():
    texts = [SOUND, LOOP, SOUND * 3]
    found = asked(FaultyServer(answer=lambda _prompt, _seed, index: texts[index]), samples=(0, 1, 2))
    (alone,) = asked(FaultyServer(answer=lambda *_: LOOP))
    assert [each.text for each in found] == [SOUND, alone.text, SOUND * 3]
    assert [each.finish_reason for each in found] == ["stop", LOOPED, "stop"]
    assert {each.choices for each in found} == {3}


def test_a_choice_that_has_not_begun_is_waited_for():
    watch = looping.Watch(2)
    answer = _Answer({0: choice(LOOP)})
    assert not watch.is_enough(answer, 1.0)
    answer.choices[1] = choice(SOUND)
    assert not watch.is_enough(answer, 2.0)
    answer.choices[1].finish_reason = "stop"
    assert watch.is_enough(answer, 3.0)
    watch.settle(answer)
    assert (answer.choices[0].finish_reason, answer.choices[0].ended_at) == (LOOPED, 1.0)
    assert "".join(answer.choices[1].pieces) == SOUND


class _Answer:
    def __init__(self, choices):
        self.choices = choices
        self.broken_off = False


NO_LOOPS = {
    "sound": SOUND * 2,
    "counts": "[" + ", ".join(map(str, range(1000))),
    "primes": "assert primes() == ["
    + ", ".join(str(n) for n in range(2, 3000) if all(n % d for d in range(2, n))),
    "a table": "".join(f"| {n:4} | {n * n:8} |\n" for n in range(200)),
    "a row of dashes": "-" * 150,
    "short of it": BEGIN + TURN * 3,
    "an argument of a test": "\n".join(f"    assert f({n!r}) == {n % 2 == 0}" for n in range(150)),
}


@pytest.mark.parametrize("name", NO_LOOPS)
def test_what_is_on_its_way_somewhere_is_no_loop(name):
    assert looping.events_enough(choice(NO_LOOPS[name])) == 0


@pytest.mark.parametrize("size", [1, 3, 7])
def test_where_it_ends_depends_on_what_came_and_not_on_when(size):
    whole = choice(LOOP, size)
    enough = looping.events_enough(whole)
    seen = {
        looping.events_enough(choice(LOOP[: events * size], size)) for events in range(enough, enough + 60)
    }
    assert seen == {enough}
    assert looping.events_enough(choice(LOOP[: (enough - 1) * size], size)) == 0


def test_a_server_that_gathers_tokens_is_measured_by_characters():
    enough = looping.events_enough(choice(LOOP, 500))
    assert 1600 <= enough * 500 - len(BEGIN) - len(TURN) < 2100


def test_a_server_that_does_not_stream_has_its_answer_as_it_is():
    (found,) = asked(FaultyServer(answer=lambda *_: LOOP, streams=False))
    assert (found.text, found.finish_reason) == (LOOP, "stop")


def test_what_stands_behind_a_stop_sequence_is_no_loop_of_the_answer():
    server = FaultyServer(answer=lambda *_: BEGIN + "\ndef g():\n    pass\n" * 400, honours_stop=False)
    (found,) = asked(server)
    assert (found.text, found.finish_reason) == (BEGIN, "stop")
