"""Runs -> a report as text, Markdown, or the JSON interchange form. Pure: loaded runs in, strings out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec import to_builtins

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.times import why_untimed
from evalsite.report.agents import agent_facts, agents_json
from evalsite.report.asked import asked_in_words, part_in_words
from evalsite.report.calls import GROUPS_HEADER, call_facts, calls_json, group_rows
from evalsite.report.documents import as_document, interval_json
from evalsite.report.edits import TABLE_HEADER, edit_facts, edits_json, format_rows
from evalsite.report.symptoms import HEADER as SYMPTOMS_HEADER
from evalsite.report.symptoms import symptom_facts, symptom_rows, symptoms_json
from evalsite.report.tables import Table, escape_markdown, markdown_table, text_table
from evalsite.rundir.schema import Run, Summary
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.compare import explain
from evalsite.stats.compare.runs import RunComparison, compare_runs
from evalsite.stats.compare.sameness import same_model_twice
from evalsite.stats.decision import in_words
from evalsite.stats.intervals import Estimate, estimate_pass_at_k
from evalsite.stats.steadiness import changes_within
from evalsite.words.cells import HYPHEN, moved, percent_limits
from evalsite.words.commands import command
from evalsite.words.sentences import (
    certainty,
    count,
    excluded_sentences,
    figure,
    missing_module_sentences,
    part_sentences,
    percent,
)
from evalsite.words.text import shorten

Typed = Callable[..., str]
"""How a command of evalsite is written, from its words; a program that is not on the PATH has a path."""


@dataclass(frozen=True)
class Reported:
    """One run, and how it compares with its baseline (None: there is none, or it is the baseline)."""

    loaded: LoadedRun
    against: RunComparison | None = None
    is_baseline: bool = False

    @classmethod
    def of(cls, loaded: LoadedRun, baseline: LoadedRun | None) -> "Reported":
        """Compare a run with its baseline, which may be itself."""
        if baseline is None or baseline.id == loaded.id:
            return cls(loaded, is_baseline=baseline is not None)
        return cls(loaded, compare_runs(baseline, loaded))

    @property
    def run(self) -> Run:
        """The run's record."""
        return self.loaded.run

    @property
    def summary(self) -> Summary:
        """The run's counts."""
        return self.loaded.summary


def as_json(reports: Sequence[Reported]) -> str:
    """Return the interchange form that scripts read; ``docs/interchange.md`` describes it."""
    document = {"reports": [_interchange(reported) for reported in reports]}
    return as_document(document)


def as_text(reports: Sequence[Reported], typed: Typed = command) -> str:
    """Return a report for people; several runs get a comparison table first."""
    parts = [
        "\n".join((f"{title}:", table) if title else (table,))
        for title, table in _tables(reports, text_table)
    ]
    parts += [_single_text(reported, typed) for reported in reports]
    return "\n\n".join(parts)


def as_markdown(reports: Sequence[Reported]) -> str:
    """Return the same report as Markdown."""
    parts = [f"## {title or 'Comparison'}\n\n{table}" for title, table in _tables(reports, markdown_table)]
    parts += [_single_markdown(reported) for reported in reports]
    return "\n\n".join(parts)


def _interchange(reported: Reported) -> dict[str, object]:
    scores = {f"pass_at_{k}": _score(reported, k) for k in (1, 10)}
    scores |= {f"pass_at_{k}": _score(reported, int(k)) for k in reported.summary.pass_at}
    return {
        "model_name": reported.run.model.name,
        "dataset_name": reported.run.dataset.name,
        "run": reported.run.id,
        "num_samples": reported.run.num_samples,
        "prompt": reported.run.settings.prompt if reported.run.settings else None,
        "temperature": reported.run.settings.temperature if reported.run.settings else None,
        "excluded": reported.loaded.excluded,
        "in_process": reported.summary.in_process or 0,
        "missing_modules": reported.summary.missing_modules,
        "calls": calls_json(reported.loaded),
        "symptoms": symptoms_json(reported.loaded),
        "ended_loops": to_builtins(reported.summary.ended_loops or None),
        "edits": edits_json(reported.loaded),
        "agent": agents_json(reported.loaded),
        **scores,
        "parts": {
            part: {f"pass_at_{k}": score for k, score in found.items()}
            for part, found in reported.summary.pass_at_parts.items()
        },
        "intervals": {
            f"pass_at_{k}": interval_json(_estimate(reported, k).interval) for k in reported.summary.pass_at
        },
        "per_problem_results": {
            tally.problem: {
                "task_id": tally.problem,
                "num_passed": tally.c,
                "num_total": tally.n,
                **({"num_passed_by_part": tally.parts} if tally.parts else {}),
                "avg_time_ms": round(tally.execution_s * 1000, 3),
                "error_types": [
                    VerdictClass(kind).error_type
                    for kind, samples in tally.failures.items()
                    for _ in range(samples)
                ],
            }
            for tally in reported.loaded.scored
        },
        "against_baseline": _against_json(reported.against) if reported.against else None,
    }


