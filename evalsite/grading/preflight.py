"""Can this machine tell right from wrong, and can these problems? References have to pass, and stubs to fail.

Whose fault it is where they do not is told by two problems that come along, which any sound machine judges
right: where it does, the data set's own references and tests are wrong.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from dataclasses import dataclass, replace

from evalsite.events import Event, Listener, ignore
from evalsite.grading.engine import Grader, Job
from evalsite.grading.verdicts import Ungraded
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass

_REPEATS = 3
"""Further runs of a reference that may pass at times only: one that does so half of the time goes by in one
of eight preflights.
"""


@dataclass(frozen=True)
class PreflightFailure:
    """A reference solution that fails, or a stub that passes, on this machine with these limits."""

    problem: str
    kind: str
    """``reference``; ``stub``, which raises; or ``idle``, which returns what is equal to nothing."""
    verdict: Verdict


@dataclass(frozen=True)
class PreflightReport:
    """Whether verdicts of this machine can be trusted, and which problems' can't."""

    num_problems: int
    """All of them, those of :attr:`unvouched`, too."""
    failures: tuple[PreflightFailure, ...]
    """Of the problems themselves."""
    broken: tuple[PreflightFailure, ...] = ()
    """Of :data:`PROBES`: this machine gives wrong verdicts."""
    varying: tuple[str, ...] = ()
    """Problems whose reference passes at times only: their tests ask for the time, or for chance."""
    untried: tuple[Ungraded, ...] = ()
    """What this machine has no room for."""
    unvouched: tuple[str, ...] = ()
    """Problems that come without a reference solution where others of their kind have one."""

    @property
    def machine_works(self) -> bool:
        """Whether the machine told right from wrong where that is known: else every verdict is worthless."""
        return not self.broken

    @property
    def sound(self) -> bool:
        """Whether at most one reference in fifty fails, or one if there are fewer, and as few stubs pass that
        raise: more than that the authors of a data set that everybody uses would have noticed.
        """
        return all(
            not wrong or len(wrong) <= max(self.num_problems // 50, 1) < self.num_problems
            for wrong in (self.of_kind("reference"), self.of_kind("stub"))
        )

    def of_kind(self, kind: str) -> tuple[PreflightFailure, ...]:
        """The failures of one kind."""
        return tuple(failure for failure in self.failures if failure.kind == kind)


PROBES = (
    Problem(
        task_id="probe/sum",
        prompt="",
        kind="code",
        entry_point="total",
        tests="assert total([1, 2, 3]) == 6\nassert total([]) == 0\n",
        reference="def total(numbers):\n    return sum(numbers)\n",
    ),
    Problem(
        task_id="probe/words",
        prompt="",
        kind="code",
        entry_point="longest",
        tests="def check(candidate):\n    assert candidate('a bcd ef') == 'bcd'\n"
        "    assert candidate('') is None\n\ncheck(longest)\n",
        reference="import re\n\ndef longest(text):\n"
        "    return max(re.findall(r'\\w+', text), key=len, default=None)\n",
    ),
)
"""Problems whose references are right and whose tests test."""


def preflight(grader: Grader, problems: Iterable[Problem], listener: Listener = ignore) -> PreflightReport:
    """Grade every problem's reference solution, which is to pass, and two stubs, which are to fail.

    Where that takes long the listener is told which problem it is at.
    """
    broken = [(kind, grader.submit(job)) for probe in PROBES for kind, job in _jobs(probe)]
    problems = tuple(problems)
    jobs = [each for problem in problems for each in _jobs(problem)]
    futures = [(kind, grader.submit(job)) for kind, job in jobs]
    repeats = list(_repeated(grader, problems))
    at = {future: job.problem.task_id for (_, job), (_, future) in zip(jobs, futures, strict=True)}
    _follow({**at, **{future: problem for problem, future in repeats}}, grader, listener)
    told = [(kind, future.result()) for kind, future in futures]
    untried = tuple(found for _, found in told if isinstance(found, Ungraded))
    return PreflightReport(
        num_problems=len(problems),
        failures=_failures(told),
        broken=_failures((kind, future.result()) for kind, future in broken),
        varying=tuple(
            _varying(repeats, {each.problem for each in _failures(told) if each.kind == "reference"})
        ),
        untried=untried,
        unvouched=tuple(
            each.task_id for each in problems if not each.reference.strip() and kind_of(each).has_references
        ),
    )


TELL_EACH_S = 5.0
"""Less than that, and nobody waits long enough to ask."""


def _follow(futures: "Mapping[Future[Verdict | Ungraded], str]", grader: Grader, listener: Listener) -> None:
    """Wait until all are there, or one has failed; tell now and then the first problem that is waited for."""
    total = len(set(futures.values()))
    state = Event("trying", f"trying references, each up to {grader.reference_cpu_s:g} s of CPU time")
    done, left = wait(futures, TELL_EACH_S, FIRST_EXCEPTION)
    while left and not any(future.exception() for future in done):
        problems = list(dict.fromkeys(name for future, name in futures.items() if future in left))
        listener(replace(state, done=total - len(problems), total=total, at=problems[0]))
        done, left = wait(futures, TELL_EACH_S, FIRST_EXCEPTION)
        if not left:
            listener(replace(state, done=total, total=total))


def _repeated(
    grader: Grader, problems: Iterable[Problem]
) -> Iterator[tuple[str, "Future[Verdict | Ungraded]"]]:
    """Run references that may pass at times only a few times more, each as a program of its own."""
    for problem in problems:
        if not problem.reference.strip():
            continue
        tests = kind_of(problem).judging(problem).tests
        if language_of(problem).running.may_vary(problem.reference, tests):
            for sample in range(_REPEATS):
                source = problem.reference + "\n" * (sample + 1)
                program = Program(problem=problem.task_id, sample=sample, source=source, rule="preflight")
                yield problem.task_id, grader.submit(Job(program, problem))


def _varying(
    repeats: Iterable[tuple[str, "Future[Verdict | Ungraded]"]], failed: Collection[str]
) -> Iterator[str]:
    """The problems of which a repeat came out otherwise than their reference did first."""
    found = ((problem, future.result()) for problem, future in repeats)
    told = [
        problem
        for problem, again in found
        if isinstance(again, Verdict) and (again.verdict is VerdictClass.PASSED) == (problem in failed)
    ]
    return iter(dict.fromkeys(told))


def _failures(told: Iterable[tuple[str, Verdict | Ungraded]]) -> tuple[PreflightFailure, ...]:
    return tuple(
        PreflightFailure(found.problem, kind, found)
        for kind, found in told
        if isinstance(found, Verdict) and (found.verdict is VerdictClass.PASSED) != (kind == "reference")
    )


def _jobs(problem: Problem) -> Iterator[tuple[str, Job]]:
    of = kind_of(problem)
    tried = {"reference": problem.reference, **of.stubs(problem, language_of(problem).running)}
    if not problem.reference.strip():
        del tried["reference"]
    jobs = [(kind, source, problem) for kind, source in tried.items()]
    if proof := of.proof(problem):
        jobs.append(("reference", proof.reference, proof))
    for sample, (kind, source, asked) in enumerate(jobs):
        program = Program(problem=problem.task_id, sample=sample, source=source, rule="preflight")
        yield kind, Job(program, asked)
