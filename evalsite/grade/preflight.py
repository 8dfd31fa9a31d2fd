"""Can this machine tell right from wrong? Reference solutions have to pass, and stubs to fail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evalsite.grade.engine import Grader, Job
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass


@dataclass(frozen=True)
class PreflightFailure:
    """A reference solution that fails, or a stub that passes, on this machine with these limits."""

    problem: str
    kind: str
    """``reference`` or ``stub``."""
    verdict: Verdict


@dataclass(frozen=True)
class PreflightReport:
    """Whether verdicts of this machine can be trusted."""

    num_problems: int
    failures: tuple[PreflightFailure, ...]

    @property
    def sound(self) -> bool:
        """No stub passes, and at most one reference in fifty fails (data sets have wrong ones), or one if
        there are fewer.
        """
        wrong = sum(failure.kind == "reference" for failure in self.failures)
        return wrong == len(self.failures) and (
            not wrong or wrong <= max(self.num_problems // 50, 1) < self.num_problems
        )


def preflight(grader: Grader, problems: Iterable[Problem]) -> PreflightReport:
    """Grade every problem's reference solution, which is to pass, and a stub, which is to fail."""
    jobs = [each for problem in problems for each in _jobs(problem)]
    futures = [(kind, grader.submit(job)) for kind, job in jobs]
    failures = []
    for kind, future in futures:
        verdict = future.result()
        if (verdict.verdict is VerdictClass.PASSED) != (kind == "reference"):
            failures.append(PreflightFailure(verdict.problem, kind, verdict))
    return PreflightReport(len(jobs) // 2, tuple(failures))


def _jobs(problem: Problem) -> Iterator[tuple[str, Job]]:
    stub = language_of(problem).running.stub(problem.entry_point)
    for sample, (kind, source) in enumerate((("reference", problem.reference), ("stub", stub))):
        program = Program(problem=problem.task_id, sample=sample, source=source, rule="preflight")
        yield kind, Job(program, problem)
