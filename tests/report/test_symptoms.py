"""What a report says of symptoms."""

import json

import pytest

from evalsite.report.scores import Reported, as_json, as_text
from evalsite.rundir.symptoms import Symptom
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
    assert found["loop"]["low"] < 0.5 < found["loop"]["high"]
    assert found["refusal"] == {"samples": 0, "passed": 0, "share": 0.0, "low": None, "high": None}


def test_a_run_that_nobody_looked_at_says_what_to_do() -> None:
    """And has no figures."""
    run = loaded_run([1, 2], 3)
    told = as_text([Reported(run)])
    assert (
        "blank: 0 of 6 answers were looked at by one version of the rules; all are by: evalsite tally" in told
    )
    assert json.loads(as_json([Reported(run)]))["reports"][0]["symptoms"] is None
