"""What happens while a model is asked: written down, told, and counted against what may be spent."""

import asyncio

import pytest

from evalsite.client.trying import Missing
from evalsite.client.waiting import Notice
from evalsite.counts.symptoms import CountedLoops
from evalsite.rundir.beside import incidents
from evalsite.rundir.schema import Completion
from evalsite.runner.chronicle import Budget, Chronicle, Spending
from tests.make import write_run


def answer(text="return 1", **changes):
    return Completion(**{"problem": "T/0", "sample": 0, "form": "completion", "text": text} | changes)


def spent(*answers, **budget):
    found = Spending(Budget(**budget), asyncio.Event())
    for each in answers:
        found.answer(each)
    return found


UNSAID = answer("\n", reasoning="hm")
CUT = answer("", reasoning="hm", finish_reason="length")
EMPTY = (
    "warning: 2 of 3 answers are empty, and all that was said is in the reasoning: "
    "is the server's reasoning parser the model's?"
)
TALKED = (
    "warning: 2 of 3 answers talk about the code instead of going on with it: "
    "an instruct model is asked with --api chat"
)
TALK = answer("Sure, here is the code:")


@pytest.mark.parametrize(
    ("answers", "sentences"),
    [
        ([], []),
        ([answer(), answer(attempts=2), answer(attempts=9)], ["note: 2 samples needed several attempts"]),
        ([CUT, answer()], []),
        (
            [CUT, CUT, answer("x", reasoning="hm", finish_reason="length")],
            [
                "warning: 2 of 3 answers were cut off while the model was still thinking: raise --max-tokens",
            ],
        ),
        ([UNSAID, answer()], []),
        (
            [UNSAID, CUT, answer()],
            [EMPTY],
        ),
        ([TALK, answer()], []),
        ([TALK, TALK, answer(TALK.text, form="response"), answer(TALK.text, form="response")], []),
        (
            [TALK, TALK, answer()],
            [TALKED],
        ),
    ],
)
def test_what_is_so_of_most_answers_is_told(answers, sentences):
    """Of the half it is not; an answer that the limit cut off is told by the limit alone."""
    assert list(spent(*answers).sentences()) == sentences


def test_answers_that_were_ended_as_they_looped_are_told():
    found = Spending(Budget(), asyncio.Event(), CountedLoops(100))
    assert list(found.sentences()) == []
    found.answer(answer(finish_reason="loop", completion_tokens=40))
    (told,) = found.sentences()
    assert told.startswith("note: 1 ")


@pytest.mark.parametrize(("limit", "over"), [(30, "--token-limit"), (31, "")])
def test_tokens_are_counted_to_the_limit(limit, over):
    """What nobody counted is none; who was stopped before by somebody else was not stopped by the limit."""
    answers = answer(completion_tokens=10), answer(), answer(completion_tokens=20)
    found = spent(*answers, tokens=limit)
    assert (found.tokens, found.over, found.stop.is_set()) == (30, over, bool(over))
    told = ["note: stopped at --token-limit, after 30 tokens; what was answered is kept"] if over else []
    assert list(found.sentences()) == told
    interrupted = Spending(Budget(tokens=limit), asyncio.Event())
    interrupted.stop.set()
    for each in answers:
        interrupted.answer(each)
    assert interrupted.over == ""


def test_time_is_over_while_it_is_counted_alone():
    """Who leaves before is not stopped later."""

    async def go():
        over, left = (Spending(Budget(time_s=0.0), asyncio.Event()) for _ in range(2))
        with left:
            pass
        with over:
            await asyncio.wait_for(over.stop.wait(), 60)
        return over.over, left.over, left.stop.is_set()

    assert asyncio.run(go()) == ("--time-limit", "", False)


def test_what_happens_is_told_and_written_down(tmp_path):
    """A file comes with the first of it; reasons of what is missing are counted, the ten most frequent."""
    run_dir, told = write_run(tmp_path, "m", [1], n=1), []
    with Chronicle(run_dir, told.append):
        pass
    assert not (run_dir.path / "incidents.jsonl").exists()
    lost = [Missing(problem="T/0", sample=n, error=f"words {n % 12}", kind="http") for n in range(14)]
    with Chronicle(run_dir, told.append) as chronicle:
        chronicle.notice(Notice("waiting", "http://x", "busy", 3, 1.23456))
        for each in lost:
            chronicle.missing(each)
    assert chronicle.lost == lost
    assert list(chronicle.reasons().items())[:3] == [("words 0", 2), ("words 1", 2), ("words 2", 1)]
    assert len(chronicle.reasons()) == 10
    first, second, *_ = rows = list(incidents(run_dir))
    assert len(rows) == 15
    assert (first.kind, first.endpoint, first.message, first.waiting, first.wait_s) == (
        ("waiting", "http://x", "busy", 3, 1.235)
    )
    assert (second.kind, second.problem, second.sample, second.message) == ("missing", "T/0", 0, "words 0")
    assert [each.remark for each in told] == ["note: busy; 3 requests waiting, next try in 1 s"]
