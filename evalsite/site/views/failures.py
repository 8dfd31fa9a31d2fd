"""Failures as a list that filters: those of a run by class, problems of two runs by what became of them."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalsite.report.sample import MAX_HEADLINE
from evalsite.rundir.schema import Tally
from evalsite.rundir.symptoms import Symptom
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.subjects.failures import Facets, FailureRow, address
from evalsite.site.subjects.runs import DatasetSubject, PairSubject, RunSubject
from evalsite.site.views.frame import Crumb, Frame, Page
from evalsite.site.views.marks import Mark, verdict_mark
from evalsite.words.sentences import count
from evalsite.words.text import ranges, shorten

BROKEN, FIXED, BOTH_FAIL, BOTH_PASS = "broken", "fixed", "both_fail", "both_pass"
CHANGES: dict[str, tuple[Mark, str]] = {
    BROKEN: (
        Mark("bad", "✗", "Broken"),
        "the baseline passes at least half of the samples, the candidate fewer",
    ),
    FIXED: (Mark("good", "✓", "Fixed"), "the other way round"),
    BOTH_FAIL: (Mark("bad", "✗", "Both fail"), "both pass fewer than half of the samples"),
    BOTH_PASS: (Mark("good", "✓", "Both pass"), "both pass at least half of the samples"),
}
"""What became of a problem, as addresses have it -> its mark, and what it means."""


@dataclass(frozen=True)
class Choice:
    """Something to filter by, with how many rows or samples have it."""

    facet: str
    """As in the address: ``class=timeout``."""
    words: str
    number: int


@dataclass(frozen=True)
class Choices:
    """What can be chosen of one kind; ``sections`` where each has a section of the list."""

    name: str
    key: str
    options: tuple[Choice, ...]
    sections: bool


@dataclass(frozen=True)
class ListRow:
    """A row of the list."""

    problem: str
    function: str
    path: str
    told: str
    """Which samples, or how many."""
    errors: tuple[str, ...]
    facets: str
    """All that it can be filtered by, with blanks between."""
    weight: int
    """Samples that it stands for, or 1 for a problem."""


@dataclass(frozen=True)
class ListSection:
    """Rows that stand together without scripts."""

    facet: str
    mark: Mark
    meaning: str
    number: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True)
class FailuresView:
    """The context of ``pages/failures.html``."""

    title: str
    told: str
    back: Crumb
    noun: str
    """What is counted: ``sample`` or ``problem``."""
    choices: tuple[Choices, ...]
    sections: tuple[ListSection, ...]
    data: tuple[Crumb, ...]
    """The same for machines, in which texts are looked for; whose it is, and its path."""


def failures_of_run(
    subject: RunSubject, rows: Sequence[FailureRow], shown: Mapping[str, frozenset[int]]
) -> Page:
    """The failed samples of one run, by class; ``shown``: problem -> samples that its page shows."""
    run, urls, problems = subject.run, subject.urls, {one.task_id: one for one in subject.run.dir.problems()}

    def row_of(row: FailureRow) -> ListRow:
        numbers = [one.sample for one in row.samples]
        seen = next((number for number in numbers if number in shown.get(row.problem, ())), None)
        errors = list(dict.fromkeys(one.error for one in row.samples if one.error))
        more = [f"and {count(len(errors) - 1, 'other message')}"] if len(errors) > 1 else []
        return ListRow(
            problem=row.problem,
            function=problems[row.problem].entry_point if row.problem in problems else "",
            path=urls.problem_in_run(run.id, row.problem, seen),
            told=("sample " if len(numbers) == 1 else "samples ") + ranges(numbers),
            errors=(*errors[:1], *more),
            facets=_spaced(row.facets),
            weight=len(numbers),
        )

    sections = []
    for verdict in dict.fromkeys(row.verdict for row in rows):
        own = tuple(row_of(row) for row in rows if row.verdict is verdict)
        meaning = verdict.meaning.format(language=subject.dataset.languages)
        samples, tasks = sum(one.weight for one in own), {one.problem for one in own}
        number = f"{count(samples, 'sample')} of {count(len(tasks), 'problem')}"
        sections.append(ListSection(f"class={verdict}", verdict_mark(verdict), meaning, number, own))
    failed = sum(len(row.samples) for row in rows)
    view = FailuresView(
        title=f"Failures of {subject.name}",
        told=f"{failed:,} of {count(run.num_samples, 'sample')} failed on {subject.dataset.label}.",
        back=Crumb("The run", urls.run(run.id)),
        noun="sample",
        choices=_choices(((row.facets, len(row.samples)) for row in rows), {"class": "Class"}, _MORE),
        sections=tuple(sections),
        data=(Crumb(subject.name, urls.failures_data(run.id)),),
    )
    crumbs = (Crumb(subject.name, urls.run(run.id)), Crumb("failures", urls.failures(run.id)))
    return _page(view, subject.dataset, crumbs)


_MORE = {"exception": "Exception", "symptom": "Symptom"}
_OF_PAIR = {"class": "The candidate's class", "was": "The baseline's class", **_MORE}


def failures_of_pair(
    subject: PairSubject, rows: tuple[Sequence[FailureRow], Sequence[FailureRow]], paged: Container[str]
) -> Page:
    """Every problem that both runs have, by what became of it; ``paged``: those with a page of their own."""
    (base, candidate), urls = subject.pair, subject.urls
    made = list(_pair_rows(subject, rows, paged))
    sections = []
    for change, (mark, meaning) in CHANGES.items():
        facet = ("status", change)
        own = tuple(row for row, facets in made if facet in facets)
        if own:
            sections.append(ListSection(address((facet,)), mark, meaning, count(len(own), "problem"), own))
    view = FailuresView(
        title=f"Problems of {subject.title}",
        told=f"{count(len(made), 'problem')} of {subject.dataset.label} that both have samples of.",
        back=Crumb("The comparison", subject.path),
        noun="problem",
        choices=_choices(((facets, 1) for _, facets in made), {"status": "What became of it"}, _OF_PAIR),
        sections=tuple(sections),
        data=tuple(Crumb(subject.name_of(run), urls.failures_data(run.id)) for run in subject.pair),
    )
    crumbs = (
        Crumb(subject.names[1], urls.run(candidate.id)),
        Crumb(subject.against, subject.path),
        Crumb("all problems", urls.failures_of_pair(base.id, candidate.id)),
    )
    return _page(view, subject.dataset, crumbs)


def _pair_rows(
    subject: PairSubject, rows: tuple[Sequence[FailureRow], Sequence[FailureRow]], paged: Container[str]
) -> Iterator[tuple[ListRow, Facets]]:
    """The problems that both runs have samples of, in the data set's order."""
    (base, candidate), urls = subject.pair, subject.urls
    here, there = ({tally.problem: tally for tally in run.summary.tallies if tally.n} for run in subject.pair)
    before, after = map(_by_problem, rows)
    problems = {one.task_id: one for one in candidate.dir.problems()}
    for task in (task for task in subject.dataset.task_ids if task in here and task in there):
        was, now = before.get(task, []), after.get(task, [])
        found = [("status", change_of(here[task], there[task]))]
        found += [facet for row in now for facet in row.facets]
        found += [("was", str(row.verdict)) for row in was]
        facets = tuple(dict.fromkeys(found))
        flip, alone = urls.flip(base.id, candidate.id, task), urls.problem_in_run(candidate.id, task)
        sides = (("candidate", now), ("baseline", was))
        row = ListRow(
            problem=task,
            function=problems[task].entry_point,
            path=flip if task in paged else alone,
            told=f"{here[task].c} of {here[task].n} → {there[task].c} of {there[task].n}",
            errors=tuple(f"{side}: {_in_words(own)}" for side, own in sides if own),
            facets=_spaced(facets),
            weight=1,
        )
        yield row, facets


