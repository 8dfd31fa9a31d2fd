"""Two runs compared: the verdict first, then the numbers, then the flips, as text, Markdown and JSON."""

from collections.abc import Callable

import msgspec

from evalsite.report import edits
from evalsite.report.calls import comparison_json
from evalsite.report.documents import as_document, limits_json
from evalsite.report.junit import junit
from evalsite.report.symptoms import shifts_json
from evalsite.report.tables import Table, escape_markdown, markdown_table, text_table
from evalsite.stats.compare.flips import TITLES, Flip, grouped
from evalsite.stats.compare.luck import Luck
from evalsite.stats.compare.missing import MissingSamples
from evalsite.stats.compare.numbers import Comparison, Difference
from evalsite.stats.compare.recovery import Recovery
from evalsite.stats.compare.runs import RunComparison
from evalsite.words.cells import HYPHEN, moved, p_value
from evalsite.words.sentences import at_least, percent, probability

Link = Callable[[str], str]
"""A problem -> the address of its page in the candidate's run, or an empty string."""

HEADER = (
    "metric",
    "baseline",
    "candidate",
    "difference",
    "interval",
    "p",
    "p, corrected",
    "could have shown",
)


def as_text(found: RunComparison, link: Link) -> str:
    """Return the comparison for a terminal."""
    parts = [found.headline]
    if found.numbers:
        parts.append(_numbers(found, text_table))
    parts += ["\n".join(f"- {note}" for note in (*found.notes, *found.divergence.sentences()))]
    for group, flips in grouped(found.flips).items():
        rows = [(flip.task_id, _passes(flip), p_value(flip.p_value), link(flip.task_id)) for flip in flips]
        head = ("problem", "baseline -> candidate", "p", "")
        parts.append(f"{TITLES[group]}:\n" + text_table(head, rows))
    return "\n\n".join(part for part in parts if part)


def as_markdown(found: RunComparison, link: Link) -> str:
    """Return the comparison for a pull request or an issue."""
    names = f"{escape_markdown(found.candidate.model)} against {escape_markdown(found.base.model)}"
    parts = [f"### {names}", f"**{escape_markdown(found.headline)}**"]
    if found.numbers:
        parts.append(_numbers(found, markdown_table))
    parts.append(
        "\n".join(f"- {escape_markdown(note)}" for note in (*found.notes, *found.divergence.sentences()))
    )
    for group, flips in grouped(found.flips).items():
        lines = [
            f"- {_linked(flip.task_id, link)}: {_passes(flip)}, {probability(flip.p_value)}" for flip in flips
        ]
        summary = f"<summary>{TITLES[group]}: {len(flips)}</summary>"
        parts.append(f"<details>{summary}\n\n" + "\n".join(lines) + "\n\n</details>")
    return "\n\n".join(part for part in parts if part)


def as_json(found: RunComparison, link: Link) -> str:
    """Return the comparison for scripts; rates are in [0, 1]."""
    numbers = found.numbers
    document = {
        "base": found.base.id,
        "candidate": found.candidate.id,
        "decision": found.decision,
        "pending": found.pending or None,
        "headline": found.headline,
        "notes": found.notes,
        "sequential": _sequential_json(found) if found.sequential else None,
        "margin": numbers.margin if numbers else None,
        "confidence_in_excess": [found.excess.least, found.excess.most] if found.excess else None,
        "recovery": recovery_json(found.recovery) if found.recovery else None,
        "probability_of_excess": found.probability,
        "unchanged": found.num_unchanged,
        "num_problems": numbers.num_problems if numbers else 0,
        "total_problems": found.total_problems,
        "differences": [_difference_json(each) for each in numbers.differences] if numbers else [],
        "needed": _needed_json(found),
        "flips": [
            {
                "problem": flip.task_id,
                "kind": flip.kind,
                "base": {"n": flip.base_n, "c": flip.base_c},
                "candidate": {"n": flip.cand_n, "c": flip.cand_c},
                "p_value": flip.p_value,
                "told_from_luck": flip.told,
                "url": link(flip.task_id) or None,
            }
            for flip in found.flips
        ],
        "luck_alone": _luck_json(found.luck) if found.luck else None,
        "reservations": found.reservations,
        "mismatches": found.reservations,
        "left_out": found.left_out,
        "texts": _texts_json(found),
        "calls": comparison_json(found.calls, found.decided),
        "symptoms": shifts_json(found.symptoms),
        "edits": edits.comparison_json(found.edits, found.decided),
        "missing": _missing_json(found.missing) if found.missing else None,
    }
    return as_document(document)


