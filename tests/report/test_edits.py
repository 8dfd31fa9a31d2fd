"""What reports say of edits: how many can be read, apply and pass, by format and model."""

import json

from evalsite.report import comparison, scores
from evalsite.report.edits import edit_facts, edits_json
from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run
from tests.stats.compare.test_edits import BASE, CANDIDATE, RIGHT, run_with_edits


def test_a_report_tells_of_edits():
    """Each share with an interval; a run without edits has none."""
    facts = dict(edit_facts(CANDIDATE))
    assert facts["Edits"] == "asked for as unified diff"
    assert facts["Well-formed"].startswith("80.0 %  (95 % interval ")
    assert facts["Applied"].startswith("70.0 %")
    assert facts["Passed at the first turn"].startswith("50.0 %")
    assert "Passed at the first turn" not in dict(edit_facts(run_with_edits([RIGHT], turns=1)))
    assert list(edit_facts(loaded_run([1]))) == []
    assert edits_json(loaded_run([1])) is None


def test_several_runs_stand_in_a_table_by_format():
    """Whatever their order; a run of one turn has no first one."""
    whole = run_with_edits([RIGHT] * 4, model="other", name="whole", turns=1)
    reported = [scores.Reported(run) for run in (whole, CANDIDATE, BASE)]
    text = scores.as_text(reported)
    table = text[text.index("Edits, by format and model:") :].splitlines()[2:5]
    assert [" ".join(line.split()) for line in table] == [
        "unified diff candidate 100 80.0 % 70.0 % 70.0 % 50.0 %",
        "unified diff base 100 100.0 % 100.0 % 90.0 % 80.0 %",
        "whole file other 4 100.0 % 100.0 % 100.0 % -",
    ]
    assert "| unified diff | candidate |" in scores.as_markdown(reported)
    assert "Edits, by format" not in scores.as_text([scores.Reported(loaded_run([1]))] * 2)


def test_scripts_get_counts_and_differences():
    """In the interchange form, and in a comparison's."""
    told = json.loads(scores.as_json([scores.Reported(CANDIDATE)]))["reports"][0]["edits"]
    assert told == {
        "format": "udiff", "samples": 100, "well_formed": 80, "applied": 70, "passed_after_turn": [50, 70],
    }  # fmt: skip
    found = json.loads(comparison.as_json(compare_runs(BASE, CANDIDATE), lambda _task: ""))["edits"]
    assert found["formats"] == {"base": "udiff", "candidate": "udiff"}
    assert (found["applied"]["base"], found["applied"]["candidate"]) == (1.0, 0.7)
