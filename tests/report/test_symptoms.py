"""What a report says of symptoms."""

import json

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun
from evalsite.report.scores import Reported, as_json, as_text
from evalsite.report.symptoms import shifts_json, symptom_rows
from evalsite.rundir.symptoms import Symptom
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.intervals import estimate_share
from tests.make import loaded_run
from tests.stats.compare.test_symptoms import BASE, WORSE


def test_a_row_for_each_that_occurs() -> None:
    """The most frequent first, with what it means."""
    told = as_text([Reported(WORSE)])
    table = told[told.index("symptom ") :].splitlines()
    assert table[1].split()[:3] == ["loop", "200", "50.0"]
    assert table[1].endswith("its end repeats itself")
    assert table[2].split()[:3] == ["gibberish", "20", "5.0"]
    assert len(table) == 3
    counts = replace(WORSE.summary.symptoms, passed={"loop": 1_200})
    seldom = LoadedRun(WORSE.dir, WORSE.run, replace(WORSE.summary, symptoms=counts))
    assert [row[:4] for row in symptom_rows(seldom)] == [
        ("loop", "200", "50.0 %", "1,200"),
        ("gibberish", "20", "5.0 %", "0"),
    ]


def test_the_same_for_scripts() -> None:
    """All symptoms are named; shares are in [0, 1]."""
    (report,) = json.loads(as_json([Reported.of(WORSE, BASE)]))["reports"]
    found = report["symptoms"]
    assert set(found) == {"version", "any", *map(str, Symptom)}
    assert (found["loop"]["samples"], found["loop"]["share"], found["loop"]["passed"]) == (
        200,
        pytest.approx(0.5),
        0,
    )
    interval = estimate_share([8] * 20 + [2] * 20, [10] * 40).interval
    assert (found["loop"]["low"], found["loop"]["high"]) == (interval.low, interval.high)
    assert found["version"] == "1"
    assert found["refusal"] == {"samples": 0, "passed": 0, "share": 0.0, "low": None, "high": None}


def test_a_run_that_nobody_looked_at_says_what_to_do() -> None:
    """And has no figures."""
    run = loaded_run([1, 2], 3)
    told = as_text([Reported(run)])
    assert (
        "blank: 0 of 6 answers were looked at by one version of the rules; all are by: evalsite tally" in told
    )
    assert json.loads(as_json([Reported(run)]))["reports"][0]["symptoms"] is None


def test_shifts_are_told_to_scripts() -> None:
    """Each with both sides, its interval and its test; null where nothing can be compared."""
    shifts = compare_runs(BASE, WORSE).symptoms
    first, second = shifts_json(shifts)
    assert (first["symptom"], second["symptom"]) == ("loop", "gibberish")
    assert first["base"] == {"samples": 20, "share": 0.05}
    assert first["candidate"] == {"samples": 200, "share": pytest.approx(0.5)}
    told = [first[name] for name in ("difference", "low", "high", "p_value", "p_adjusted", "test")]
    loop = shifts[0]
    assert told == [
        loop.value, loop.interval.low, loop.interval.high, loop.p_value, loop.p_adjusted, loop.test,
    ]  # fmt: skip
    assert shifts_json(None) is None
