"""One problem in two runs: the two programs beside each other, with the verdict and the error of each."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.kinds.editing import readable
from evalsite.languages.base import Language
from evalsite.report.sample import headline
from evalsite.rundir.schema import Verdict
from evalsite.site.code import Line, highlight, numbered, plain_lines
from evalsite.site.marks import Mark, verdict_mark
from evalsite.site.samples import Glance
from evalsite.site.urls import Urls
from evalsite.words.sentences import count
from evalsite.words.text import shared_beginning

CONTEXT = 3
"""Lines shown before and after a difference; the others that both programs share are folded."""


@dataclass(frozen=True)
class BesideSide:
    """One of the two samples."""

    role: str
    """``baseline`` or ``candidate``: its colour and its column."""
    model: str
    path: str
    """Its place on the problem's page in its run."""
    sample: int
    passed: str
    """How many samples of the problem passed in this run, in words."""
    mark: Mark
    headline: str
    """The exception with its message in one line; empty for a pass."""
    failed_test: tuple[Markup, ...]
    blank: bool
    """Whether there is no program to show."""


@dataclass(frozen=True)
class Stretch:
    """Lines that both programs share (``same``), that stand in each other's place, or that are folded."""

    kind: Literal["same", "changed", "gap"]
    base: tuple[Line, ...]
    candidate: tuple[Line, ...]
    note: str = ""
    """How many lines are folded; of what differs first, where."""


@dataclass(frozen=True)
class Beside:
    """Two samples of one problem. ``stretches`` is empty where both are the same program."""

    sides: tuple[BesideSide, BesideSide]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Contender:
    """One of the two samples, as it is chosen."""

    entry: LoadedRun
    glance: Glance
    verdict: Verdict


def beside(base: Contender, candidate: Contender, language: Language, urls: Urls) -> Beside:
    """Put two samples of one problem, which is to be solved in a language, beside each other."""
    base, candidate = (
        replace(one, verdict=readable(one.verdict, language.comment)) for one in (base, candidate)
    )
    same = base.verdict.program.strip() == candidate.verdict.program.strip()
    return Beside(
        sides=(_side("baseline", base, language, urls), _side("candidate", candidate, language, urls)),
        stretches=() if same else stretches(base.verdict, candidate.verdict, language),
    )


def sample_path(contender: Contender, urls: Urls) -> str:
    """Return the path of the sample, or of its problem's page where that leaves this sample out."""
    number = contender.verdict.sample
    shown = number in contender.glance.shown
    return urls.problem_in_run(contender.entry.id, contender.verdict.problem, number if shown else None)


def _side(role: str, contender: Contender, language: Language, urls: Urls) -> BesideSide:
    verdict = contender.verdict
    failed_test = verdict.failed_test.strip()
    return BesideSide(
        role=role,
        model=contender.entry.model,
        path=sample_path(contender, urls),
        sample=verdict.sample,
        passed=f"{contender.glance.passes} of {count(contender.glance.count, 'sample')} passed",
        mark=verdict_mark(verdict.verdict),
        headline=headline(verdict),
        failed_test=highlight(failed_test, language) if failed_test else (),
        blank=not verdict.program.strip(),
    )


MOST_PAIRS = 1_000_000
"""Of lines that are held against each other: what a pair of programs may cost grows faster than their
lengths.
"""


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def stretches(base: Verdict, candidate: Verdict, language: Language) -> tuple[Stretch, ...]:
    """Line up two programs. A blank program has no lines."""
    left, right = (numbered(one.program, language, one.line) for one in (base, candidate))
    old, new = (
        plain_lines(one.program, language) if one.program.strip() else [] for one in (base, candidate)
    )
    found: list[Stretch] = []
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            head, tail = CONTEXT if i1 else 0, CONTEXT if i2 < len(left) else 0
            found += _shared(left[i1:i2], right[j1:j2], head, tail)
        else:
            first = all(one.kind != "changed" for one in found)
            note = _parting(i1, old[i1:i2], new[j1:j2]) if first else ""
            found.append(Stretch("changed", left[i1:i2], right[j1:j2], note))
    return tuple(found)


def _parting(before: int, old: Sequence[str], new: Sequence[str]) -> str:
    """Say where two programs part first: ``before`` lines are shared, then come those of each."""
    alike = shared_beginning(old[0], new[0]) if old and new else 0
    return f"They part here: line {before + 1}, character {alike + 1} of the baseline's program"


def _shared(left: Sequence[Line], right: Sequence[Line], head: int, tail: int) -> Iterator[Stretch]:
    """Shared lines; of a long stretch ``head`` and ``tail`` are left, unless a program failed in it."""
    end = len(left) - tail
    if end - head < 2 or any(line.failed for line in (*left, *right)):
        yield Stretch("same", tuple(left), tuple(right))
        return
    if head:
        yield Stretch("same", tuple(left[:head]), tuple(right[:head]))
    yield Stretch("gap", (), (), count(end - head, "line") + " that both share")
    if tail:
        yield Stretch("same", tuple(left[end:]), tuple(right[end:]))
