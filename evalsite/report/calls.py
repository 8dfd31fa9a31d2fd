"""What a report says of a run's calls of tools."""

from collections.abc import Iterator

import numpy as np

from evalsite.calls.reading import SYMPTOMS
from evalsite.counts.loaded import LoadedRun
from evalsite.report.documents import compared_json
from evalsite.rundir.calls import CallCounts
from evalsite.stats.compare.calls import CallComparison, calls_array
from evalsite.stats.compare.numbers import Decide
from evalsite.stats.intervals import estimate_share
from evalsite.words.cells import percent_limits
from evalsite.words.sentences import certainty, count, percent

GROUPS_HEADER = ("group", "samples", "accuracy", "with a working parser")


def call_facts(run: LoadedRun) -> Iterator[tuple[str, str]]:
    """Names and values of facts; none where no problem wants calls."""
    if not (calls := run.summary.calls):
        return
    graded = sum(group.samples for group in calls.groups.values())
    yield "Calls", f"{count(calls.made, 'call')} in {calls.called:,} of {count(graded, 'answer')}"
    if calls.made:
        made = calls_array(run, "made")
        estimate = estimate_share(calls_array(run, "fitting"), made)
        low, high = percent_limits(estimate.interval.low, estimate.interval.high)
        fit = f"{percent(estimate.value)} of them fit their tool's schema"
        yield "", f"{fit}  ({certainty(estimate.interval.confidence)} interval {low} to {high})"
    if calls.leaked:
        families = ", ".join(f"{name} {number}" for name, number in calls.families.items())
        parsed = float(np.mean(calls_array(run, "parsed")[run.n > 0] / run.n[run.n > 0]))
        left = f"calls of {count(calls.leaked, 'answer')} ({percent(calls.leaked / graded)})"
        would = f"pass@1 would be {percent(parsed)} with a parser that knows the syntax"
        yield "Left in the text", f"{left}, which the server did not report: {families}; {would}"
    for name, number in calls.symptoms.items():
        yield name.replace("_", " ").capitalize(), f"{count(number, 'answer')}: {SYMPTOMS.get(name, name)}"


def group_rows(calls: CallCounts) -> list[tuple[str, ...]]:
    """Rows of :data:`GROUPS_HEADER`, a group each; none where problems have no groups."""
    return [
        (name or "(none)", f"{group.samples:,}", percent(group.passed / group.samples),
         percent(group.parsed / group.samples))
        for name, group in calls.groups.items()
        if set(calls.groups) != {""}
    ]  # fmt: skip


def calls_json(run: LoadedRun) -> dict[str, object] | None:
    """The same for scripts; shares in [0, 1]."""
    if not (calls := run.summary.calls):
        return None
    return {
        "made": calls.made,
        "fitting_schema": calls.fitting,
        "answers_with_calls": calls.called,
        "answers_with_leaked_calls": calls.leaked,
        "leaked_by_family": calls.families,
        "symptoms": calls.symptoms,
        "groups": {
            name: {"samples": each.samples, "passed": each.passed, "passed_with_parser": each.parsed}
            for name, each in calls.groups.items()
        },
    }


def comparison_json(found: CallComparison | None, decided: Decide) -> dict[str, object] | None:
    """What a comparison says of calls, for scripts; shares in [0, 1]."""
    if found is None:
        return None
    trigger = found.trigger
    return {
        "trigger": None if trigger is None else {
            "both": trigger.both,
            "baseline_only": trigger.base_only,
            "candidate_only": trigger.candidate_only,
            "neither": trigger.neither,
            "num_problems": trigger.num_problems,
            "f1": None if trigger.f1 is None else trigger.f1.value,
            "f1_low": None if trigger.f1 is None else trigger.f1.interval.low,
            "f1_high": None if trigger.f1 is None else trigger.f1.interval.high,
            "kappa": trigger.kappa,
        },
        "schema": compared_json(found.schema, decided(found.schema)) if found.schema else None,
        "pass_at_1_with_parser": {"base": found.parsed[0], "candidate": found.parsed[1]},
        "leaked": {"base": found.leaked[0], "candidate": found.leaked[1]},
    }  # fmt: skip
