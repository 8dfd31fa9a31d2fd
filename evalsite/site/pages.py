"""All pages of a site, in the order they are made: (template, frame, view) triples and plain files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import COMPLETIONS, PROBLEMS, RUN, SUMMARY, VERDICTS
from evalsite.site import numbers
from evalsite.site.evidence import RunEntry
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.samples import Sample, neighbours, read_samples, showcases
from evalsite.site.text import plural
from evalsite.site.urls import NOT_FOUND
from evalsite.site.views.common import Frame
from evalsite.site.views.compare import compare_view
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
    entries = {entry.id: entry for entry in judgement.evidence.entries}
    for base, candidate in judgement.comparisons:
        yield Page("compare.html", *compare_view((entries[base], entries[candidate]), judgement))
    yield from _problem_pages(judgement)
    yield Page(
        "404.html", Frame(NOT_FOUND, "No page here", "Nothing stands at this address.", script="404"), None
    )


def _problem_pages(judgement: Judgement) -> Iterator[Page]:
    made = set()
    for group in judgement.evidence.groups:
        for task_id in group.task_ids:
            if task_id not in made:
                made.add(task_id)
                yield Page(
                    "problem.html", *problem_view(task_id, judgement, *neighbours(group.task_ids, task_id))
                )


@dataclass(frozen=True)
class RunPages:
    """The pages of one run. Its samples are read once, when the first page asks for them."""

    entry: RunEntry
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
                (
                    sample.completion
                    for samples in self._samples.values()
                    for sample in samples
                    if sample.completion
                ),
                self.markdown(notes) if notes.strip() else Markup(),
                Published(self.downloads(), self._shown(), self.card),
            ),
        )
        if not self._archived:
            yield from self._problem_pages()

    def _problem_pages(self) -> Iterator[Page]:
        peers = self._peers()
        context = PageContext(self.entry, self.judgement.evidence.urls, self.options)
        tasks = self.entry.facts.task_ids
        failed = failing_tasks(self.entry.facts.summary.tallies)
        for problem in self.entry.dir.problems():
            around = Neighbours(
                *neighbours(tasks, problem.task_id), *_nearest(tasks, failed, problem.task_id)
            )
            samples = self._samples.get(problem.task_id, [])
            peer = peers.get(problem.task_id)
            yield Page("problem_in_run.html", *problem_in_run_view(context, problem, samples, around, peer))

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
            Download(f"{stem}{name}", name, numbers.size(path.stat().st_size), _HOLDS[name])
            for name, path in found
        )

    @property
    def _archived(self) -> bool:
        return self.entry.id in self.judgement.evidence.urls.archived

    def _shown(self) -> str:
        """Say how much of the run its pages show, where that is not all."""
        if self._archived:
            return "Archived: its samples are counted, and not shown."
        context = PageContext(self.entry, self.judgement.evidence.urls, self.options)
        samples = self._samples.values()
        total = sum(map(len, samples))
        shown = sum(len(context.choose(each)) for each in samples)
        return f"{shown:,} of {plural(total, 'sample')} shown, all counted." if shown < total else ""

    @cached_property
    def _samples(self) -> dict[str, list[Sample]]:
        return read_samples(self.entry.dir)

    def _peers(self) -> dict[str, Peer]:
        """What the baseline did with each problem; empty where there is none."""
        baseline = self.judgement.baseline_of(self.entry)
        if baseline is None:
            return {}
        verdicts: dict[str, Verdict] = showcases(baseline.dir.verdicts())
        return {
            tally.problem: Peer(baseline, verdicts[tally.problem], tally.n, tally.c)
            for tally in baseline.facts.summary.tallies
            if tally.problem in verdicts
        }


def _nearest(tasks: tuple[str, ...], failed: tuple[str, ...], task: str) -> tuple[str | None, str | None]:
    """The nearest failures before and after a problem, which itself may have failed or not."""
    place = {name: number for number, name in enumerate(tasks)}
    here = place[task]
    before = [name for name in failed if place[name] < here]
    after = [name for name in failed if place[name] > here]
    return (before[-1] if before else None), (after[0] if after else None)
