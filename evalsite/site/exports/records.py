"""Runs, targets and comparisons as records, in JSON and CSV; a run's problems as a table."""

from collections.abc import Iterator
from typing import Any

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import in_time
from evalsite.site.exports.writing import to_csv, to_json
from evalsite.site.options import SiteOptions
from evalsite.site.urls import PATHS
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.stats.targets import Result

FORMAT = 1
"""Version of ``data/runs.json``; raised when a field changes its meaning or goes."""


def records(judgement: Judgement, options: SiteOptions) -> Iterator[tuple[str, bytes]]:
    """Make the files below ``data/`` but the search index: (path, content)."""
    runs = [_run_record(entry, judgement) for entry in in_time(judgement.evidence.entries)]
    head = {"format": FORMAT, "title": options.title, "site": options.base_url}
    yield PATHS["runs_json"], to_json(head | {"runs": runs})
    yield PATHS["runs_csv"], to_csv([_flat(run) for run in runs])
    targets = [_target_record(result, judgement) for result in judgement.results]
    yield PATHS["targets_json"], to_json(head | {"source": judgement.targets.source, "targets": targets})
    yield PATHS["targets_csv"], to_csv(targets)
    compared = [_comparison_record(pair, judgement) for pair in judgement.comparisons]
    yield PATHS["comparisons_json"], to_json(head | {"comparisons": compared})
    yield PATHS["comparisons_csv"], to_csv(compared)


def problems_table(entry: LoadedRun) -> bytes:
    """Make the table of one run's problems as CSV."""
    kinds = [str(kind) for kind in VerdictClass if kind is not VerdictClass.PASSED]
    rows = [
        {
            "problem": tally.problem,
            "n": tally.n,
            "c": tally.c,
            "missing": tally.missing,
            "execution_s": round(tally.execution_s, 6),
            **{kind: tally.failures.get(kind, 0) for kind in kinds},
        }
        for tally in entry.summary.tallies
    ]
    return to_csv(rows)


def _run_record(entry: LoadedRun, judgement: Judgement) -> dict[str, Any]:
    run, summary, group = entry.run, entry.summary, judgement.evidence.group_of(entry)
    estimate = estimate_pass_at_k(entry.n, entry.c, 1) if entry.max_k else None
    return {
        "id": run.id,
        "path": judgement.evidence.urls.run(run.id),
        "model": run.model.name,
        "role": judgement.side(entry),
        "dataset": run.dataset.name,
        "dataset_sha256": run.dataset.sha256,
        "language": ", ".join(group.languages),
        "kind": ", ".join(group.kinds),
        "status": run.status,
        "created_at": run.created_at,
        "num_problems": run.num_problems,
        "num_samples": run.num_samples,
        "temperature": run.settings.temperature if run.settings else None,
        "quantization": run.model.card.quantization,
        "bits_per_weight": run.model.card.bits_per_weight,
        "weights_bytes": run.model.card.weights_bytes,
        "latency_s": summary.latency_s.mean if summary.latency_s else None,
        "pass_at": summary.pass_at,
        "pass_at_1_low": estimate.interval.low if estimate else None,
        "pass_at_1_high": estimate.interval.high if estimate else None,
        "verdicts": summary.verdicts,
    }


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """A run's record as one row: pass@k for the customary k, and no nested tables."""
    flat = {key: value for key, value in record.items() if key not in ("pass_at", "verdicts")}
    return flat | {f"pass_at_{k}": record["pass_at"].get(str(k)) for k in (1, 5, 10, 100)}


def _target_record(result: Result, judgement: Judgement) -> dict[str, Any]:
    interval = result.interval
    return {
        "target": result.target.name,
        "metric": result.target.metric.name,
        "unit": result.target.metric.unit,
        "direction": result.target.direction,
        "threshold": result.target.threshold,
        "decision": result.decision,
        "verdict": result.decision,
        "sequential": result.is_sequential,
        "run": result.run.id if result.run else None,
        "path": judgement.evidence.urls.run(result.run.id) if result.run else None,
        "model": result.run.model if result.run else None,
        "dataset": result.dataset,
        "dataset_sha256": result.run.run.dataset.sha256 if result.run else None,
        "baseline": result.baseline,
        "baseline_pending": result.baseline_pending or None,
        "baseline_stated": result.target.baseline,
        "actual": result.actual,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "confidence": interval.confidence if interval else None,
        "delta": result.delta,
        "sentence": result.sentence,
    }


def _comparison_record(pair: tuple[str, str], judgement: Judgement) -> dict[str, Any]:
    found = judgement.comparisons[pair]
    figures, kinds = found.numbers, [flip.kind for flip in found.flips]
    main = figures.main if figures else None
    return {
        "base": pair[0],
        "candidate": pair[1],
        "path": judgement.evidence.urls.compare(*pair),
        "num_problems": figures.num_problems if figures else 0,
        "total_problems": found.total_problems,
        "difference": main.value if main else None,
        "low": main.interval.low if main else None,
        "high": main.interval.high if main else None,
        "p_value": main.p_value if main else None,
        "p_adjusted": main.p_adjusted if main else None,
        "margin": figures.margin if figures else None,
        "excess_low": found.excess.least if found.excess else None,
        "excess_high": found.excess.most if found.excess else None,
        "decision": found.decision,
        "sequential": bool(found.sequential),
        "mirrored_decision": found.mirrored_decision,
        "pending": found.pending,
        "broken": kinds.count("broken"),
        "fixed": kinds.count("fixed"),
        "unchanged": found.num_unchanged,
        "reservations": len(found.reservations),
        "mismatches": len(found.conditions),
    }
