"""One problem in one run: what was asked, and every sample with its code, verdict and error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.samples import Sample
from evalsite.kinds.editing import readable
from evalsite.languages import language_of
from evalsite.report.sample import Pasted, as_block, as_issue
from evalsite.rundir.answers import answer_text
from evalsite.rundir.schema import Completion, Problem, Tally, Verdict
from evalsite.rundir.steps import Steps
from evalsite.rundir.store import Key
from evalsite.site.code.folding import Block, blocks
from evalsite.site.code.highlighting import numbered, plain_lines
from evalsite.site.options import SiteOptions
from evalsite.site.subjects.runs import RunSubject
from evalsite.site.subjects.samples import Fold, Glance, contrast, fold, glances, shown
from evalsite.site.urls import Urls, anchor_of, last_turn
from evalsite.site.views.beside import Beside, Chip, Contender, beside, prompt_lines
from evalsite.site.views.edits import FileDiff, diffs_of
from evalsite.site.views.frame import Crumb, Fact, Frame, Page
from evalsite.site.views.marks import Mark, verdict_mark
from evalsite.site.views.symptoms import symptom_fact
from evalsite.site.views.task import Task, task_of
from evalsite.site.views.transcripts import TranscriptView, transcript_of
from evalsite.site.views.trouble import MAX_TEXT, Trouble, trouble_of
from evalsite.words import cells
from evalsite.words.sentences import count, passes
from evalsite.words.text import ranges, shorten


@dataclass(frozen=True)
class SampleView:
    """Samples folded into one: the first is shown, ``others`` have the same program and fate."""

    number: int
    others: tuple[int, ...]
    numbers: str
    mark: Mark
    trouble: Trouble
    code: tuple[Block, ...]
    diffs: tuple[FileDiff, ...]
    """What the edit changed, where the answer was one."""
    transcript: TranscriptView | None
    """What an agent did; None where none was asked."""
    again: str
    """What was sent back after a first answer that failed, and the second answer; empty without one."""
    output: str
    facts: tuple[Fact, ...]
    raw: str
    """The model's answer as it came; empty where the program holds it unchanged, or it was not kept."""
    reasoning: str
    markdown: str
    """What is copied as Markdown; its link is the sample's anchor, which the page's script makes whole."""
    issue: str
    """Address of a prefilled GitHub issue, or empty."""


@dataclass(frozen=True)
class ProblemInRunView:
    """The context of ``pages/problem_in_run.html``."""

    task_id: str
    name: str
    """What the run is called."""
    model_path: str
    dataset: str
    run_id: str
    tally: str
    """How many samples passed, in words."""
    shown: str
    """How many samples are shown, where that is not all."""
    missing: str
    excluded: str
    """Why the problem counts in no score; empty where it does."""
    chips: tuple[Chip, ...]
    before: Crumb | None
    after: Crumb | None
    failure_before: Crumb | None
    failure_after: Crumb | None
    across: str
    task: Task
    samples: tuple[SampleView, ...]
    baseline: Beside | None
    """The same problem in the baseline; None where this is the baseline, or it was not asked there."""
    flip: str
    """Path of the page with both programs, where the problem changed sides; empty where it has none."""
    permalink: str
    """The page's address for use elsewhere; empty while the site does not know where it stands."""


@dataclass(frozen=True)
class Neighbours:
    """The problems around this one, and the nearest that failed."""

    before: str | None
    after: str | None
    failure_before: str | None
    failure_after: str | None


@dataclass(frozen=True)
class Peer:
    """What the baseline did with the same problem."""

    entry: LoadedRun
    glance: Glance
    changed_sides: bool
    """Whether the comparison has a page of this problem."""
    answers: Mapping[tuple[str, int], Completion]
    """Of samples without a program."""


@dataclass(frozen=True)
class PageContext:
    """What all problem pages of one run share."""

    subject: RunSubject
    options: SiteOptions

    @property
    def entry(self) -> LoadedRun:
        """The run."""
        return self.subject.run

    @property
    def urls(self) -> Urls:
        """Where pages stand that these lead to."""
        return self.subject.urls