def _against_json(found: RunComparison) -> dict[str, object]:
    main = found.numbers.main if found.numbers else None
    return {
        "baseline": found.base.id,
        "decision": found.decision,
        "sequential": bool(found.sequential),
        "sentence": found.headline,
        "num_problems": found.numbers.num_problems if found.numbers else 0,
        "total_problems": found.total_problems,
        "difference": main.value if main else None,
        "low": main.interval.low if main else None,
        "high": main.interval.high if main else None,
        "margin": found.numbers.margin if found.numbers else None,
        "confidence_in_excess": [found.excess.least, found.excess.most] if found.excess else None,
        "unchanged": found.num_unchanged,
        "reservations": found.reservations,
        "missing": found.missing.sentence if found.missing else None,
    }


def _score(reported: Reported, k: int) -> dict[str, object] | None:
    score = reported.summary.pass_at.get(str(k))
    if score is None:
        return None
    return {
        "k": k,
        "score": score,
        "num_problems": len(reported.loaded.scored),
        "num_solved": reported.loaded.num_solved,
    }


def _tables(reports: Sequence[Reported], table: Table) -> Iterator[tuple[str, str]]:
    """Several runs side by side: (title, table), trials apart from runs that ask all of their data set."""
    if len(reports) < 2:
        return
    whole = [reported for reported in reports if reported.loaded.asks_all]
    trials = [reported for reported in reports if not reported.loaded.asks_all]
    yield "", _comparison(whole or trials, table)
    if whole and trials:
        yield "Trials, which ask a part of their data set", _comparison(trials, table)
    if rows := format_rows([each.loaded for each in reports], [_named(each) for each in reports]):
        yield "Edits, by format and model", table(TABLE_HEADER, rows)


def _comparison(reports: Sequence[Reported], table: Table) -> str:
    header = (
        "model",
        "data set",
        "pass@1",
        "pass@10",
        "solved at least once",
        "delta",
        "interval",
        "decision",
    )
    return table(
        header,
        [
            (
                _named(reported),
                reported.run.dataset.name,
                _percent(reported.summary.pass_at.get("1")),
                _percent(reported.summary.pass_at.get("10")),
                HYPHEN if reported.loaded.is_ungraded else _solved(reported.loaded),
                *_against_cells(reported),
            )
            for reported in reports
        ],
    )


def _solved(run: LoadedRun) -> str:
    return f"{run.num_solved}/{len(run.scored)}"


def _answered(run: LoadedRun) -> str:
    """How many samples there are: the graded ones, or the answers that nobody graded yet."""
    if run.is_ungraded and run.dir.has_completions():
        return f"{count(sum(1 for _ in run.dir.completions()), 'answer')}, not graded yet"
    return count(run.num_samples, "sample")


def _named(reported: Reported) -> str:
    """The model's name, with what has to be known when its scores stand beside others."""
    marks = ["baseline"] if reported.is_baseline else []
    if reported.run.status != "complete":
        marks.append(reported.run.status)
    return reported.run.model.name + (f" ({', '.join(marks)})" if marks else "")


def _against_cells(reported: Reported) -> tuple[str, str, str]:
    """Points won or lost against the baseline, their interval, and what is concluded."""
    found = reported.against
    if found is None or found.numbers is None:
        return "-", "-", "baseline" if reported.is_baseline else found.decision if found else "no baseline"
    main, used = found.numbers.main, found.numbers.num_problems
    over = "" if used == found.total_problems else f" on {used}"
    difference, interval = moved(main.value, main.interval, found.numbers.margin, HYPHEN)
    return f"{difference}{over}", interval, in_words(found.decision, sequential=bool(found.sequential))


