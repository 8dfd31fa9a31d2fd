"""Before anything is graded: does grading work here, and which problems cannot be judged?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from evalsite.datasets import FILE, file_of, needs_file
from evalsite.datasets.catalogue import find
from evalsite.datasets.published import is_published_wrong
from evalsite.errors import DatasetError, SandboxError
from evalsite.events import Listener, remark
from evalsite.extraction import EXTRACTION_VERSION
from evalsite.grading.engine import Grader, Job
from evalsite.grading.interpreters import hash_packages
from evalsite.grading.likeness import likeness
from evalsite.grading.preflight import PROBES, PreflightFailure, PreflightReport, preflight
from evalsite.languages import language_of
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Dataset, Grading, Problem, Program
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.commands import command
from evalsite.words.sentences import count, names
from evalsite.words.text import one_line, shorten

MAX_REASON = 200
_ENOUGH = 10
"""References of models that tell what the tests want; of fewer, it may be what one of them made up."""
_NO_PROGRAM = frozenset({VerdictClass.SYNTAX_ERROR})
"""What no machine could make of a reference but its authors."""


def try_grading(
    wanted: Grading,
    grader: Grader,
    problems: Iterable[Problem],
    listener: Listener,
    dataset: Dataset | None = None,
) -> Grading:
    """Return ``wanted`` with what the grader really does on this machine, and with what it cannot judge.

    With ``wanted.preflight`` every reference solution (must pass) and stubs in its place (must fail) are
    graded. A problem whose reference fails, or whose tests pass a program that only raises, is excluded from
    scores, unless it was published so, or models wrote the references. ``dataset`` is theirs; of one that
    everybody uses the references are known to pass. Raises :class:`SandboxError` where it is the machine
    which is broken, and every verdict would be worthless; :class:`DatasetError` where no problem of one's
    own is left.
    """
    if grader.runs_nothing:
        return structs.replace(wanted, sandbox=Sandbox.NONE, extraction=EXTRACTION_VERSION)
    excluded: dict[str, str] = {}
    for note in grader.conditions.notes:
        remark(listener, f"note: {note}")
    if wanted.preflight:
        by_id = {problem.task_id: problem for problem in problems}
        report = _sound(preflight(grader, by_id.values(), listener), dataset)
        found = _judgeable(report, by_id, dataset)
        excluded = found.excluded
        for told in found.remarks():
            remark(listener, f"preflight: {told}")
        if report.varying:
            changing = names(report.varying)
            remark(
                listener,
                f"preflight: tests that pass at times only (time, chance), so count on none: {changing}",
            )
        if report.untried:
            without = names(list(dict.fromkeys(each.problem for each in report.untried)))
            remark(listener, f"preflight: no room here ({report.untried[0].reason}): {without}")
    else:
        _meet_tools(grader, problems)
    here = grader.conditions
    return structs.replace(
        wanted,
        sandbox=here.sandbox or wanted.sandbox,
        layers=here.layers,
        python=here.python,
        packages=dict(here.packages),
        packages_sha256=hash_packages(here.packages),
        toolchains=dict(here.toolchains),
        preload=here.preload if here.packages else (),
        extraction=EXTRACTION_VERSION,
        likeness=likeness(grader) if wanted.preflight else {},
        excluded=excluded,
    )


def _meet_tools(grader: Grader, problems: Iterable[Problem]) -> None:
    """Have a program of each language tried, so that a tool that is missing is told first, and versions are
    known. Raises SandboxError.
    """
    first = {problem.language: problem for problem in problems if language_of(problem).toolchain is not None}
    for problem in first.values():
        source = problem.reference or problem.prompt or "."
        program = Program(problem=problem.task_id, sample=0, source=source, rule="preflight")
        grader.submit(Job(program, problem)).result()


@dataclass(frozen=True)
class _Found:
    """What the preflight found of single problems."""

    excluded: dict[str, str]
    """Problem -> why it can't be judged."""
    known: tuple[str, ...]
    """Whose reference is published wrong."""
    doubtful: tuple[str, ...]
    """Whose reference fails, and was written by a model."""
    unvouched: tuple[str, ...]
    """That have no reference."""
    idle: tuple[str, ...]
    """Whose tests pass whatever is returned."""

    def remarks(self) -> Iterator[str]:
        """Each in a sentence."""
        if self.excluded:
            listed = names([f"{problem}: {reason}" for problem, reason in self.excluded.items()])
            yield f"excluded from all scores: {listed}"
        if self.known:
            yield (
                "published with a reference solution that fails, and counted as its authors do: "
                f"{names(self.known)}"
            )
        if self.doubtful:
            listed = names(self.doubtful)
            yield f"solutions that models wrote fail, and the problems count all the same: {listed}"
        if self.unvouched:
            yield f"no reference solution shows that the tests can be passed: {names(self.unvouched)}"
        if self.idle:
            yield f"tests that pass whatever is returned, so that a pass says little: {names(self.idle)}"