def change_of(base: Tally, candidate: Tally) -> str:
    """What became of a problem: a key of :data:`CHANGES`, by whether at least half of the samples pass."""
    before, after = (2 * each.c >= each.n for each in (base, candidate))
    if before != after:
        return FIXED if after else BROKEN
    return BOTH_PASS if after else BOTH_FAIL


def _by_problem(rows: Iterable[FailureRow]) -> dict[str, list[FailureRow]]:
    found: dict[str, list[FailureRow]] = {}
    for row in rows:
        found.setdefault(row.problem, []).append(row)
    return found


def _in_words(rows: Sequence[FailureRow]) -> str:
    """How the samples of a problem failed in one run, and the first message."""
    kinds = Counter[str]()
    for row in rows:
        kinds[row.verdict.words] += len(row.samples)
    told = ", ".join(f"{number} × {kind}" for kind, number in kinds.most_common())
    error = next((one.error for row in rows for one in row.samples if one.error), "")
    return shorten(f"{told}: {error}" if error else told, MAX_HEADLINE)


def _spaced(facets: Facets) -> str:
    return " ".join(f"{key}={value}" for key, value in facets)


def _choices(
    rows: Iterable[tuple[Facets, int]], sections: Mapping[str, str], others: Mapping[str, str]
) -> tuple[Choices, ...]:
    """What can be chosen, the most frequent first, of each kind of which there is any."""
    numbers = Counter[tuple[str, str]]()
    for facets, weight in rows:
        for facet in facets:
            numbers[facet] += weight
    found = []
    for key, name in {**sections, **others}.items():
        own = sorted(
            ((facet, n) for facet, n in numbers.items() if facet[0] == key),
            key=lambda each: (-each[1], each[0]),
        )
        options = tuple(Choice(address((facet,)), _words(*facet), number) for facet, number in own)
        if options:
            found.append(Choices(name, key, options, key in sections))
    return tuple(found)


def _words(key: str, value: str) -> str:
    if key in ("class", "was"):
        return VerdictClass(value).words
    return Symptom(value).words if key == "symptom" else value.replace("_", " ") if key == "status" else value


def _page(view: FailuresView, dataset: DatasetSubject, crumbs: tuple[Crumb, ...]) -> Page:
    frame = Frame(
        path=crumbs[-1].path,
        title=view.title,
        description=view.told,
        crumbs=(Crumb(dataset.label, dataset.path), *crumbs),
        private=True,
        script="failures",
    )
    return Page("pages/failures.html", frame, view)