def _facts(reported: Reported, typed: Typed = command) -> list[tuple[str, str]]:
    run, summary = reported.run, reported.summary
    part = run.num_problems < run.dataset.num_problems
    asked = f"{run.num_problems:,} of " if part else ""
    asked += count(run.dataset.num_problems if part else run.num_problems, "problem")
    asked += f" ({picked})" if (picked := part_in_words(run)) else ""
    facts = [
        ("Model", run.model.name),
        ("Data set", f"{run.dataset.name}, {asked}, {_answered(reported.loaded)}"),
        ("Run", run.id),
        ("Asked", asked_in_words(run)),
    ]
    if run.status != "complete":
        facts.append(("Status", f"{run.status}: {count(reported.loaded.num_missing, 'sample')} missing"))
        facts += [("Missing", f"{number:,} x {shorten(why, 200)}") for why, number in run.lost.items()]
    if run.grading and run.grading.ran_freely:
        facts.append(("Sandbox", "NONE: generated code ran with the user's own rights"))
    facts += [("Excluded", told) for told in excluded_sentences(reported.loaded.excluded)]
    facts += [("Not installed", told) for told in missing_module_sentences(summary.missing_modules)]
    facts += [("Warning", change) for change in changes_within(run, summary, reported.loaded.retested)]
    if summary.in_process:
        shared = f"{count(summary.in_process, 'sample')} with their tests, which they could have changed"
        facts.append(("In one process", shared))
    solved = f"{_solved(reported.loaded)} solved at least once"
    facts += [
        (f"pass@{k}", f"{_percent(score)}  ({solved})  {_interval(reported, k)}")
        for k, score in summary.pass_at.items()
    ]
    facts += [("Parts", told) for told in part_sentences(summary.pass_at_parts)]
    if reported.loaded.is_ungraded:
        facts.append(("pass@k", f"blank: not graded yet, {typed('grade', reported.loaded.dir.path)}"))
    elif not summary.pass_at:
        facts.append(("pass@k", "blank: at least one problem has no sample"))
    elif "10" not in summary.pass_at:
        fewest = min(tally.n for tally in reported.loaded.scored)
        facts.append(("pass@10", f"blank: needs 10 samples of each problem, there are {fewest}"))
    facts += [*call_facts(reported.loaded), *agent_facts(reported.loaded)]
    facts += symptom_facts(reported.loaded)
    facts += edit_facts(reported.loaded)
    if summary.execution_s and not summary.calls:
        facts.append(("Average execution time", figure(1000 * summary.execution_s.mean, "ms")))
    facts += _token_time(summary)
    if found := reported.against:
        decision = in_words(found.decision, sequential=bool(found.sequential))
        facts.append(("Against the baseline", f"{decision}: {found.headline}"))
        if found.numbers and found.excess:
            facts.append(("", explain.excess(found.excess, found.numbers.margin)))
        facts += [("", found.missing.sentence)] if found.missing else []
        facts += [("Warning", told) for told in same_model_twice(found.base, found.candidate)]
        facts.append(("", f"more: {typed('compare', found.base.dir.path, reported.loaded.dir.path)}"))
    return facts


def _estimate(reported: Reported, k: str) -> Estimate:
    return estimate_pass_at_k(reported.loaded.n, reported.loaded.c, int(k))


def _interval(reported: Reported, k: str) -> str:
    interval = _estimate(reported, k).interval
    low, high = percent_limits(interval.low, interval.high)
    return f"{certainty(interval.confidence)} interval {low} to {high}"


def _token_time(summary: Summary) -> Iterator[tuple[str, str]]:
    why = why_untimed(summary)
    if summary.token_s:
        yield "Average latency", f"{figure(1000 * summary.token_s.mean, 'ms')} per output token"
        if why:
            yield "", f"without {why}"
    elif why:
        yield "Average latency", f"blank: {why}"


def _breakdown(reported: Reported) -> list[tuple[str, str, str]]:
    total = reported.loaded.num_samples
    ordered = sorted(reported.summary.verdicts.items(), key=lambda item: (item[0] != "passed", -item[1]))
    return [(kind, str(number), percent(number / total)) for kind, number in ordered]


_BREAKDOWN_HEADER = ("verdict", "samples", "share of samples")


def _tables_of(reported: Reported) -> Iterator[tuple[Sequence[str], Sequence[tuple[str, ...]]]]:
    """Header and rows of each table below a run's facts."""
    calls = reported.summary.calls
    if calls and (rows := group_rows(calls)):
        yield GROUPS_HEADER, rows
    if verdicts := _breakdown(reported):
        yield _BREAKDOWN_HEADER, verdicts
    if symptoms := symptom_rows(reported.loaded):
        yield SYMPTOMS_HEADER, symptoms


def _single_text(reported: Reported, typed: Typed) -> str:
    facts = _facts(reported, typed)
    width = max(len(name) for name, _ in facts)
    lines = [f"{name.ljust(width)}  {value}" for name, value in facts]
    tables = [text_table(*table) for table in _tables_of(reported)]
    return "\n\n".join(("\n".join(lines), *tables))


def _single_markdown(reported: Reported) -> str:
    title = f"## {escape_markdown(reported.run.model.name)} on {escape_markdown(reported.run.dataset.name)}"
    facts = markdown_table(("", ""), _facts(reported))
    tables = [markdown_table(*table) for table in _tables_of(reported)]
    return "\n\n".join((title, facts, *tables))


def _percent(score: float | None) -> str:
    return "-" if score is None else percent(score)
