"""Reports: the interchange form is exact, percentages are of samples, blanks say why."""

import json
from dataclasses import replace

import pytest
from msgspec import structs

from evalsite.counts.tally import summarize
from evalsite.report.agents import agent_facts, agents_json
from evalsite.report.scores import Reported, as_json, as_markdown, as_text
from evalsite.rundir.agents import AgentCounts
from evalsite.rundir.schema import Dataset, Distribution, Model, Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.compare.runs import compare_runs
from evalsite.words.cells import moved
from tests.make import loaded_run, make_problem
from tests.report.helpers import loaded

SET = Dataset(name="demo", sha256="0" * 64, num_problems=164)


def test_the_interchange_form_is_what_scripts_read():
    """Keys, denominators and one error type for each failed sample."""
    run = loaded([["passed", "wrong_answer"], ["timeout", "runtime_error"]])
    (entry,) = json.loads(as_json([Reported(run)]))["reports"]
    assert entry["model_name"] == "model"
    assert entry["dataset_name"] == "demo"
    assert entry["pass_at_1"] == {"k": 1, "score": 0.25, "num_problems": 2, "num_solved": 1}
    assert entry["pass_at_2"]["score"] == 0.5
    assert entry["pass_at_10"] is None
    assert entry["per_problem_results"]["Demo/0"] == {
        "task_id": "Demo/0",
        "num_passed": 1,
        "num_total": 2,
        "avg_time_ms": 10.0,
        "error_types": ["AssertionError"],
    }
    assert sorted(entry["per_problem_results"]["Demo/1"]["error_types"]) == ["RuntimeError", "Timeout"]


def test_samples_that_shared_a_process_with_their_tests_are_counted():
    """In the text and for scripts; nothing is said where there are none."""
    run = loaded([["passed", "wrong_answer"], ["passed", "passed"]])
    rows = [Verdict(problem="Demo/1", sample=n, verdict="passed", in_process=True) for n in range(2)]
    shared = replace(run, summary=summarize(run.run, [make_problem("Demo/1")], [], rows))
    assert "In one process" not in as_text([Reported(run)])
    assert "2 samples with their tests" in as_text([Reported(shared)])
    found = [json.loads(as_json([Reported(each)]))["reports"][0]["in_process"] for each in (run, shared)]
    assert found == [0, 2]


def test_shares_are_of_samples_and_add_up():
    """Not of failures, not of problems."""
    run = loaded([["passed", "wrong_answer", "wrong_answer", "timeout"]])
    text = as_text([Reported(run)])
    assert "passed" in text
    shares = [
        float(line.split()[-2]) for line in text.splitlines() if line.endswith(" %") and "pass@" not in line
    ]
    assert shares == [25.0, 50.0, 25.0]


def test_a_k_above_n_is_blank_and_says_why():
    """pass@10 of three samples is nobody's guess."""
    run = loaded([["passed"] * 3])
    assert "blank: needs 10 samples of each problem, there are 3" in as_text([Reported(run)])


@pytest.mark.parametrize(
    ("passed", "decision"), [(164, "met"), (160, "met"), (148, "inconclusive"), (100, "missed")]
)
def test_the_table_says_what_the_comparison_says(passed, decision):
    """Difference, interval and decision are those of ``evalsite compare``; the baseline is marked."""
    run = loaded([["passed"]] * passed + [["wrong_answer"]] * (164 - passed), dataset=SET)
    base = loaded([["passed"]] * 164, "base", dataset=SET)
    found = compare_runs(base, run)
    text = as_text([Reported.of(base, base), Reported.of(run, base)])
    _, ours, theirs = text.splitlines()[:3]
    assert ours.split()[-3:] == ["-", "-", "baseline"]
    main = found.numbers.main
    difference, interval = moved(main.value, main.interval, 0.1, minus="-")
    assert theirs.split()[-5:] == [difference, *interval.split(), decision]
    assert f"{decision}: {found.headline}" in text
    entry = json.loads(as_json([Reported.of(run, base)]))["reports"][0]["against_baseline"]
    assert (entry["baseline"], entry["decision"], entry["num_problems"]) == ("base", decision, 164)


def test_a_trial_is_held_against_the_problems_that_both_have_and_is_pending():
    """A trial on the first problems is not held against the baseline's score on all of them."""
    four = Dataset(name="demo", sha256="0" * 64, num_problems=4)
    run = loaded([["passed"], ["wrong_answer"]], dataset=four)
    base = loaded([["passed"], ["passed"], ["wrong_answer"], ["wrong_answer"]], "base", dataset=four)
    reported = Reported.of(run, base)
    text = as_text([reported, reported])
    assert "-50.0 on 2" in text
    assert "pending: On 2 of 4 problems, pass@1 went from 100.0 % (model) to 50.0 % (model)" in text
    assert "The run run asks only 2 of the 4 problems of demo." in text


