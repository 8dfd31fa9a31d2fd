"""The few problems whose tests share a process with the program, and how it comes to that."""

import pytest
from msgspec import structs

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from tests.grading.helpers import QUICK, verdict_of
from tests.make import make_problem

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("in process")]  # one grader for all of them

REFERENCE = "class Base:\n    def twice(self):\n        return 2 * self.value()\n"
DERIVING = "class Own(Base):\n    def value(self):\n        return 4\n\nassert Own().twice() == 8\n"
LIAR = "class Base:\n    def twice(self):\n        return {answer}\n"


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        yield grader


def test_the_reference_decides(grader):
    """Tests that derive from a class of the program's; right is right, wrong is wrong, and both say so."""
    problem = make_problem(reference=REFERENCE, tests=DERIVING, task_id="Demo/derive")
    for answer, expected in (("8", "passed"), ("7", "wrong_answer")):
        verdict = verdict_of(grader, LIAR.format(answer=answer), problem=problem)
        assert (verdict.verdict, verdict.in_process) == (expected, True)
    assert verdict_of(grader, REFERENCE, problem=problem).in_process


def test_the_reference_itself_runs_once_each_way(monkeypatch):
    """Beside its tests and with them; what shows that it passes there is its verdict, too."""
    executor = LocalExecutor(QUICK, workers=1)
    ran = []
    submit = executor.submit
    monkeypatch.setattr(executor, "submit", lambda task: ran.append(task.in_process) or submit(task))
    problem = make_problem(reference=REFERENCE, tests=DERIVING, task_id="Demo/derive")
    with Grader(executor) as grader:
        verdict = verdict_of(grader, REFERENCE, problem=problem)
        assert (verdict.verdict, verdict.in_process) == ("passed", True)
        assert verdict_of(grader, LIAR.format(answer=7), problem=problem).verdict == "wrong_answer"
    assert ran == [False, True, False, True]


def test_a_program_cannot_ask_for_it(grader):
    """Where the reference passes beside its tests, whatever fails has failed."""
    source = "class double(int):\n    def __class_getitem__(cls, x):\n        return x\n"
    verdict = verdict_of(grader, source)
    assert verdict.verdict in ("wrong_answer", "runtime_error")
    assert not verdict.in_process
    assert not verdict_of(grader).in_process


def test_without_a_right_reference_nothing_shares_a_process(grader):
    """A reference that is missing, or fails both ways, shows nothing."""
    for reference in ("", "def double(x):\n    return 0\n"):
        problem = make_problem(reference=reference, tests=DERIVING, task_id=f"Demo/{len(reference)}")
        assert not verdict_of(grader, REFERENCE, problem=problem).in_process


def test_tests_that_never_end_are_not_the_programs_time():
    """The verdict says so, and the next sample finds everything in order."""
    limits = structs.replace(QUICK, cpu_s=0.2)  # tests that compute get ten times as long, twice
    problem = make_problem(tests="double(2)\nwhile True:\n    pass\n", reference="", task_id="Demo/endless")
    with Grader(LocalExecutor(limits, workers=1)) as grader:
        verdict = verdict_of(grader, problem=problem)
        assert verdict.verdict == "timeout"
        assert "its tests do not come to an end" in verdict.message
        assert verdict.cpu_s < limits.cpu_s
        assert verdict_of(grader).verdict == "passed"


def test_tests_that_a_program_makes_grow_meet_a_limit(grader):
    """What the program returns is not theirs to hold."""
    problem = make_problem(tests="assert list(double(2)) == [4]\n", reference="", task_id="Demo/growing")
    verdict = verdict_of(grader, "def double(x):\n    return range(10**12)\n", problem=problem)
    assert verdict.verdict == "memory_limit"
    assert verdict_of(grader).verdict == "passed"