def neighbours_of(tallies: Sequence[Tally]) -> dict[str, Neighbours]:
    """Return what stands around each problem of a run."""
    tasks = [tally.problem for tally in tallies]
    failed = [tally.problem if tally.failures else None for tally in tallies]
    return {
        task: Neighbours(
            before=tasks[at - 1] if at else None,
            after=tasks[at + 1] if at + 1 < len(tasks) else None,
            failure_before=next(filter(None, reversed(failed[:at])), None),
            failure_after=next(filter(None, failed[at + 1 :]), None),
        )
        for at, task in enumerate(tasks)
    }


def problem_in_run_page(
    context: PageContext,
    problem: Problem,
    samples: Sequence[Sample],
    around: Neighbours,
    peer: Peer | None,
    steps: Mapping[Key, Steps],
) -> Page:
    """Make the page of one problem in one run; ``steps``: what agents did, of these samples and of others."""
    entry, urls, run = context.entry, context.urls, context.entry.run
    chosen = shown(samples, run, context.options)
    folds = fold(chosen)
    passed = sum(sample.passed for sample in samples)
    path = urls.problem_in_run(entry.id, problem.task_id)
    permalink = f"{context.options.base_url}{path}" if context.options.site_url else ""

    def crumb(task: str | None) -> Crumb | None:
        return Crumb(task, urls.problem_in_run(entry.id, task)) if task else None

    tally = next(tally for tally in entry.summary.tallies if tally.problem == problem.task_id)
    none = "not graded yet" if entry.is_ungraded else "no sample yet"
    lacking = 0 if entry.is_ungraded else tally.missing
    anchors = {number: group.first.number for group in folds for number in group.numbers}
    view = ProblemInRunView(
        task_id=problem.task_id,
        name=context.subject.name,
        model_path=urls.run(entry.id),
        dataset=run.dataset.name,
        run_id=entry.id,
        tally=passes(passed, len(samples)) if samples else none,
        shown=f"{len(chosen)} of {len(samples)} shown, all counted" if len(chosen) < len(samples) else "",
        missing=f"{count(lacking, 'sample')} missing" if lacking else "",
        excluded=entry.excluded.get(problem.task_id, ""),
        chips=tuple(
            Chip(sample.number, f"{path}#s{sample.number}", verdict_mark(sample.verdict.verdict))
            for sample in samples
            if sample.number in anchors
        ),
        before=crumb(around.before),
        after=crumb(around.after),
        failure_before=crumb(around.failure_before),
        failure_after=crumb(around.failure_after),
        across=urls.problem(problem.task_id),
        task=task_of(problem),
        samples=tuple(_sample_view(group, problem, context, permalink, steps) for group in folds),
        baseline=_baseline(peer, samples, problem, context) if peer else None,
        flip=urls.flip(peer.entry.id, entry.id, problem.task_id) if peer and peer.changed_sides else "",
        permalink=permalink,
    )
    return Page("pages/problem_in_run.html", _frame(context, problem.task_id, view.tally), view)


def _frame(context: PageContext, task_id: str, tally: str) -> Frame:
    name, dataset = context.subject.name, context.subject.dataset
    path = context.urls.problem_in_run(context.entry.id, task_id)
    return Frame(
        path=path,
        title=f"{task_id} · {name}",
        description=f"{name} on {task_id}: {tally}.",
        crumbs=(
            Crumb(dataset.label, dataset.path),
            Crumb(name, context.urls.run(context.entry.id)),
            Crumb(task_id, path),
        ),
        private=True,
        script="problem",
    )


