"""Symptoms on a run's page, on a sample's, and on a comparison's."""

import dataclasses

from msgspec import structs

from evalsite.rundir.schema import Verdict
from evalsite.rundir.symptoms import Symptoms
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.urls import Urls
from evalsite.site.views.symptoms import (
    HEAD,
    frequent,
    shift_paths,
    shift_rows,
    symptom_fact,
    symptoms_of,
)
from evalsite.stats.compare.runs import compare_runs
from tests.make import loaded_run
from tests.stats.compare.test_symptoms import BASE, WORSE

URLS = Urls.of([BASE.id, WORSE.id], WORSE.task_ids)


def test_a_run_s_page_leads_to_the_answers() -> None:
    """The most frequent symptom first, with the problems that have it."""
    shown = symptoms_of(WORSE, URLS)
    assert [(share.mark.word, share.samples, share.percent) for share in shown.shares] == [
        ("loop", "200", "50.0"),
        ("gibberish", "20", "5.0"),
    ]
    assert [problem.label for problem in shown.shares[1].problems] == [
        "HumanEval/0",
        "HumanEval/1",
        "HumanEval/2",
    ]
    assert shown.shares[1].more == "and 17 more"
    assert shown.note.endswith("Shares are of answers.")


def test_a_run_that_nobody_looked_at_says_so() -> None:
    """If it was looked at in part; one from before there were symptoms says nothing of them."""
    summary = structs.replace(WORSE.summary, verdicts={"wrong_answer": 401})
    shown = symptoms_of(dataclasses.replace(WORSE, summary=summary), URLS)
    assert shown.shares == ()
    assert shown.note.startswith("Not shown: 400 of 401 answers were looked at")
    assert symptoms_of(loaded_run([1, 2], 3), URLS).note == ""


def test_a_sample_tells_its_own() -> None:
    """Of a loop, its period and where it began."""
    found = Symptoms(version="1", names=("loop", "prose_only"), period=9, began=1200)
    row = Verdict(problem="a", sample=0, verdict=VerdictClass.TRUNCATED, symptoms=found)
    assert [fact.value for fact in symptom_fact(row)] == ["loop (of 9 characters, from 1,200 on), prose only"]
    assert list(symptom_fact(Verdict(problem="a", sample=0, verdict=VerdictClass.PASSED))) == []


def test_a_comparison_has_a_row_for_each() -> None:
    """Both shares, the difference with its interval, and the corrected p-value."""
    rows = shift_rows(compare_runs(BASE, WORSE).symptoms or ())
    assert {len(row) for row in rows} == {len(HEAD)}
    assert rows[0][0] == "loop"
    assert rows[0][2:5] == ("5.0 %", "50.0 %", "+45.0")
    assert rows[0][6] == "p < 0.001"


def test_shares_of_a_comparison_lead_to_the_failed_answers_that_have_it() -> None:
    """Of each run to its own; of one that has none, or of an archived one, nowhere."""
    shifts = compare_runs(BASE, WORSE).symptoms or ()
    (first, *_) = shift_paths(shifts, (BASE, WORSE), URLS)
    assert first[2:4] == tuple(f"{URLS.failures(run.id)}#symptom=loop" for run in (BASE, WORSE))
    assert (first[:2], first[4:]) == (("", ""), ("", "", ""))


def test_a_symptom_is_a_run_s_from_one_in_a_hundred_answers_on() -> None:
    """By which the front page filters; of a run that nobody looked at none is known."""
    assert frequent(WORSE) == ("loop", "gibberish")
    assert frequent(BASE) == ("loop",)
    assert frequent(loaded_run([1, 2], 3)) == ()
