"""The methods page: how every number is made, taken from the docstrings and constants of the code itself."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from markupsafe import Markup, escape

from evalsite.counts import passk
from evalsite.rundir.schema import Limits
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.urls import METHODS
from evalsite.site.views.frame import Crumb, Fact, Frame, Page
from evalsite.site.views.marks import Mark, verdict_mark
from evalsite.stats import decision, intervals, readiness, unseen
from evalsite.stats.compare import evidence, flips, luck, noise, paired, planning, power, signflip
from evalsite.stats.compare import guard as comparability
from evalsite.stats.compare.runs import compare_all
from evalsite.stats.compare.shift import error_shift
from evalsite.stats.decision import MARGIN
from evalsite.stats.targets import RELATIVE_TOML
from evalsite.words.terms import TERMS, Term


@dataclass(frozen=True)
class Source:
    """One function or module in its own words."""

    id: str
    name: str
    paragraphs: tuple[Markup, ...]


@dataclass(frozen=True)
class Chapter:
    """A topic: a sentence of introduction, then the code's own words."""

    id: str
    title: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class VerdictMeaning:
    """A verdict class and what it means."""

    mark: Mark
    key: str
    meaning: str


@dataclass(frozen=True)
class MethodsView:
    """The context of ``pages/methods.html``."""

    chapters: tuple[Chapter, ...]
    words: tuple[Term, ...]
    verdicts: tuple[VerdictMeaning, ...]
    constants: tuple[Fact, ...]
    limits: tuple[Fact, ...]
    targets: str
    """The shipped targets file."""


_CHAPTERS: tuple[tuple[str, str, tuple[ModuleType | Callable[..., Any], ...]], ...] = (
    ("passk", "pass@k", (passk, passk.pass_at_k)),
    ("intervals", "Intervals", (intervals, intervals.estimate_pass_at_k, intervals.estimate_share, unseen)),
    (
        "comparison",
        "Comparing two runs",
        (paired, paired.paired_interval, evidence, signflip, compare_all),
    ),
    ("uncertainty", "Where the uncertainty comes from", (noise.Noise, power, planning)),
    ("changes", "What changed", (flips.Flip, luck, flips.NoiseFloor, error_shift, comparability)),
    ("targets", "Decisions", (decision.decide, readiness)),
)

_ROLE = re.compile(r":(?:func|class|data|meth|mod|attr):`~?(?:[\w.]*\.)?(\w+)`")
_NEW_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=``[^`]+``\n)")
_CODE = re.compile(r"``([^`]+)``|`([^`]+)`")


def methods_page(runs: int, languages: str) -> Page:
    """Make the methods page of a site of so many runs, on problems in some languages."""
    view = MethodsView(
        chapters=tuple(
            Chapter(chapter_id, title, tuple(_source(thing) for thing in things))
            for chapter_id, title, things in _CHAPTERS
        ),
        words=TERMS,
        verdicts=tuple(
            VerdictMeaning(verdict_mark(kind), kind, kind.meaning.format(language=languages))
            for kind in VerdictClass
        ),
        constants=(
            Fact("Confidence of intervals", f"{100 * intervals.CONFIDENCE:g} %"),
            Fact("Allowed loss unless a target says otherwise", f"{100 * MARGIN:g} points of pass@1"),
            Fact('Power of "could have shown"', f"{100 * power.POWER:g} %"),
            Fact("Draws of the permutation test, where it is not exact", f"{signflip.DRAWS:,}"),
        ),
        limits=_limits(),
        targets=RELATIVE_TOML.strip(),
    )
    frame = Frame(
        path=METHODS,
        title="Methods",
        description=f"How every number on this site of {runs} runs is made.",
        crumbs=(Crumb("Methods", METHODS),),
    )
    return Page("pages/methods.html", frame, view)


def _limits() -> tuple[Fact, ...]:
    limits = Limits()
    return (
        Fact(
            "CPU time",
            f"{limits.cpu_s:g} s",
            f"or {limits.reference_factor:g} times the reference's own, if larger",
        ),
        Fact("Wall time", f"{limits.wall_factor:g} times the CPU limit"),
        Fact("Memory", f"{limits.memory_mib:,} MiB"),
        Fact("Output", f"{limits.output_kib:,} KiB"),
        Fact("Processes", str(limits.processes)),
        Fact("One file", f"{limits.file_mib} MiB"),
        Fact("All files", f"{limits.disk_mib} MiB"),
    )


def _source(thing: ModuleType | Callable[..., Any]) -> Source:
    """Take the docstring of a module, function or class."""
    name = thing.__name__.rpartition(".")[2]
    return Source(f"m-{name}", name, tuple(map(_paragraph, _paragraphs(inspect.getdoc(thing) or ""))))


def _paragraphs(text: str) -> list[str]:
    """Split a docstring at blank lines, and between the terms of a definition list."""
    return [part for part in _NEW_PARAGRAPH.split(text) if part.strip()]


def _paragraph(text: str) -> Markup:
    """Render a docstring's paragraph: its code words, and nothing else."""
    plain = escape(_ROLE.sub(r"``\1``", " ".join(text.split())))
    return Markup(_CODE.sub(lambda match: f"<code>{match[1] or match[2]}</code>", str(plain)))  # noqa: S704
