"""Targets, judged: the gate's table as text, Markdown, JSON and JUnit."""

from collections.abc import Callable, Sequence

import msgspec

from evalsite.report.junit import junit
from evalsite.report.tables import Table, escape_markdown, markdown_table, text_table
from evalsite.stats.decision import Decision, worst
from evalsite.stats.targets import Result
from evalsite.stats.targets.shown import Shown
from evalsite.words.cells import DASH, HYPHEN

HEADER = ("target", "run", "baseline", "threshold", "actual", "interval", "delta", "verdict")
MARKS: dict[Decision, str] = {
    "met": "✅ met",
    "missed": "❌ missed",
    "inconclusive": "❔ inconclusive",
    "vacuous": "⭕ vacuous",
    "pending": "⏳ pending",
}

Mark = Callable[[Decision], str]
"""How a verdict is written in a table."""


def as_text(results: Sequence[Result], source: str) -> str:
    """Return what is judged by, the verdict, the table, and one sentence a row."""
    sentences = "\n".join(f"- {result.target.name}: {result.sentence}" for result in results)
    parts = (f"Judged by {source}.\n{_headline(results)}", _table(results, text_table, _plain), sentences)
    return "\n\n".join(parts)


def as_markdown(results: Sequence[Result], source: str) -> str:
    """Return what fits into a pull request's comment or a job's summary."""
    sentences = "\n".join(
        f"- **{escape_markdown(result.target.name)}**: {escape_markdown(result.sentence)}"
        for result in results
    )
    table = _table(results, markdown_table, MARKS.__getitem__)
    return f"### {_headline(results)}\n\nJudged by {escape_markdown(source)}.\n\n{table}\n\n{sentences}"


def as_json(results: Sequence[Result], source: str) -> str:
    """Return the same for scripts; figures are in the metric's unit."""
    rows = [
        {
            "target": result.target.name,
            "metric": result.target.metric.name,
            "unit": result.target.metric.unit,
            "dataset": result.dataset,
            "dataset_sha256": result.run.run.dataset.sha256 if result.run else None,
            "run": result.run.id if result.run else None,
            "model": result.run.model if result.run else None,
            "threshold": result.target.threshold,
            "direction": result.target.direction,
            "baseline": result.baseline,
            "baseline_stated": result.target.baseline,
            "baseline_run": result.baseline_run.id if result.baseline_run else None,
            "actual": result.actual,
            "interval": _interval_json(result),
            "delta": result.delta,
            "decision": result.decision,
            "verdict": result.decision,
            "sentence": result.sentence,
        }
        for result in results
    ]
    decision = _overall(results)
    document = {"decision": decision, "verdict": decision, "source": source, "targets": rows}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def as_junit(results: Sequence[Result], _source: str) -> str:
    """Return JUnit's XML: missed is a failure, and what is not met either is skipped with their reason."""
    cases = [
        (one.run.id if one.run else one.dataset, one.target.name, one.decision, one.sentence)
        for one in results
    ]
    return junit("evalsite targets", cases)


def _overall(results: Sequence[Result]) -> Decision:
    return worst(result.decision for result in results)


def _headline(results: Sequence[Result]) -> str:
    counts = [
        f"{number} {verdict}"
        for verdict in MARKS
        if (number := sum(result.decision == verdict for result in results))
    ]
    return f"Targets: {_overall(results)} ({', '.join(counts)})"


def _table(results: Sequence[Result], table: Table, mark: Mark) -> str:
    return table(HEADER, [_row(result, mark) for result in results])


def _row(result: Result, mark: Mark) -> tuple[str, ...]:
    cells = Shown.of(result, HYPHEN)
    return (
        result.target.name,
        f"{result.run.model} on {result.label}" if result.run else f"none on {result.dataset or 'any'}",
        cells.baseline,
        cells.target,
        cells.actual,
        cells.interval or DASH,
        cells.delta,
        mark(result.decision),
    )


def _interval_json(result: Result) -> dict[str, object] | None:
    interval = result.interval
    if interval is None:
        return None
    return {
        "low": interval.low,
        "high": interval.high,
        "confidence": interval.confidence,
        "method": interval.method,
    }


def _plain(verdict: Decision) -> str:
    return verdict
