"""All pages of a site, in the order they are made: (template, frame, view) triples and plain files."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.samples import read_samples
from evalsite.rundir.store import COMPLETIONS, PROBLEMS, RUN, SUMMARY, VERDICTS
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.samples import Glance, batches, glances, neighbours
from evalsite.site.urls import NOT_FOUND
from evalsite.site.views.common import Crumb, Frame
from evalsite.site.views.compare import compare_view
from evalsite.site.views.flip import FlipContext, contenders, flip_view, has_page
from evalsite.site.views.leaderboard import leaderboard_view
from evalsite.site.views.methods import methods_view
from evalsite.site.views.problem import problem_view
from evalsite.site.views.problem_in_run import (
    Neighbours,
    PageContext,
    Peer,
    problem_in_run_view,
)
from evalsite.site.views.run import Download, Published, failing_tasks, run_view
from evalsite.site.views.targets import targets_view
from evalsite.stats.compare import RunComparison, grouped
from evalsite.words import cells
from evalsite.words.text import plural


@dataclass(frozen=True)
class Page:
    """A template with what it receives. ``view`` is one of the dataclasses of :mod:`evalsite.site.views`."""

    template: str
    frame: Frame
    view: Any


_HOLDS = {
    RUN: "who was asked what, how and where",
    SUMMARY: "counts for every problem",
    PROBLEMS: "prompts, tests, reference solutions",
    COMPLETIONS: "raw answers",
    VERDICTS: "programs, verdicts, errors",
}


def index_pages(judgement: Judgement, options: SiteOptions) -> Iterator[Page]:
    """Make the pages that look at all runs together."""
    yield Page("leaderboard.html", *leaderboard_view(judgement, options))
    yield Page("targets.html", *targets_view(judgement))
    yield Page("methods.html", *methods_view(judgement))
    yield Page(
        "404.html", Frame(NOT_FOUND, "No page here", "Nothing stands at this address.", script="404"), None
    )


def problem_page(task_id: str, judgement: Judgement) -> Page:
    """Make the page of one problem across runs."""
    return Page("problem.html", *problem_view(task_id, judgement))


@dataclass(frozen=True)
class PairPages:
    """The pages of one comparison. Of the runs' samples only those are kept that show a flip."""

    pair: tuple[LoadedRun, LoadedRun]
    judgement: Judgement
    options: SiteOptions

    def pages(self) -> Iterator[Page]:
        """Make the comparison's page, then one for each problem that went over the half."""
        flips = [flip for group in grouped(self._found.flips).values() for flip in group]
        base, candidate = (self._glances(entry, {flip.task_id for flip in flips}) for entry in self.pair)
        sides = {
            flip.task_id: contenders(flip, self.pair, (base, candidate))
            for flip in flips
            if flip.task_id in base and flip.task_id in candidate
        }
        yield Page("compare.html", *compare_view(self.pair, self.judgement, sides))
        urls, group = self.judgement.evidence.urls, self.judgement.evidence.group_of(self.pair[0])
        entry_points = {problem.task_id: problem.entry_point for problem in group.problems}
        paged = [flip for flip in flips if flip.task_id in sides and has_page(flip, self.pair, urls)]
        for flip in paged:
            around = neighbours([other.task_id for other in paged], flip.task_id)
            context = FlipContext(urls, Crumb(group.label, f"#{group.anchor}"), entry_points[flip.task_id])
            yield Page("flip.html", *flip_view(flip, sides[flip.task_id], around, context))

    @property
    def _found(self) -> RunComparison:
        base, candidate = self.pair
        return self.judgement.comparisons[base.id, candidate.id]

    def _glances(self, entry: LoadedRun, tasks: Container[str]) -> dict[str, Glance]:
        verdicts = (verdict for verdict in entry.dir.verdicts() if verdict.problem in tasks)
        return glances(verdicts, entry.run, self.options)


@dataclass(frozen=True)
class RunPages:
    """The pages of one run. Its samples are read a few problems at a time."""

    entry: LoadedRun
    judgement: Judgement
    options: SiteOptions
    markdown: Callable[[str], Markup]
    card: str = ""

    def pages(self) -> Iterator[Page]:
        """Make the run's page, then one for each of its problems unless the run is archived."""
        group = self.judgement.evidence.group_of(self.entry)
        notes = self.entry.dir.read_notes()
        yield Page(
            "run.html",
            *run_view(
                self.entry,
                group,
                self.judgement,
                self.entry.dir.completions(),
                self.markdown(notes) if notes.strip() else Markup(),
                Published(self.downloads(), self._shown(), self.card),
            ),
        )
        if not self._archived:
            yield from self._problem_pages()

    def _problem_pages(self) -> Iterator[Page]:
        peers = self._peers()
        context = PageContext(self.entry, self.judgement.evidence.urls, self.options)
        tasks = self.entry.task_ids
        failed = failing_tasks(self.entry.summary.tallies)
        problems = {problem.task_id: problem for problem in self.entry.dir.problems()}
        for batch in batches(self.entry.summary.tallies):
            asked = {task: problems[task] for task in tasks if task in batch}
            samples = read_samples(self.entry.dir, asked)
            for task in asked:
                around = Neighbours(*neighbours(tasks, task), *_nearest(tasks, failed, task))
                own, peer = samples.pop(task, []), peers.get(task)
                yield Page(
                    "problem_in_run.html", *problem_in_run_view(context, problems[task], own, around, peer)
                )

    def downloads(self) -> tuple[Download, ...]:
        """Return what the run's page offers to take away: its own files, and its problems as a table."""
        path = f"{self.judgement.evidence.urls.run(self.entry.id)}problems.csv"
        return (
            Download(path, "problems.csv", "", "counts for every problem, for spreadsheets"),
            *self.copies(),
        )

    def copies(self) -> tuple[Download, ...]:
        """Return the run's files that are published as they are."""
        if not self.options.downloads or self._archived:
            return ()
        stem = f"{self.judgement.evidence.urls.run(self.entry.id)}files/"
        found = [
            (name, self.entry.dir.path / name) for name in _HOLDS if (self.entry.dir.path / name).is_file()
        ]
        return tuple(
            Download(f"{stem}{name}", name, cells.size(path.stat().st_size), _HOLDS[name])
            for name, path in found
        )

    @property
    def _archived(self) -> bool:
        return self.entry.id in self.judgement.evidence.urls.archived

    def _shown(self) -> str:
        """Say how much of the run its pages show, where that is not all."""
        if self._archived:
            return "Archived: its samples are counted, and not shown."
        own = glances(self.entry.dir.verdicts(), self.entry.run, self.options).values()
        total, left = sum(one.count for one in own), sum(len(one.shown) for one in own)
        return f"{left:,} of {plural(total, 'sample')} shown, all counted." if left < total else ""

    def _peers(self) -> dict[str, Peer]:
        """What the baseline did with each problem; empty where there is none."""
        baseline = self.judgement.baseline_of(self.entry)
        if baseline is None:
            return {}
        seen = glances(baseline.dir.verdicts(), baseline.run, self.options)
        return {task: Peer(baseline, glance) for task, glance in seen.items()}


def _nearest(tasks: tuple[str, ...], failed: tuple[str, ...], task: str) -> tuple[str | None, str | None]:
    """The nearest failures before and after a problem, which itself may have failed or not."""
    place = {name: number for number, name in enumerate(tasks)}
    here = place[task]
    before = [name for name in failed if place[name] < here]
    after = [name for name in failed if place[name] > here]
    return (before[-1] if before else None), (after[0] if after else None)