def _judgeable(report: PreflightReport, problems: Mapping[str, Problem], dataset: Dataset | None) -> _Found:
    """Tell problems that can't be judged from those that count whatever became of their reference."""
    failing = {one.problem: one for one in report.of_kind("reference")}
    known = [problem for problem in failing if is_published_wrong(problems[problem])]
    doubtful = list(failing) if _by_models(dataset) else []
    wrong = [one for problem, one in failing.items() if problem not in {*known, *doubtful}]
    excluded = {one.problem: why_excluded(one) for one in (*wrong, *report.of_kind("stub"))}
    return _Found(
        excluded=excluded,
        known=tuple(known),
        doubtful=tuple(problem for problem in doubtful if problem not in excluded),
        unvouched=report.unvouched,
        idle=tuple(one.problem for one in report.of_kind("idle") if one.problem not in excluded),
    )


def _by_models(dataset: Dataset | None) -> bool:
    """Whether models wrote a data set's reference solutions."""
    known = find(dataset.name) if dataset else None
    return known is not None and known.shape is not None and known.shape.by_models


def _sound(report: PreflightReport, dataset: Dataset | None) -> PreflightReport:
    own = dataset is None or needs_file(dataset)
    if not report.machine_works:
        raise broken_machine(report.broken, len(PROBES))
    doubtful = _by_models(dataset) and not _lacks_package(report)
    invalid = [each for each in report.of_kind("reference") if each.verdict.verdict in _NO_PROGRAM]
    if invalid and not doubtful:
        raise _no_reference(invalid, dataset)
    known = find(dataset.name) if dataset else None
    unexpected = [
        one
        for one in report.failures
        if not (known and one.problem in known.unjudged) and not (doubtful and one.kind == "reference")
    ]
    if not own and not replace(report, failures=tuple(unexpected)).sound:
        raise broken_machine([one for one in report.failures if one.kind != "idle"], report.num_problems)
    wrong = {one.problem: one for one in (*report.of_kind("stub"), *report.of_kind("reference"))}
    if own and wrong and len(wrong) == report.num_problems:
        first = next(iter(wrong.values()))
        name = dataset.name if dataset else "data set"
        raise DatasetError(
            f"{name}: no problem can be judged. {one_line(first.problem)}: {why_excluded(first)}",
            hint=f"{_packages(wrong.values())}This machine judges other programs right. "
            f"See what is wrong with: {_check_dataset(dataset)}",
        )
    return report


def _lacks_package(report: PreflightReport) -> bool:
    """Whether most references want one module that is not here: the tests of all do, then."""
    modules = Counter(each.verdict.module for each in report.of_kind("reference") if each.verdict.module)
    tried = report.num_problems - len(report.unvouched)
    return tried >= _ENOUGH and any(2 * wanting > tried for wanting in modules.values())


def _packages(wrong: Iterable[PreflightFailure]) -> str:
    """What to do where they lack packages; else nothing."""
    lacking = list(dict.fromkeys(one_line(each.verdict.module) for each in wrong if each.verdict.module))
    return f"Name a Python that has {names(lacking)}: --sandbox-python PATH. " if lacking else ""


def _no_reference(wrong: Sequence[PreflightFailure], dataset: Dataset | None) -> DatasetError:
    first = wrong[0]
    line = "" if first.verdict.line is None else f", line {first.verdict.line} of prompt and solution"
    others = f"; so are those of {names([each.problem for each in wrong[1:]])}" if wrong[1:] else ""
    return DatasetError(
        f"{one_line(first.problem)}: its reference solution is no valid program{line}: "
        f"{first.verdict.exception}: {first.verdict.message}{others}",
        hint=f"Mend the problem, or take it out. See what else is wrong with: {_check_dataset(dataset)}. "
        "--no-preflight grades without looking at references.",
    )


def _check_dataset(dataset: Dataset | None) -> str:
    return command("check-dataset", file_of(dataset) if dataset else FILE)


def broken_machine(wrong: Sequence[PreflightFailure], number: int) -> SandboxError:
    """Say that verdicts of this machine are worthless: references that failed, or stubs that passed."""
    listed = names([f"{each.problem} ({each.kind}: {each.verdict.verdict})" for each in wrong])
    first = wrong[0].verdict
    failing = f"{count(len(wrong), 'preflight check')} failed on {count(number, 'problem')}"
    said = " ".join(f"{first.exception} {first.message}".split())
    return SandboxError(
        f"grading does not work here: {failing}: {listed}" + (f"; the first says: {said}" if said else ""),
        hint="See 'evalsite doctor'; --no-preflight skips the check, and the run says so.",
    )


def why_excluded(failure: PreflightFailure) -> str:
    """Why a problem is excluded, in a line: what its reference ended in, with the error's own words."""
    verdict = failure.verdict
    if failure.kind == "stub":
        return "its tests pass a program that only raises an exception"
    error = f"{verdict.exception}: {verdict.message}" if verdict.exception and verdict.message else ""
    detail = " ".join((error or verdict.exception or verdict.failed_test or verdict.message).split())
    words = f"its reference solution does not pass here ({verdict.verdict.words}"
    return shorten(f"{words}, {detail})" if detail else f"{words})", MAX_REASON)
