"""The pages of one run: its own, one for each of its problems, its picture, its table and its files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from markupsafe import Markup

from evalsite.counts.samples import read_samples
from evalsite.rundir.beside import incidents
from evalsite.rundir.regular import PACKED
from evalsite.rundir.steps import read_steps
from evalsite.rundir.store import COMPLETIONS, LOOKS, PROBLEMS, RUN, STEPS, SUMMARY, TURNS, VERDICTS
from evalsite.site.cards.canvas import SMALL, WIDTH
from evalsite.site.cards.faces import run_card
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.exports.failures import failures_json
from evalsite.site.exports.records import problems_table
from evalsite.site.options import SiteOptions
from evalsite.site.output.packs import PACK
from evalsite.site.output.render import render_markdown
from evalsite.site.parts.base import Copy, Data, File, Packed, unfurled
from evalsite.site.parts.packable import Bulk, Packable
from evalsite.site.subjects.failures import Collector, room_for_code
from evalsite.site.subjects.runs import RunSubject, bytes_of
from evalsite.site.subjects.samples import answers_without_program, batches, glances
from evalsite.site.views.beside import prompt_lines
from evalsite.site.views.failures import failures_of_run
from evalsite.site.views.frame import Page
from evalsite.site.views.problem_in_run import PageContext, Peer, neighbours_of, problem_in_run_page
from evalsite.site.views.run import Download, Published, run_page
from evalsite.words import cells
from evalsite.words.sentences import count
from evalsite.words.text import shorten

MOST_NOTES = 100_000
"""Characters of a run's notes that are shown."""
_OWN = 150_000
"""About the bytes of a run's page, its list of failures and its card."""
_HOLDS = {
    RUN: "who was asked what, how and where",
    SUMMARY: "counts for every problem",
    PROBLEMS: "prompts, tests, reference solutions",
    COMPLETIONS: "raw answers",
    TURNS: "answers of a second turn",
    STEPS: "transcripts of agents, step by step",
    VERDICTS: "programs, verdicts, errors",
    LOOKS: "when a verdict was asked for",
}


@dataclass(frozen=True)
class RunPart(Packable):
    """One run. Its samples are read a few problems at a time."""

    what = "runs"
    subject: RunSubject

    @classmethod
    def all_of(cls, judgement: Judgement) -> "Iterator[RunPart]":
        """Every run."""
        for run in judgement.evidence.entries:
            yield cls(RunSubject.of(run, judgement))

    @property
    def name(self) -> str:
        """By the run's id."""
        return f"run:{self.subject.run.id}"

    @property
    def listed(self) -> tuple[str, ...]:
        """Its own page."""
        return (self._path,)

    @property
    def _path(self) -> str:
        return self.subject.urls.run(self.subject.run.id)

    @property
    def runs(self) -> tuple[str, ...]:
        """The one."""
        return (self.subject.run.id,)

    def formed(self, *, packed: bool) -> "RunPart":
        """Return the same, packed or not."""
        return replace(self, subject=replace(self.subject, packed=packed))

    def bulk(self, options: SiteOptions) -> Bulk:
        """A page for each problem, with all that the run's files hold; the files themselves."""
        files = bytes_of(self.subject.run)
        return Bulk(_OWN, len(self.subject.run.asked_ids), files, files if options.downloads else 0)

    def files(self, options: SiteOptions) -> Iterator[File]:
        """The run's page comes first; an archived run has no files, and packed pages, if any."""
        run = self.subject.run
        table = Data(self.subject.urls.problems_table(run.id), problems_table(run))
        shown = not (self.subject.archived or self.subject.packed)
        copies = list(self._copies()) if options.downloads and shown else []
        notes = shorten(run.dir.read_notes(), MOST_NOTES)
        told, failures = self._failures(options)
        page = run_page(
            self.subject,
            run.dir.completions(),
            incidents(run.dir),
            render_markdown(notes) if notes.strip() else Markup(),
            Published(_downloads(table, copies), told),
        )
        width = SMALL if self.subject.packed else WIDTH
        yield from unfurled(page, options, lambda: run_card(self.subject, options.title), width)
        if self.subject.packed:
            pages = ((page, self._path) for page in failures if isinstance(page, Page))
            yield Packed(f"{self._path}{PACK}", chain(self._problem_pages(options), pages))
            yield from (file for file in failures if not isinstance(file, Page))
        else:
            if not self.subject.archived:
                yield from (page for page, _ in self._problem_pages(options))
            yield from failures
        yield table
        yield from copies

    def _copies(self) -> Iterator[Copy]:
        stands = dict(self.subject.run.dir.files())
        for name in filter(stands.__contains__, _HOLDS):
            yield Copy(f"{self._path}files/{stands[name].name}", stands[name])

    def _problem_pages(self, options: SiteOptions) -> Iterator[tuple[Page, str]]:
        """Make each problem's page, with the path of its row on the run's own."""
        run, peers = self.subject.run, self._peers(options)
        context = PageContext(self.subject, options)
        problems = {problem.task_id: problem for problem in run.dir.problems()}
        around = neighbours_of(run.summary.tallies)
        for batch in batches(run.summary.tallies):
            asked = {task: problems[task] for task in run.asked_ids if task in batch}
            samples = read_samples(run.dir, asked)
            steps = read_steps(run.dir, asked)
            for task, problem in asked.items():
                own = samples.pop(task, [])
                view = problem_in_run_page(context, problem, own, around[task], peers.get(task), steps)
                yield view, f"{self._path}#{self.subject.urls.row(task)}"

    def _failures(self, options: SiteOptions) -> tuple[str, list[File]]:
        """Say how much of the run its pages show, where that is not all, and list its failures."""
        if self.subject.archived:
            return "Archived: its samples are counted, and not shown.", []
        run = self.subject.run
        prompts = {problem.task_id: prompt_lines(problem) for problem in run.dir.problems()}
        collector = Collector(prompts, room_for_code(run.num_samples - int(run.c.sum())))
        own = glances(collector.watch(run.dir.verdicts()), run.run, options)
        total, left = sum(one.count for one in own.values()), sum(len(one.shown) for one in own.values())
        told = f"{left:,} of {count(total, 'sample')} shown, all counted." if left < total else ""
        # A damaged file may lack problems that verdicts name.
        rows = [row for row in collector.rows(run.asked_ids) if row.problem in prompts]
        page = failures_of_run(self.subject, rows, {task: one.shown for task, one in own.items()})
        data = Data(self.subject.urls.failures_data(run.id), failures_json(run, rows, collector.most_code))
        return told, [page, data]

    def _peers(self, options: SiteOptions) -> dict[str, Peer]:
        """What the baseline did with each problem; empty where there is none."""
        baseline = self.subject.baseline
        if baseline is None:
            return {}
        seen = glances(baseline.dir.verdicts(), baseline.run, options)
        archived = baseline.id in self.subject.urls.archived
        flips = frozenset[str]() if archived else self.subject.flips
        shown = (verdict for glance in seen.values() for verdict in glance.examples.values())
        answers = answers_without_program(baseline.dir, shown)
        return {task: Peer(baseline, glance, task in flips, answers) for task, glance in seen.items()}


def _downloads(table: Data, copies: list[Copy]) -> tuple[Download, ...]:
    """What the run's page offers to take away: its problems as a table, and its own files."""
    return (
        Download(table.path, "problems.csv", "", "counts for every problem, for spreadsheets"),
        *(
            Download(
                one.path,
                one.source.name,
                cells.size(one.source.stat().st_size),
                _HOLDS[one.source.name.removesuffix(PACKED)],
            )
            for one in copies
        ),
    )
