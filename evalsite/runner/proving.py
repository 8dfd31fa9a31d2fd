"""A data set of one's own, tried before a model is asked: what it asks, and whether its tests can tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evalsite.datasets.base import Entry
from evalsite.datasets.catalogue import find
from evalsite.datasets.fetching import fetch
from evalsite.datasets.published import is_published_wrong
from evalsite.datasets.reading import hash_problems, no_problems, read_entries
from evalsite.errors import DatasetError
from evalsite.events import Listener, ignore, remark
from evalsite.grading.engine import Grader
from evalsite.grading.preflight import PROBES, PreflightFailure, preflight
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import build_prompt, style_for
from evalsite.rundir.schema import Prompt
from evalsite.runner.trial import broken_machine, why_excluded
from evalsite.words.sentences import count
from evalsite.words.text import one_line

IDLE = "its tests pass whatever is returned, so that a pass says little"
BY_A_MODEL = (
    "the solution beside it, which a model wrote, fails; that says nothing of the problem, which counts"
)
UNVOUCHED = "it has no reference solution, so that nothing shows that its tests can be passed"
PUBLISHED_WRONG = (
    "its reference solution is published wrong and fails; the problem counts as its authors count it"
)


@dataclass(frozen=True)
class Proven:
    """One problem that could be read."""

    entry: Entry
    prompt: Prompt
    """As a model is asked."""
    faults: tuple[str, ...] = ()
    """Why it cannot be used, each with its place and field."""
    remarks: tuple[str, ...] = ()
    """What to know of it, though it can be used: what could not be shown of it."""


@dataclass(frozen=True)
class DatasetReport:
    """What a file holds."""

    path: Path
    sha256: str
    """Over the problems that could be read, as in :class:`evalsite.rundir.schema.Dataset`."""
    style: str
    """Name of the style of its prompts."""
    problems: tuple[Proven, ...]
    unreadable: tuple[DatasetError, ...]
    """The records that are no problems."""
    tried: bool
    """Whether references and stubs were run."""

    @property
    def faults(self) -> tuple[str, ...]:
        """All that is wrong, in the order of reading, then of running."""
        return (
            *(error.message for error in self.unreadable),
            *(f for one in self.problems for f in one.faults),
        )


@dataclass
class _Found:
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def prove(path: Path, style: str | None, grader: Grader | None, listener: Listener = ignore) -> DatasetReport:
    """Read a data set's file to its end, and run each problem's reference solution and stubs.

    ``path`` may be the name of a known data set instead, which is fetched where it is not here. ``grader`` is
    not yet started; with None nothing is run. Raises :class:`DatasetError` for a file that cannot be read at
    all or holds no problem, and :class:`SandboxError` where this machine judges wrong.
    """
    read = list(_read(path, listener))
    entries = [each for each in read if isinstance(each, Entry)]
    unreadable = tuple(each for each in read if isinstance(each, DatasetError))
    if not read:
        raise no_problems(path)
    style = style or style_for("chat", entries[0].problem if entries else None)
    found = {entry.problem.task_id: _Found() for entry in entries}
    tried = grader if any(kind_of(entry.problem).runs for entry in entries) else None
    if tried is not None:
        remark(
            listener,
            f"trying the reference solutions of {count(len(entries), 'problem')}, and stubs in their place; "
            f"a reference solution may use {tried.reference_cpu_s:g} s of CPU time",
        )
        _run(entries, tried, found, listener)
    return DatasetReport(
        path=path,
        sha256=hash_problems(entry.problem for entry in entries),
        style=style,
        problems=tuple(
            Proven(entry, build_prompt(entry.problem, style), tuple(told.faults), tuple(told.remarks))
            for entry, told in zip(entries, found.values(), strict=True)
        ),
        unreadable=unreadable,
        tried=tried is not None,
    )


def _read(path: Path, listener: Listener) -> Iterator[Entry | DatasetError]:
    known = None if path.exists() else find(str(path))
    if known is None:
        return read_entries(path)
    kept = fetch(str(path), known, listener=listener).kept
    entries = read_entries(*kept.paths, shape=known.shape)
    return (each for each in entries if isinstance(each, DatasetError) or known.keep(each))


def _run(entries: list[Entry], grader: Grader, found: dict[str, _Found], listener: Listener) -> None:
    with grader:
        report = preflight(grader, (entry.problem for entry in entries), listener)
    if not report.machine_works:
        raise broken_machine(report.broken, len(PROBES))
    by_id = {entry.problem.task_id: entry for entry in entries}
    for failure in report.failures:
        _TELL[failure.kind](by_id[failure.problem], failure, found[failure.problem])
    for problem in report.unvouched:
        found[problem].remarks.append(UNVOUCHED)
    for untried in {each.problem: each for each in report.untried}.values():
        found[untried.problem].remarks.append(f"not tried: there is no room here ({untried.reason})")


def _tell_reference(entry: Entry, failure: PreflightFailure, found: _Found) -> None:
    if is_published_wrong(entry.problem):
        found.remarks.append(PUBLISHED_WRONG)
    elif entry.by_models:
        found.remarks.append(BY_A_MODEL)
    else:
        found.faults.append(_fault(entry, entry.reference_field, failure))


def _tell_stub(entry: Entry, failure: PreflightFailure, found: _Found) -> None:
    found.faults.append(_fault(entry, entry.tests_field, failure))


def _tell_idle(_entry: Entry, _failure: PreflightFailure, found: _Found) -> None:
    if not found.faults:
        found.remarks.append(IDLE)


_TELL: dict[str, Callable[[Entry, PreflightFailure, _Found], None]] = {
    "reference": _tell_reference,
    "stub": _tell_stub,
    "idle": _tell_idle,
}


def _fault(entry: Entry, name: str, failure: PreflightFailure) -> str:
    return f"{entry.place}: field `{name}` of {one_line(entry.problem.task_id)}: {why_excluded(failure)}"
