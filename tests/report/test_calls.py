"""What reports say of calls: how many fit, which were left in the text, and accuracy by group."""

import json

from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.report import comparison, scores
from evalsite.report.asked import asked_besides
from evalsite.report.calls import call_facts, calls_json
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
    assert facts["Left in the text"].endswith(
        "hermes 2; pass@1 would be 100.0 % with a parser that knows the syntax"
    )
    assert facts["Repeated call"] == "1 answer: the same call twice"
    reported = scores.Reported(run_with_calls())
    for text in (scores.as_text([reported]), scores.as_markdown([reported])):
        assert "with a working parser" in text
        assert "60.0 %" in text
    told = json.loads(scores.as_json([reported]))["reports"][0]["calls"]
    assert told == calls_json(run_with_calls())
    assert told["groups"]["a"] == {"samples": 5, "passed": 3, "passed_with_parser": 5}


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
    assert told["trigger"]["f1"] == 1.0
    assert told["trigger"]["kappa"] is None
    assert told["schema"]["difference"] == 0.0
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