def test_without_a_baseline_there_is_nothing_to_say():
    """And the table says why."""
    run = loaded([["passed"]])
    assert as_text([Reported.of(run, None)] * 2).splitlines()[1].endswith("-         -  no baseline")
    assert json.loads(as_json([Reported.of(run, None)]))["reports"][0]["against_baseline"] is None


def test_missing_samples_are_told():
    """An incomplete run never looks complete."""
    run = loaded([["passed", "passed"], ["passed"]], status="incomplete")
    text = as_text([Reported(run)])
    assert "incomplete: 1 sample missing" in text


def test_an_unsandboxed_run_is_marked_loudly():
    """Whoever reads the report has to know."""
    from evalsite.rundir.schema import Grading

    run = loaded([["passed"]], grading=Grading(sandbox="process"))
    assert "NONE: generated code ran" in as_text([Reported(run)])


@pytest.mark.parametrize(
    ("token_s", "untimed", "lines"),
    [
        (None, {"together": 40}, ["Average latency  blank: 40 samples asked for several in a request"]),
        (0.01, {"shared": 3}, ["Average latency  10.0 ms per output token", "without 3 samples of which"]),
        (0.01, {}, ["Average latency  10.0 ms per output token"]),
        (None, None, []),
    ],
)
def test_a_time_per_token_that_is_none_is_blank_and_says_why(token_s, untimed, lines):
    """Nothing is shown for it that is no time of a sample's own."""
    run = loaded([["passed"]])
    times = Distribution(count=1, mean=token_s, p50=token_s, p95=token_s) if token_s else None
    run = replace(run, summary=structs.replace(run.summary, token_s=times, untimed=untimed))
    text = " ".join(as_text([Reported(run)]).split())
    assert all(" ".join(line.split()) in text for line in lines)
    assert ("Average latency" in text) == bool(lines)


def test_trials_stand_apart_from_runs_of_a_whole_data_set():
    """Their score is that of other problems."""
    four = Dataset(name="demo", sha256="0" * 64, num_problems=4)
    whole = loaded([["passed"]] * 4, "whole", dataset=four)
    trial = loaded([["passed"]] * 2, "trial", dataset=four)
    for form, title in ((as_text, "Trials, which ask"), (as_markdown, "## Trials, which ask")):
        text = form([Reported(trial), Reported(whole)])
        assert text.index("no baseline") < text.index(title), form
        assert text.count(title) == 1
    assert "Trials" not in as_text([Reported(trial)] * 2)


def test_one_model_asked_twice_and_what_is_missing_stand_beside_the_verdict():
    """Whoever reads no further than a report has read them; scripts, too."""
    named = Model(name="fp8", endpoints=("http://gpu:8081/v1",))
    base = loaded_run([1] * 60, 1, model="fp8")
    run = loaded_run([1] * 60, 1, missing=2)
    base, run = (
        replace(
            each,
            run=structs.replace(each.run, model=structs.replace(named, name=name)),
            summary=structs.replace(each.summary, answered_by={"fp8": 60}),
        )
        for each, name in ((base, "fp8"), (run, "fp8-ternary"))
    )
    reported = Reported.of(run, base)
    told = "Both runs were answered by fp8 at http://gpu:8081/v1: it may be one model under two names."
    lacking = "2 samples of the candidate are missing, seldom by mere chance. At worst"
    for text in (as_text([reported]), as_markdown([reported])):
        assert told in text
        assert lacking in text
    against = json.loads(as_json([reported]))["reports"][0]["against_baseline"]
    assert any(each.startswith(told) for each in against["reservations"])
    assert against["missing"].startswith(lacking)


def test_what_an_agent_took_is_told_a_transcript():
    """Turns, calls, tokens and seconds, why it ended, and what nobody could carry out."""
    run = loaded_run([1, 0, 0, 1], 1)
    agent = AgentCounts(samples=4, turns=10, calls=8, broken=2, tests=6, endings={"gave_up": 4})
    latency = Distribution(count=4, mean=2.5, p50=2.0, p95=4.0)
    summary = structs.replace(run.summary, agent=agent, prompt_tokens=8_000, completion_tokens=400)
    for each, took in ((None, ""), (latency, ", in 2.5 s of waiting for answers")):
        timed = replace(run, summary=structs.replace(summary, latency_s=each))
        assert [value for _, value in agent_facts(timed)] == [
            "2.5 turns and 2.0 calls a transcript, with 1.5 runs of the tests, in 4 transcripts",
            f"2,000 tokens read and 100 written a transcript{took}",
            "25.0 % of the calls could not be carried out by anybody",
            f"{VerdictClass.GAVE_UP.words} 4 (whether the tests passed then or not)",
        ]
        assert agents_json(timed) == {
            "transcripts": 4, "turns": 10, "calls": 8, "broken_calls": 2, "test_runs": 6,
            "prompt_tokens": 8_000, "completion_tokens": 400, "endings": {"gave_up": 4},
        }  # fmt: skip
    assert (list(agent_facts(run)), agents_json(run)) == ([], None)
