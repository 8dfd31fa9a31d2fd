"""Another executor stands where this machine's does: a toy is entered, given tasks, and believed."""

from concurrent.futures import Future

from evalsite.grading.engine import Grader
from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Conditions
from evalsite.rundir.schema import Limits
from tests.grading.helpers import RIGHT, WRONG, make_job


class Believing:
    """Takes every program that doubles for right, and runs none."""

    limits = Limits()
    workers = 2

    def __init__(self):
        self.is_open = False
        self.tasks = []

    @property
    def conditions(self):
        return Conditions(("belief",), "3.11.0") if self.is_open else Conditions()

    def submit(self, task):
        self.tasks.append(task)
        done = Future()
        right = "2 * x" in task.source
        done.set_result(Execution(proven=right, status=0 if right else 3, cpu_s=0.5))
        return done

    def __enter__(self):
        self.is_open = True
        return self

    def __exit__(self, *exc):
        self.is_open = False


def test_an_executor_needs_no_more_than_its_protocol():
    """The grader asks it for what it has not asked yet, and says under what it ran."""
    executor = Believing()
    with Grader(executor) as grader:
        assert grader.conditions.layers == ("belief",)
        jobs = [make_job(source, sample) for sample, source in enumerate((RIGHT, WRONG, RIGHT))]
        verdicts = sorted(grader.grade(jobs), key=lambda verdict: verdict.sample)
    assert [verdict.verdict for verdict in verdicts] == ["passed", "early_exit", "passed"]
    assert [verdict.shared_with for verdict in verdicts] == [None, None, 0]
    assert [task.source for task in executor.tasks] == [RIGHT, WRONG]
    assert not executor.is_open
