"""What reports say of calls: how many fit, which were left in the text, and accuracy by group."""

import json

from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.report import comparison, scores
from evalsite.report.asked import asked_besides
from evalsite.report.calls import call_facts, calls_json, group_rows
from evalsite.rundir.calls import CallCounts, CallGroup, CallTally
from evalsite.site.views.provenance import _besides
from evalsite.stats.compare.runs import compare_runs
from tests.make import SETTINGS, loaded_run


def run_with_calls(model="candidate"):
    loaded = loaded_run([1] * 6 + [0] * 4, 1, model=model)
    tallies = tuple(
        replace(tally, calls=CallTally(made=1, fitting=tally.c, called=1, parsed=1))
        for tally in loaded.summary.tallies
    )
    group = CallGroup(samples=5, passed=3, parsed=5)
    counts = CallCounts(
        made=10, fitting=6, called=10, leaked=2, families={"hermes": 2}, symptoms={"repeated_call": 1},
        groups={"a": group, "b": group},
    )  # fmt: skip
    return LoadedRun(loaded.dir, loaded.run, replace(loaded.summary, tallies=tallies, calls=counts))


def test_a_report_tells_of_calls():
    """By the schema with an interval, by the parser with what the score would be, by symptom and by group."""
    facts = dict(call_facts(run_with_calls()))
    assert facts["Calls"] == "10 calls in 10 of 10 answers"
    assert facts[""].startswith("60.0 % of them fit their tool's schema  (95 % interval ")
    assert facts["Left in the text"] == (
        "calls of 2 answers (20.0 %), which the server did not report: hermes 2; "
        "pass@1 would be 100.0 % with a parser that knows the syntax"
    )
    assert facts["Repeated call"] == "1 answer: the same call twice"
    reported = scores.Reported(run_with_calls())
    for text in (scores.as_text([reported]), scores.as_markdown([reported])):
        assert "with a working parser" in text
        (row,) = (line.replace("|", " ").split() for line in text.splitlines() if " b " in f" {line} ")
        assert row == ["b", "5", "60.0", "%", "100.0", "%"]
    told = json.loads(scores.as_json([reported]))["reports"][0]["calls"]
    group = {"samples": 5, "passed": 3, "passed_with_parser": 5}
    assert told == {
        "made": 10, "fitting_schema": 6, "answers_with_calls": 10, "answers_with_leaked_calls": 2,
        "leaked_by_family": {"hermes": 2}, "symptoms": {"repeated_call": 1},
        "groups": {"a": group, "b": group},
    }  # fmt: skip


def test_groups_stand_in_a_table_where_there_are_any():
    """A problem that is in none is in a group of its own then."""
    one = CallGroup(samples=1_200, passed=24, parsed=6)
    assert group_rows(CallCounts(groups={"": one})) == []
    assert group_rows(CallCounts(groups={"": one, "a": one})) == [
        ("(none)", "1,200", "2.0 %", "0.5 %"),
        ("a", "1,200", "2.0 %", "0.5 %"),
    ]


def test_a_report_without_calls_says_nothing_of_them():
    """Neither a fact nor a table; null for scripts."""
    plain = loaded_run([1, 0], 1)
    assert list(call_facts(plain)) == []
    assert "parser" not in scores.as_text([scores.Reported(plain)])
    assert calls_json(plain) is None


def test_scripts_read_what_a_comparison_says_of_calls():
    """The table of four, F1, kappa, the schema's difference with its decision."""
    found = compare_runs(run_with_calls("base"), run_with_calls())
    told = json.loads(comparison.as_json(found, lambda _problem: ""))["calls"]
    trigger = told["trigger"]
    assert (trigger["f1"], trigger["f1_high"], trigger["kappa"]) == (1.0, 1.0, None)
    assert [trigger[key] for key in ("both", "baseline_only", "candidate_only", "neither")] == [10, 0, 0, 0]
    assert trigger["num_problems"] == 10
    assert trigger["f1_low"] == found.calls.trigger.f1.interval.low
    assert (told["schema"]["difference"], told["leaked"]) == (0.0, {"base": 2, "candidate": 2})
    assert told["pass_at_1_with_parser"] == {"base": 1.0, "candidate": 1.0}
    plain = loaded_run([1, 0], 1)
    assert json.loads(comparison.as_json(compare_runs(plain, plain), lambda _problem: ""))["calls"] is None


def test_whether_a_call_had_to_be_made_is_told():
    """In a comparison of a run that had to with one that had not, beside the run's settings, and in the
    command that repeats it.
    """
    free, forced = run_with_calls("base"), run_with_calls()
    settings = replace(SETTINGS, tool_choice="required")
    forced = LoadedRun(forced.dir, replace(forced.run, settings=settings), forced.summary)
    found = compare_runs(free, forced)
    told = " ".join(found.reservations)
    assert "settings.tool_choice (auto against required), which decides whether a call" in told
    assert asked_besides(settings) == {"Tool choice": "required"}
    assert asked_besides(SETTINGS) == {}
    assert ("--tool-choice", "required") in list(_besides(settings))


def test_the_score_with_a_parser_is_of_samples():
    """Of two of each problem, one would pass; a problem without samples counts not."""
    loaded = loaded_run([1, 0, 0], [2, 2, 0])
    tallies = tuple(
        replace(tally, calls=CallTally(made=1, parsed=min(1, tally.n))) for tally in loaded.summary.tallies
    )
    group = CallGroup(samples=4, passed=1, parsed=2)
    counts = CallCounts(made=3, leaked=1, families={"hermes": 1}, groups={"": group})
    run = LoadedRun(loaded.dir, loaded.run, replace(loaded.summary, tallies=tallies, calls=counts))
    assert "pass@1 would be 50.0 % with" in dict(call_facts(run))["Left in the text"]