def _sequential_json(found: RunComparison) -> dict[str, object]:
    return {
        "confidence": found.numbers.main.interval.confidence if found.numbers else None,
        "looks": [msgspec.to_builtins(look) for look in found.candidate.looks],
        "told": found.sequential,
    }


def _texts_json(found: RunComparison) -> dict[str, object]:
    texts, parted = found.texts, found.divergence
    return {
        "common": texts.common,
        "identical": texts.identical,
        "share_identical": texts.share,
        "median_first_difference": texts.first_difference,
        "programs": parted.common,
        "identical_programs": parted.same_programs,
        "read": parted.read,
        "alike_programs": parted.alike,
        "first_differences": parted.places,
        "length_ratio": parted.length_ratio,
    }


def _missing_json(missing: MissingSamples[Comparison]) -> dict[str, object]:
    cases = {"worst": missing.worst.main, "best": missing.best.main}
    return {
        "baseline": missing.base,
        "candidate": missing.candidate,
        **{
            name: {"difference": case.value, "low": case.interval.low, "high": case.interval.high}
            for name, case in cases.items()
        },
    }


def as_junit(found: RunComparison, _link: Link) -> str:
    """Return JUnit's XML: one case, failed where too much was lost, skipped where these data cannot tell."""
    name = f"{found.candidate.model} against {found.base.model}"
    return junit("evalsite compare", [(found.candidate.id, name, found.decision, found.headline)])


FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json, "junit": as_junit}


def _numbers(found: RunComparison, table: Table) -> str:
    assert found.numbers is not None
    return table(HEADER, [row(each, found.numbers.margin) for each in found.numbers.differences])


def row(each: Difference, margin: float) -> tuple[str, ...]:
    """The cells of one k, in the order of :data:`HEADER`."""
    return (
        f"pass@{each.k}",
        percent(each.base),
        percent(each.candidate),
        *moved(each.value, each.interval, margin if each.k == 1 else None, HYPHEN),
        p_value(each.p_value),
        p_value(each.p_adjusted),
        "" if each.detectable is None else at_least(each.detectable),
    )


def _difference_json(each: Difference) -> dict[str, object]:
    return {
        "k": each.k,
        "base": each.base,
        "candidate": each.candidate,
        "difference": each.value,
        **limits_json(each.interval),
        "p_value": each.p_value,
        "p_adjusted": each.p_adjusted,
        "test": each.test,
        "detectable": each.detectable,
        "detectable_evenly": each.detectable_evenly,
    }


def recovery_json(found: Recovery) -> dict[str, object]:
    """The share that is kept, for scripts."""
    return {
        "share": found.value,
        "low": found.interval.low,
        "high": found.interval.high,
        "interval_method": found.interval.method,
    }


def _needed_json(found: RunComparison) -> dict[str, object] | None:
    """Each as the numbers that decide half and 80 % of such campaigns; of samples only the first is known.

    None where the data of these runs are not what is lacking.
    """
    needed = found.numbers.needed if found.numbers else None
    if needed is None or found.decision != "inconclusive":
        return None
    return {
        "problems": (needed.problems.half, needed.problems.most),
        "samples": (needed.samples, None),
        "best_by_samples": needed.at_most,
    }


def _luck_json(luck: Luck) -> dict[str, object]:
    return {
        "broken": luck.broken,
        "broken_range": luck.broken_range,
        "fixed": luck.fixed,
        "fixed_range": luck.fixed_range,
    }


def _passes(flip: Flip) -> str:
    return f"{flip.base_c}/{flip.base_n} -> {flip.cand_c}/{flip.cand_n}"


def _linked(task_id: str, link: Link) -> str:
    url = link(task_id)
    return f"[{escape_markdown(task_id)}]({url})" if url else escape_markdown(task_id)
