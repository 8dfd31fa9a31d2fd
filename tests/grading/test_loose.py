"""Programs that belong to no run, judged from Python."""

import pytest

import evalsite
from evalsite.errors import UsageError
from tests.make import make_problem

PROBLEMS = [make_problem("Demo/0"), make_problem("Demo/1", "twice")]
RIGHT = "def {}(x):\n    return x + x\n"


@pytest.mark.sandbox
def test_verdicts_come_in_the_order_of_the_programs():
    """One program or several of a problem, each judged by its tests."""
    programs = {
        "Demo/1": RIGHT.format("twice"),
        "Demo/0": [RIGHT.format("double"), "def double(x):\n    return x\n", "", RIGHT.format("double")],
    }
    with evalsite.grade(programs, PROBLEMS, workers=1) as verdicts:
        found = [(verdict.problem, verdict.sample, str(verdict.verdict)) for verdict in verdicts]
    assert found == [
        ("Demo/1", 0, "passed"),
        ("Demo/0", 0, "passed"),
        ("Demo/0", 1, "wrong_answer"),
        ("Demo/0", 2, "no_code"),
        ("Demo/0", 3, "passed"),
    ]


def test_a_program_of_no_problem_is_named():
    """Before anything is started."""
    with (
        pytest.raises(UsageError, match="'HumanEval/0'") as error,
        evalsite.grade({"HumanEval/0": ""}, PROBLEMS),
    ):
        pass
    assert "Demo/0, Demo/1" in error.value.hint
