"""What the pages show, for machines: indexes, tables, badges, the feed, and files for crawlers."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.changes import Change, verdict_changes
from evalsite.site.evidence import in_time
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.slugs import slug_map
from evalsite.site.urls import FEED, HOME, METHODS, RUNS_INDEX, SEARCH, TARGETS, badge_path
from evalsite.stats.decision import worst
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.stats.targets import Result
from evalsite.words import cells
from evalsite.words.sentences import figure
from evalsite.words.text import visible

FORMAT = 1
"""Version of ``data/runs.json``; raised when a field changes its meaning or goes."""

_COLOURS = {"met": "brightgreen", "missed": "red", "inconclusive": "yellow", "pending": "lightgrey"}


def exported_files(
    judgement: Judgement, options: SiteOptions, listed: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Make all files beside the pages: (path, content). Of the pages of parts ``listed`` are for crawlers."""
    yield SEARCH, _search_index(judgement)
    runs = [_run_record(entry, judgement) for entry in in_time(judgement.evidence.entries)]
    head = {"format": FORMAT, "title": options.title, "site": options.base_url}
    yield RUNS_INDEX, _json(head | {"runs": runs})
    yield "data/runs.csv", _csv([_flat(run) for run in runs])
    targets = [_target_record(result, judgement) for result in judgement.results]
    yield "data/targets.json", _json(head | {"source": judgement.targets.source, "targets": targets})
    yield "data/targets.csv", _csv(targets)
    compared = [_comparison_record(pair, judgement) for pair in judgement.comparisons]
    yield "data/comparisons.json", _json(head | {"comparisons": compared})
    yield "data/comparisons.csv", _csv(compared)
    yield from _badges(judgement)
    yield ".nojekyll", b""
    sitemap = f"Sitemap: {options.base_url}sitemap.xml\n" if options.site_url else ""
    yield "robots.txt", f"User-agent: *\nAllow: /\n{sitemap}".encode()
    if options.site_url:
        yield "sitemap.xml", _sitemap(listed, options)
        yield FEED, _feed(judgement, options)


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
    return _csv(rows)


def _search_index(judgement: Judgement) -> bytes:
    """The index as a script: pages opened from a disk can load it too."""
    urls = judgement.evidence.urls
    entries = [
        {
            "title": f"{entry.model}, {entry.run.dataset.name}",
            "kind": f"run, {cells.day(entry.run.created_at)}",
            "path": urls.run(entry.id),
            "words": f"{entry.model} {entry.run.model.card.quantization} {entry.id}".lower(),
        }
        for entry in in_time(judgement.evidence.entries)[::-1]
    ]
    seen = set()
    for group in judgement.evidence.groups:
        for problem in group.problems:
            if problem.task_id not in seen:
                seen.add(problem.task_id)
                entries.append(
                    {
                        "title": problem.task_id,
                        "kind": visible(problem.entry_point) or "problem",
                        "path": urls.problem(problem.task_id),
                        "words": f"{problem.task_id} {problem.entry_point}".lower(),
                    }
                )
    shown = [{key: visible(value) for key, value in entry.items()} for entry in entries]
    return (
        f"globalThis.evalsiteIndex = {json.dumps(shown, separators=(',', ':'), sort_keys=True)};\n".encode()
    )


def _run_record(entry: LoadedRun, judgement: Judgement) -> dict[str, Any]:
    run, summary = entry.run, entry.summary
    estimate = estimate_pass_at_k(entry.n, entry.c, 1) if entry.max_k else None
    return {
        "id": run.id,
        "path": judgement.evidence.urls.run(run.id),
        "model": run.model.name,
        "role": judgement.side(entry),
        "dataset": run.dataset.name,
        "dataset_sha256": run.dataset.sha256,
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
        "run": result.run.id if result.run else None,
        "path": judgement.evidence.urls.run(result.run.id) if result.run else None,
        "model": result.run.model if result.run else None,
        "dataset": result.dataset,
        "dataset_sha256": result.run.run.dataset.sha256 if result.run else None,
        "baseline": result.baseline,
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
        "decision": found.decision,
        "mirrored_decision": found.mirrored_decision,
        "pending": found.pending,
        "broken": kinds.count("broken"),
        "fixed": kinds.count("fixed"),
        "reservations": len(found.reservations),
        "mismatches": len(found.conditions),
    }


