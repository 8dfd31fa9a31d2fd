"""The parts that a site is made in, each with a key of all that it depends on.

A part is made again when its key changes: a run's own pages, the pages of a comparison, the page of a
problem. Leaderboard, targets, search and exports look at everything and are made whenever anything changed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path

import evalsite
from evalsite.assets import asset_dir
from evalsite.counts.loaded import LoadedRun
from evalsite.site import cards
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.views.problem import problem_inputs

INDEX = "index"
"""Name of the unit that holds what is in none of the parts."""

KINDS = {"run": "runs", "pair": "comparisons", "problem": "problem pages"}
"""Kinds of parts, and what to call several of them. They are made in this order."""

_NOT_ON_PAGES = ("jobs", "redirects")
"""Options that change no page of a run."""
_INPUTS = ("jinja2", "markdown-it-py", "nh3", "plotly", "pygments")


@dataclass(frozen=True)
class Part:
    """A part of the site with the key of its inputs; named ``run:<id>``, ``problem:<task>`` or as a pair."""

    name: str
    key: str

    @property
    def kind(self) -> str:
        """One of :data:`KINDS`."""
        return self.name.partition(":")[0]


def all_parts(common: str, judgement: Judgement) -> Iterator[Part]:
    """Return the parts of a site, in the order of :data:`KINDS`."""
    entries = {entry.id: entry for entry in judgement.evidence.entries}
    for entry in entries.values():
        yield Part(f"run:{entry.id}", _run_key(common, entry, judgement))
    for base, candidate in judgement.comparisons:
        pair = entries[base], entries[candidate]
        yield Part(pair_name(base, candidate), _pair_key(common, pair, judgement))
    for task in dict.fromkeys(task for group in judgement.evidence.groups for task in group.task_ids):
        yield Part(f"problem:{task}", digest(common, problem_inputs(task, judgement)))


def pair_name(base_id: str, candidate_id: str) -> str:
    """Return the name of the part that holds the comparison of two runs."""
    return f"pair:{base_id}\n{candidate_id}"


def pair_of(name: str) -> tuple[str, str]:
    """Return the ids of the two runs in a part's name."""
    base, _, candidate = name.removeprefix("pair:").partition("\n")
    return base, candidate


def digest(*parts: str) -> str:
    """Hash some texts, their limits included."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def common_key(options: SiteOptions) -> str:
    """Hash what every page depends on: this program, its templates, its libraries, the options."""
    package = Path(evalsite.__file__).parent
    folders = (
        *(package / name for name in ("site", "stats", "rundir", "counts", "report", "words")),
        *map(asset_dir, ("templates", "static")),
    )
    sources = [path for folder in folders for path in sorted(folder.rglob("*")) if _is_source(path)]
    chosen = [(field.name, getattr(options, field.name)) for field in fields(options)]
    return digest(
        evalsite.__version__,
        *(f"{name} {version(name)}" for name in _INPUTS),
        *(hashlib.sha256(path.read_bytes()).hexdigest() for path in sources),
        repr([(name, value) for name, value in chosen if name not in _NOT_ON_PAGES]),
        f"cards {cards.can_draw()}",
    )


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def _run_key(common: str, entry: LoadedRun, judgement: Judgement) -> str:
    """Hash what one run's pages depend on: its files, the baseline's, and what is said of it."""
    baseline = judgement.baseline_of(entry)
    urls = judgement.evidence.urls
    return digest(
        common,
        entry.digest,
        baseline.digest if baseline else "",
        urls.runs[baseline.id] if baseline else "",
        urls.runs[entry.id],
        *(urls.tasks[task] for task in entry.task_ids),
        repr(judgement.sentences(entry)),
        repr(judgement.reservations(entry)),
        judgement.side(entry),
        judgement.compare_path(entry),
        judgement.evidence.group_of(entry).label,
    )


def _pair_key(common: str, pair: tuple[LoadedRun, LoadedRun], judgement: Judgement) -> str:
    """Hash what the pages of a comparison depend on: both runs' files, and what was concluded."""
    base, candidate = pair
    found = judgement.comparisons[base.id, candidate.id]
    urls, group = judgement.evidence.urls, judgement.evidence.group_of(base)
    return digest(
        common,
        base.digest,
        candidate.digest,
        urls.compare(base.id, candidate.id),
        group.label,
        *(urls.tasks[task] for task in group.task_ids),
        repr((found.numbers, found.flips, found.shift, found.conditions)),
        repr((found.noise_floor, found.headline, found.notes)),
    )
