"""Two models compared over several data sets: the verdict, a row for each data set, and what else to know."""

from evalsite.report.comparison import recovery_json
from evalsite.report.documents import as_document, limits_json
from evalsite.report.junit import junit
from evalsite.report.tables import Table, escape_markdown, markdown_table, text_table
from evalsite.stats.compare.pooled import Pooled
from evalsite.stats.compare.settling import Settling
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.words.cells import HYPHEN, moved, p_value
from evalsite.words.sentences import percent

HEADER = ("data set", "problems", "baseline", "candidate", "difference", "interval", "p")
TOGETHER = "all together"


def as_text(found: SuiteComparison) -> str:
    """Return the comparison for a terminal."""
    notes = "\n".join(f"- {note}" for note in found.notes)
    return "\n\n".join([f"{found.decision.upper()}. {found.headline}", _table(found, text_table), notes])


def as_markdown(found: SuiteComparison) -> str:
    """Return the comparison for a pull request or an issue."""
    head = f"### {escape_markdown(found.candidate)} against {escape_markdown(found.base)}"
    notes = "\n".join(f"- {escape_markdown(note)}" for note in found.notes)
    verdict = f"**{escape_markdown(found.headline)}**"
    return "\n\n".join([head, verdict, _table(found, markdown_table), notes])


def as_json(found: SuiteComparison) -> str:
    """Return the comparison for scripts; rates are in [0, 1]."""
    document = {
        "base": found.base,
        "candidate": found.candidate,
        "decision": found.decision,
        "pending": found.pending or None,
        "headline": found.headline,
        "notes": found.notes,
        **pooled_json(found),
    }
    return as_document(document)


def as_junit(found: SuiteComparison) -> str:
    """Return JUnit's XML: one case, failed where too much was lost, skipped where these data cannot tell."""
    name = f"{found.candidate} against {found.base}"
    return junit("evalsite compare", [(" + ".join(found.datasets), name, found.decision, found.headline)])


FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json, "junit": as_junit}


def pooled_json(found: SuiteComparison) -> dict[str, object]:
    """The figures of a pool, with those of each data set."""
    numbers = found.numbers
    return {
        "weights": numbers.weights,
        "way": numbers.question.way,
        "limit": numbers.question.limit,
        "margin": numbers.margin,
        "num_problems": numbers.num_problems,
        "num_clusters": numbers.num_clusters,
        "total_problems": found.total_problems,
        "confidence_in_excess": [found.excess.least, found.excess.most] if found.excess else None,
        "heterogeneity": numbers.heterogeneity,
        "recovery": recovery_json(numbers.recovery) if numbers.recovery else None,
        "needed": _needed_json(numbers.needed) if found.needed and numbers.needed else None,
        "difference": _figures(numbers),
        "datasets": [
            {
                "dataset": part.dataset,
                "dataset_sha256": part.candidate.run.dataset.sha256,
                "base": part.base.id,
                "candidate": part.candidate.id,
                "num_problems": part.numbers.num_problems,
                "difference": _figures(part.numbers),
            }
            for part in found.parts
        ],
    }


def _needed_json(needed: Settling) -> dict[str, object]:
    """The numbers that decide half and 80 % of such campaigns."""
    counted = "clusters" if needed.clustered else "problems"
    return {counted: (needed.reach.half, needed.reach.most)}


def _figures(numbers: Pooled) -> dict[str, object]:
    return {
        "base": numbers.base,
        "candidate": numbers.candidate,
        "difference": numbers.value,
        **limits_json(numbers.interval),
        "p_value": numbers.p_value,
        "test": numbers.test,
    }


def _table(found: SuiteComparison, table: Table) -> str:
    rows = [(part.dataset, part.numbers) for part in found.parts]
    return table(HEADER, [_row(name, numbers) for name, numbers in (*rows, (TOGETHER, found.numbers))])


def _row(name: str, numbers: Pooled) -> tuple[str, ...]:
    return (
        name,
        f"{numbers.num_problems:,}",
        percent(numbers.base),
        percent(numbers.candidate),
        *moved(numbers.value, numbers.interval, numbers.margin, HYPHEN),
        p_value(numbers.p_value),
    )
