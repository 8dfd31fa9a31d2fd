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
    """``reference``; ``stub``, which raises; or ``idle``, which returns what is equal to nothing."""
    verdict: Verdict


@dataclass(frozen=True)
class PreflightReport:
    """Whether verdicts of this machine can be trusted."""

    num_problems: int
    failures: tuple[PreflightFailure, ...]

    @property
    def sound(self) -> bool:
        """No stub passes that raises, and at most one reference in fifty fails (data sets have wrong ones),
        or one if there are fewer. Tests that assert nothing are the data set's fault, and not the machine's.
        """
        wrong = len(self.of_kind("reference"))
        return not self.of_kind("stub") and (
            not wrong or wrong <= max(self.num_problems // 50, 1) < self.num_problems
        )

    def of_kind(self, kind: str) -> tuple[PreflightFailure, ...]:
        """The failures of one kind."""
        return tuple(failure for failure in self.failures if failure.kind == kind)


def preflight(grader: Grader, problems: Iterable[Problem]) -> PreflightReport:
    """Grade every problem's reference solution, which is to pass, and two stubs, which are to fail."""
    jobs = [each for problem in problems for each in _jobs(problem)]
    futures = [(kind, grader.submit(job)) for kind, job in jobs]
    failures = []
    for kind, future in futures:
        verdict = future.result()
        if (verdict.verdict is VerdictClass.PASSED) != (kind == "reference"):
            failures.append(PreflightFailure(verdict.problem, kind, verdict))
    return PreflightReport(sum(kind == "reference" for kind, _ in jobs), tuple(failures))


def _jobs(problem: Problem) -> Iterator[tuple[str, Job]]:
    running, name = language_of(problem).running, problem.entry_point
    sources = {"reference": problem.reference, "stub": running.stub(name), "idle": running.idle_stub(name)}
    for sample, (kind, source) in enumerate(sources.items()):
        program = Program(problem=problem.task_id, sample=sample, source=source, rule="preflight")
        yield kind, Job(program, problem)
