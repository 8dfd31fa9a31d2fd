"""Targets, judged: the gate's table as text, Markdown, JSON and JUnit."""

from collections.abc import Callable, Iterator, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.report.documents import as_document, interval_json
from evalsite.report.junit import junit
from evalsite.report.markup import link
from evalsite.report.suites import pooled_json
from evalsite.report.tables import Table, escape_markdown, markdown_table, text_table
from evalsite.stats.decision import Decision, in_words
from evalsite.stats.targets import Result, Standing
from evalsite.stats.targets.families import of_families
from evalsite.stats.targets.shown import Shown
from evalsite.words.cells import DASH, HYPHEN
from evalsite.words.sentences import names

HEADER = ("target", "run", "baseline", "threshold", "actual", "interval", "delta", "verdict")
MARKS: dict[Decision, str] = {
    "met": "✅ met",
    "missed": "❌ missed",
    "inconclusive": "❔ inconclusive",
    "vacuous": "⭕ vacuous",
    "pending": "⏳ pending",
}
OTHERS = "Other runs, which this change did not bring and which do not decide"
TRIALS = "Trials, which ask a part of their data set and do not decide"

NOT_YET = "The links to this change's runs lead to pages that are there once it is merged and published."

MOST = 60_000
"""Characters of Markdown: a comment on GitHub holds 65,536. What decides comes first, so the rest is cut."""

PageOf = Callable[[LoadedRun], str]
"""Address of a run's page, or an empty string."""

Mark = Callable[[Decision], str]
"""How a verdict is written in a table."""


def as_text(standing: Standing, source: str, _page_of: PageOf) -> str:
    """Return what is judged by, the verdict, then of each group of results the table and its sentences."""
    parts = [f"Judged by {source}.\n{_headline(standing)}", *_models(standing), *_families(standing)]
    for title, results in _groups(standing):
        parts += [f"{title}:"] if title else []
        parts.append(_table(results, text_table, str))
        parts.append("\n".join(f"- {result.target.name}: {result.sentence}" for result in results))
    return "\n\n".join(parts)


def as_markdown(standing: Standing, source: str, page_of: PageOf) -> str:
    """Return what fits into a pull request's comment or a job's summary; what does not decide is folded."""
    parts = [f"### {_headline(standing)}", f"Judged by {escape_markdown(source)}."]
    parts += [escape_markdown(line) for line in (*_models(standing), *_families(standing))]
    if standing.of_change and any(page_of(one.run) for one in standing.deciding if one.run):
        parts.append(NOT_YET)
    room = MOST - sum(map(len, parts))
    for title, results in _groups(standing):
        told = _as_much_as_fits(results, page_of, room)
        room -= len(told)
        summary = f"<summary>{title}: {len(results)}</summary>"
        parts.append(f"<details>{summary}\n\n{told}\n\n</details>" if title else told)
    return "\n\n".join(parts)


def _as_much_as_fits(results: Sequence[Result], page_of: PageOf, room: int) -> str:
    """A table and its sentences, of as many results as there is room for, and how many it leaves out."""
    sentences, shown = [], []
    for result in results:
        page = page_of(result.run) if result.run else ""
        told = f"{link(result.target.name, page)}**: {escape_markdown(result.sentence)}"
        room -= len(told) + len(_table([result], markdown_table, MARKS.__getitem__))
        if room < 0:
            break
        shown.append(result)
        sentences.append(f"- **{told}")
    if left := len(results) - len(shown):
        sentences.append(f"- and {left} more, for which there is no room here: `evalsite check` prints all.")
    return "\n\n".join([_table(shown, markdown_table, MARKS.__getitem__), "\n".join(sentences)])


def as_json(standing: Standing, source: str, page_of: PageOf) -> str:
    """Return the same for scripts; figures are in the metric's unit."""
    groups = {"decides": standing.deciding, "other": standing.others, "trial": standing.trials}
    rows = [_record(result, group, page_of) for group, results in groups.items() for result in results]
    decision = standing.decision if standing.deciding else None
    document = {"decision": decision, "verdict": decision, "source": source, "targets": rows}
    return as_document(document)


def as_junit(standing: Standing, _source: str, _page_of: PageOf) -> str:
    """Return JUnit's XML: missed is a failure, and what is not met either is skipped with its reason."""
    cases = [
        (one.run.id if one.run else one.dataset, one.target.name, one.decision, one.sentence)
        for one in standing.deciding
    ]
    return junit("evalsite targets", cases)


def _headline(standing: Standing) -> str:
    if standing.others and not standing.deciding:
        return "Targets: nothing to judge in this change"
    return f"Targets: {standing.counted}"


def _models(standing: Standing) -> Iterator[str]:
    """What is said of each model, where there are several."""
    if len(standing.models) > 1:
        yield "\n".join(f"- {model}: {standing.of_model(model).answer}" for model in standing.models)


def _families(standing: Standing) -> Iterator[str]:
    """How several candidates were judged, and what that makes of them together."""
    if told := of_families(standing.deciding):
        unlike = [one for one in standing.deciding if one.together not in (None, one.plain)]
        told += f" They differ of {names([one.model for one in unlike])}." if unlike else " They agree."
        yield told


def _groups(standing: Standing) -> Iterator[tuple[str, Sequence[Result]]]:
    groups = (("", standing.deciding), (OTHERS, standing.others), (TRIALS, standing.trials))
    return ((title, results) for title, results in groups if results)


def _record(result: Result, group: str, page_of: PageOf) -> dict[str, object]:
    return {
        "target": result.target.name,
        "metric": result.target.metric.name,
        "unit": result.target.metric.unit,
        "dataset": result.dataset,
        "dataset_sha256": result.run.run.dataset.sha256 if result.run else None,
        "run": result.run.id if result.run else None,
        "page": (result.run and page_of(result.run)) or None,
        "model": result.model or None,
        "threshold": result.target.threshold,
        "direction": result.target.direction,
        "baseline": result.baseline,
        "baseline_pending": result.baseline_pending or None,
        "baseline_stated": result.target.baseline,
        "baseline_run": result.baseline_run.id if result.baseline_run else None,
        "actual": result.actual,
        "interval": interval_json(result.interval) if result.interval else None,
        "delta": result.delta,
        "decision": result.decision,
        "verdict": result.decision,
        "sequential": result.is_sequential,
        "alone": result.plain,
        "together": result.together,
        "num_candidates": result.num_candidates,
        "group": group,
        "pool": pooled_json(result.pooled) if result.pooled else None,
        "sentence": result.sentence,
    }


def _table(results: Sequence[Result], table: Table, mark: Mark) -> str:
    return table(HEADER, [_row(result, mark) for result in results])


def _row(result: Result, mark: Mark) -> tuple[str, ...]:
    cells = Shown.of(result, HYPHEN)
    who = result.model or "none"
    return (
        result.target.name,
        f"{who} on {result.label or 'any'}",
        cells.baseline,
        cells.target,
        cells.actual,
        cells.interval or DASH,
        cells.delta,
        in_words(mark(result.decision), sequential=result.is_sequential),
    )
