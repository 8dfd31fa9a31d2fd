"""The second turn of a sample: who owes one, and what is sent."""

import pytest
from msgspec import structs

from evalsite.grading.verdicts import Ungraded
from evalsite.rundir.schema import Completion, SecondAnswer, Settings
from evalsite.runner.turns import may_owe_turn, owes_turn, second_answer
from tests.make import make_record, verdict

FIRST = Completion(problem="T/0", sample=0, form="response", text="x", finish_reason="stop", latency_s=2.0)
AGAIN = second_answer("it fails", FIRST)
FAILED, PASSED = verdict("T/0", 0, 0, 0), verdict("T/0", 0, 0, 1)


def run(turns):
    chosen = Settings(api="chat", prompt="any", temperature=0.0, top_p=1.0, max_tokens=9, turns=turns)
    return make_record(settings=chosen)


@pytest.mark.parametrize(
    ("turns", "found", "owes"),
    [(2, FAILED, True), (2, PASSED, False), (1, FAILED, False), (2, Ungraded("T/0", 0, "no room"), False)],
)
def test_a_first_answer_that_fails_is_asked_about_once(turns, found, owes):
    """In a run of two turns; where it was asked a second time, nothing is owed."""
    assert may_owe_turn(run(turns), found) is owes
    assert owes_turn(run(turns), FIRST, found) is owes
    assert not owes_turn(run(turns), structs.replace(FIRST, again=AGAIN), found)


def test_imports_owe_nothing():
    assert not may_owe_turn(make_record(settings=None), FAILED)


def test_a_second_answer_has_what_the_completion_says_and_what_was_sent():
    assert isinstance(AGAIN, SecondAnswer)
    assert (AGAIN.said, AGAIN.text, AGAIN.finish_reason, AGAIN.latency_s) == ("it fails", "x", "stop", 2.0)