def _sample_view(
    group: Fold, problem: Problem, context: PageContext, permalink: str, steps: Mapping[Key, Steps]
) -> SampleView:
    sample, language = group.first, language_of(problem)
    verdict, completion = readable(sample.verdict, language.comment), sample.completion
    text = answer_text(completion) if completion else ""
    raw = text if text.strip() not in verdict.program else ""
    code = numbered(verdict.program, language, verdict.line)
    plain = plain_lines(verdict.program, language)
    options, run = context.options, context.entry.run
    anchor = anchor_of(sample.number, last_turn(verdict))
    told = bool(options.repository and permalink and not sample.passed)
    return SampleView(
        number=sample.number,
        others=group.numbers[1:],
        numbers=ranges(group.numbers),
        mark=verdict_mark(verdict.verdict),
        trouble=trouble_of(verdict, language, len(code)),
        code=blocks(code, plain, prompt_lines(problem)),
        diffs=diffs_of(problem, sample.verdict.program),
        transcript=transcript_of(verdict, steps.get((problem.task_id, sample.number))),
        again=shorten(_again(completion), MAX_TEXT),
        output=shorten(verdict.output, MAX_TEXT),
        facts=_facts(sample),
        raw=shorten(raw, MAX_TEXT),
        reasoning=shorten(completion.reasoning, MAX_TEXT) if completion else "",
        markdown=as_block(Pasted(verdict, run, language, anchor)),
        issue=as_issue(
            Pasted(verdict, run, language, permalink + anchor), options.repository_url, options.issue_form
        )
        if told
        else "",
    )


def _again(completion: Completion | None) -> str:
    if completion is None or not completion.again:
        return ""
    return f"{completion.again.said}\n\n[the second answer]\n\n{completion.again.text}"


def _facts(sample: Sample) -> tuple[Fact, ...]:
    return (*_answer_facts(sample), *symptom_fact(sample.verdict), *_execution_facts(sample.verdict))


def _answer_facts(sample: Sample) -> Iterator[Fact]:
    completion = sample.completion
    if completion is None:
        return
    if completion.completion_tokens is not None:
        about = "about " if completion.tokens_from == "shared" else ""
        yield Fact("tokens", f"{about}{completion.completion_tokens:,}")
    if completion.latency_s is not None:
        yield Fact("latency", cells.seconds(completion.latency_s))
    if completion.finish_reason:
        yield Fact("finish", completion.finish_reason)
    text, program = completion.text.strip(), sample.verdict.program
    if text and (at := program.find(text)) > 0:
        yield Fact("answer", f"as it came, from line {program.count(chr(10), 0, at) + 1}")


def _execution_facts(verdict: Verdict) -> Iterator[Fact]:
    if verdict.rule:
        yield Fact("extraction", verdict.rule)
    if verdict.wall_s:  # what could not be run took no time
        yield Fact("CPU", cells.seconds(verdict.cpu_s))
        yield Fact("wall", cells.seconds(verdict.wall_s))
    if verdict.peak_mib is not None:
        yield Fact("memory", f"{verdict.peak_mib:.0f} MiB")
    if verdict.exit_status not in (None, 0):
        yield Fact("exit status", str(verdict.exit_status))
    if verdict.edit and verdict.edit.turns:
        yield Fact("turns", ", then ".join(turn.words for turn in verdict.edit.turns))
    if verdict.in_process:
        yield Fact("tests", "in the program's own process")
    if verdict.retried:
        yield Fact(
            "run", "twice: something had killed it, or its reference solution needs more than the limit"
        )


def _baseline(peer: Peer, samples: Sequence[Sample], problem: Problem, context: PageContext) -> Beside | None:
    """Put a sample of the baseline beside one of this run; None before there is one."""
    run = context.entry.run
    own = glances((sample.verdict for sample in samples), run, context.options)
    if not own:
        return None
    (glance,) = own.values()
    base, candidate = contrast(peer.glance, glance)
    answer = next(sample.completion for sample in samples if sample.number == candidate.sample)
    theirs = peer.answers.get((base.problem, base.sample))
    sides = (
        Contender(peer.entry, peer.glance, base, theirs),
        Contender(context.entry, glance, candidate, answer),
    )
    names = context.subject.baseline_name, context.subject.name
    return beside(*sides, problem, context.urls, names)