def _badges(judgement: Judgement) -> Iterator[tuple[str, bytes]]:
    """One shields.io endpoint for all targets, and one for each target and model that was judged."""
    results = judgement.results
    counts = {verdict: sum(result.decision == verdict for result in results) for verdict in _COLOURS}
    counted = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    yield _badge("targets", "targets", counted or "none judged", worst(result.decision for result in results))
    judged = {
        # A metric's @ would cost the name a hash, and nobody could guess the address.
        f"{result.dataset}-{result.target.metric.name.replace('@', '-')}-{result.run.model}": result
        for result in results
        if result.run
    }
    slugs = slug_map(judged)
    for name, result in judged.items():
        shown = "pending" if result.actual is None else figure(result.actual, result.target.metric.unit)
        message = shown if result.decision in ("met", "pending") else f"{shown}, {result.decision}"
        label = f"{result.dataset} {result.target.metric.name}"
        yield _badge(slugs[name], label, message, result.decision)


def _badge(name: str, label: str, message: str, verdict: str) -> tuple[str, bytes]:
    badge = {"schemaVersion": 1, "label": label, "message": message, "color": _COLOURS[verdict]}
    return badge_path(name), _json(badge)


def _sitemap(listed: Iterable[str], options: SiteOptions) -> bytes:
    """Only what a search engine may show: no page with benchmark problems or generated code."""
    paths = [HOME, TARGETS, METHODS, *listed]
    lines = "".join(f"<url><loc>{escape(options.base_url + path)}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{lines}</urlset>\n".encode()


def _feed(judgement: Judgement, options: SiteOptions) -> bytes:
    """Runs as Atom entries, the newest first, each after the verdicts that it turned."""
    newest = in_time(judgement.evidence.entries)[::-1]
    updated = max((_ended(entry) for entry in newest), default="1970-01-01T00:00:00Z")
    changes = verdict_changes(judgement)
    entries = "".join(
        "".join(_change_entry(change, judgement, options) for change in changes.get(entry.id, ()))
        + _feed_entry(entry, judgement, options)
        for entry in newest[:50]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{_xml(options.title)}</title>\n<id>{_xml(options.base_url)}</id>\n"
        f"<link href={quoteattr(options.base_url)}/>\n"
        f'<link rel="self" href={quoteattr(options.base_url + FEED)}/>\n'
        f"<updated>{_xml(updated)}</updated>\n<author><name>{_xml(options.title)}</name></author>\n"
        f"{entries}</feed>\n"
    ).encode()


def _feed_entry(entry: LoadedRun, judgement: Judgement, options: SiteOptions) -> str:
    address = options.base_url + judgement.evidence.urls.run(entry.id)
    score = f"pass@1 {cells.percent(entry.pass_at_1)} %" if entry.pass_at_1 is not None else "no score yet"
    said = " ".join(f"{one.title}: {one.decision}. {one.text}" for one in judgement.conclusions(entry))
    return (
        f"<entry>\n<title>{_xml(f'{entry.model} on {entry.run.dataset.name}: {score}')}</title>\n"
        f"<id>{_xml(address)}</id>\n<link href={quoteattr(address)}/>\n"
        f"<updated>{_xml(_ended(entry))}</updated>\n"
        f"<summary>{_xml(f'{score}. {said}'.strip())}</summary>\n</entry>\n"
    )


def _change_entry(change: Change, judgement: Judgement, options: SiteOptions) -> str:
    """One changed verdict. Its id is the run's address with the target's name, and so lasts."""
    entry, result = change.entry, change.result
    address = options.base_url + judgement.evidence.urls.run(entry.id)
    target = result.target.name
    title = f"{entry.model} on {entry.run.dataset.name}: {target} is {result.decision}, was {change.was}"
    before = f"In the run of {cells.day(change.before.run.created_at)} it was {change.was}."
    return (
        f"<entry>\n<title>{_xml(title)}</title>\n"
        f"<id>{_xml(f'{address}#verdict-{slug_map([target])[target]}')}</id>\n"
        f"<link href={quoteattr(address)}/>\n<updated>{_xml(_ended(entry))}</updated>\n"
        f"<summary>{_xml(f'{result.sentence} {before}')}</summary>\n</entry>\n"
    )


def _ended(entry: LoadedRun) -> str:
    return entry.run.finished_at or entry.run.created_at


def _xml(text: str) -> str:
    return escape(visible(text))


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()


def _csv(rows: list[dict[str, Any]]) -> bytes:
    """Rows with their keys as the head. What a spreadsheet would run as a formula is quoted as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([[_cell(value) for value in row.values()] for row in rows])
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return value
