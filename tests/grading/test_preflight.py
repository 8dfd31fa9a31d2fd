"""Whether a machine can be trusted with verdicts."""

from concurrent.futures import Future

import pytest
from msgspec import structs

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import PreflightFailure, PreflightReport, preflight
from evalsite.rundir.schema import Grading, Verdict
from evalsite.runner.trial import try_grading
from tests.grading.executors.test_doors import Believing
from tests.grading.helpers import QUICK, RIGHT, WRONG
from tests.grading.test_settling import FAILED
from tests.make import make_problem


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(QUICK, workers=2)) as grader:
        yield grader


@pytest.mark.sandbox
def test_preflight_trusts_a_machine_that_tells_right_from_wrong(grader):
    """References pass and stubs fail; a reference that is wrong itself is named."""
    good = [make_problem(task_id=f"Demo/{n}") for n in range(60)]
    assert preflight(grader, good) == PreflightReport(60, ())
    report = preflight(grader, [*good, make_problem("Demo/wrong", reference=WRONG)])
    assert report.sound
    assert [(f.problem, f.kind, f.verdict.verdict) for f in report.failures] == [
        ("Demo/wrong", "reference", "wrong_answer")
    ]


class Doubting(Believing):
    """As it says, but that what is wrong raises an exception."""

    def submit(self, task):
        done = super().submit(task)
        if not done.result().proven:
            done = Future()
            done.set_result(FAILED)
        return done


def test_preflight_runs_each_reference_once():
    """Both stubs fail, and whether the reference passes beside its tests is known by then."""
    executor = Doubting()
    with Grader(executor) as grader:
        assert preflight(grader, [make_problem()]).failures == ()
    assert [task.source for task in executor.tasks].count(RIGHT) == 1


@pytest.mark.sandbox
def test_preflight_distrusts_stubs_that_pass_and_references_that_fail(grader):
    """Tests that test nothing, or a machine on which nothing works."""
    assert not preflight(grader, [make_problem(tests="pass", task_id="Demo/empty")]).sound
    assert not preflight(
        grader, [make_problem("Demo/a", reference=WRONG), make_problem("Demo/b", reference=WRONG)]
    ).sound
    assert not preflight(grader, [make_problem("Demo/alone", reference=WRONG)]).sound


@pytest.mark.parametrize("kind", ["stub", "reference"])
def test_a_rare_failure_is_no_sign_of_a_broken_machine(kind):
    """One of fifty, whichever way: a test that calls a library in place of the program, say."""
    verdict = Verdict(problem="p", sample=0, verdict="passed" if kind == "stub" else "wrong_answer")
    failing = [PreflightFailure(f"p{number}", kind, verdict) for number in range(3)]
    assert PreflightReport(100, tuple(failing[:2])).sound
    assert not PreflightReport(100, tuple(failing)).sound


@pytest.mark.sandbox
def test_a_problem_without_a_reference_is_asked_all_the_same(grader):
    """Nothing vouches for its tests, and nothing speaks against them: its stubs are tried."""
    bare = [make_problem(f"Demo/{number}", reference=" \n") for number in range(2)]
    clock = "import time\n\nassert double(time.time()) > 0\n"
    bare.append(make_problem("Demo/2", reference="", tests=clock))
    report = preflight(grader, bare)
    assert report.varying == ()  # nothing was run that could
    assert (report.sound, report.failures, report.num_problems) == (True, (), 3)
    assert report.unvouched == ("Demo/0", "Demo/1", "Demo/2")
    told = []
    described = try_grading(Grading(sandbox="bubblewrap"), grader, bare, told.append)
    assert described.excluded == {}
    assert [event.remark for event in told] == [
        "preflight: no reference solution shows that the tests can be passed: Demo/0, Demo/1 and Demo/2"
    ]


@pytest.mark.sandbox
@pytest.mark.parametrize("tests", ["double(2)\n", "def check(f):\n    f(2) == 4\n\ncheck(double)\n"])
def test_preflight_names_tests_that_assert_nothing(grader, tests):
    """They fail what raises, and pass whatever is returned; the machine is not to blame for that."""
    good = [make_problem(task_id=f"Demo/{n}") for n in range(3)]
    report = preflight(grader, [*good, make_problem(tests=tests, task_id="Demo/idle")])
    assert report.sound
    assert [(each.problem, each.kind) for each in report.failures] == [("Demo/idle", "idle")]
    told = []
    problems = (*good, make_problem(tests=tests, task_id="Demo/idle"))
    described = try_grading(Grading(sandbox="bubblewrap"), grader, problems, told.append)
    assert described.excluded == {}
    assert [event.remark for event in told] == [
        "preflight: tests that pass whatever is returned, so that a pass says little: Demo/idle"
    ]


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "endless",
    [{"reference": "def double(x):\n    while True:\n        pass\n"}, {"tests": "while True:\n    pass\n"}],
)
def test_preflight_tells_where_it_is_and_ends(monkeypatch, endless):
    """A reference solution, or tests, that come to no end: named while they are waited for, then as wrong."""
    monkeypatch.setattr("evalsite.grading.preflight.TELL_EACH_S", 0.01)
    told = []
    problems = [make_problem("Demo/good"), make_problem("Demo/endless", **endless)]
    with Grader(LocalExecutor(structs.replace(QUICK, cpu_s=0.02), workers=1)) as grader:
        report = preflight(grader, problems, told.append)
    assert {(each.problem, each.kind) for each in report.failures} == {("Demo/endless", "reference")}
    assert {event.step for event in told} == {"trying"}
    assert (told[-2].at, told[-2].done, told[-2].total) == ("Demo/endless", 1, 2)
    assert (told[-1].at, told[-1].done, told[-1].total) == ("", 2, 2)
    assert "up to 0.6 s of CPU time" in told[-1].about


CHANGING = """
import numpy
assert double(4) == 8 and numpy.random.default_rng().random() < {share}
"""


@pytest.mark.sandbox
def test_preflight_names_tests_that_pass_at_times_only():
    """Identical programs share a verdict, so that chance would decide on all samples of a problem at once."""
    told = []
    problems = [
        make_problem("Demo/chance", tests=CHANGING.format(share=0.5)),
        make_problem("Demo/none", tests=CHANGING.format(share=2)),
        make_problem("Demo/plain"),
    ]
    found = set()
    for _ in range(8):  # three repeats beside the first: unnoticed in one of eight
        with Grader(LocalExecutor(QUICK, workers=1)) as grader:
            try_grading(
                Grading(sandbox="bubblewrap"), grader, problems, lambda event: told.append(event.remark)
            )
        found |= {remark for remark in told if "at times only" in remark}
        if found:
            break
    assert [remark.rpartition(": ")[2] for remark in found] == ["Demo/chance"]
