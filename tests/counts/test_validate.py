"""A recorded summary is held against the rows: older ones stay sound, wrong ones do not."""

import json

import pytest

from evalsite.counts.tally import NEWER
from evalsite.counts.validate import TWICE, find_faults
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record, write_run


@pytest.fixture
def run_dir(tmp_path):
    return write_run(tmp_path, "Toy", [10, 7, 0])


def change(run_dir, how):
    path = run_dir.path / "summary.json"
    summary = json.loads(path.read_text())
    path.write_text(json.dumps(how(summary)))


def without_newer(value):
    if isinstance(value, dict):
        return {key: without_newer(each) for key, each in value.items() if key not in NEWER}
    return value


def nudged(value, by):
    """The same with every measured time a little longer."""
    if isinstance(value, dict):
        return {key: nudged(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [nudged(each, by) for each in value]
    return value * by if isinstance(value, float) else value


def test_a_summary_from_before_a_field_was_counted_is_sound(run_dir):
    """Whoever upgrades evalsite has not broken the runs that are there."""
    change(run_dir, without_newer)
    assert find_faults(run_dir) == []


def test_the_order_in_which_floats_were_added_up_is_no_fault(run_dir):
    """A mean over the same rows in another order may differ in its last digit."""
    change(run_dir, lambda summary: nudged(summary, 1 + 1e-14))
    assert find_faults(run_dir) == []


@pytest.mark.parametrize(
    "how",
    [
        lambda summary: nudged(summary, 1.001),
        lambda summary: {**summary, "verdicts": {**summary["verdicts"], "passed": 18}},
        lambda summary: {**summary, "tallies": summary["tallies"][:2]},
        lambda summary: {**summary, "latency_s": None},
        lambda summary: {**summary, "latency_s": {**summary["latency_s"], "problems": 2}},
        lambda summary: {**summary, "answered_by": {"other": 30}},
    ],
)
def test_a_summary_that_says_something_else_is_a_fault(run_dir, how):
    """A wrong count, a missing problem, a missing measurement."""
    change(run_dir, how)
    assert any("summary.json does not agree" in fault for fault in find_faults(run_dir))


def answer(problem="Demo/0", sample=0):
    return Completion(problem=problem, sample=sample, text="x", form="completion")


def faults_of(tmp_path, *answers, problems=(0,), verdicts=(), **fields):
    """Of a run of two samples with these rows."""
    run = make_record(**{"num_samples": 2, "num_problems": len(problems), "status": "complete"} | fields)
    run_dir = RunDir.create(tmp_path, run, [make_problem(f"Demo/{number}") for number in problems])
    with run_dir.append_completions() as rows:
        for row in answers:
            rows.append(row)
    run_dir.write_verdicts([Verdict(problem=task, sample=n, verdict="passed") for task, n in verdicts])
    return [fault for fault in find_faults(run_dir) if "was changed after" not in fault]


@pytest.mark.parametrize("sample", [-1, 2])
def test_a_sample_out_of_range_is_named(tmp_path, sample):
    """Samples count from 0, and the run says how many there are."""
    assert faults_of(tmp_path, answer(sample=sample), verdicts=[("Demo/0", sample)]) == [
        f"completions.jsonl: Demo/0 has a sample {sample}, but the run asks for 2",
        f"verdicts.jsonl: Demo/0 has a sample {sample}, but the run asks for 2",
    ]


def test_a_row_that_stands_twice_is_named(tmp_path):
    """In either file; once for however many."""
    again = [("Demo/0", 0)] * 2
    assert faults_of(tmp_path, answer(), answer(), verdicts=again) == [
        f"completions.jsonl: Demo/0 sample 0 {TWICE}",
        f"verdicts.jsonl: Demo/0 sample 0 {TWICE}",
    ]


def test_an_unknown_problem_is_named(tmp_path):
    """In either file; the problem's name is quoted, whatever it is."""
    assert faults_of(tmp_path, answer("Other/7"), verdicts=[("Other/7", 0)]) == [
        "completions.jsonl: 'Other/7' is not in problems.jsonl",
        "verdicts.jsonl: 'Other/7' is not in problems.jsonl",
    ]


def test_the_number_of_problems_is_held_against_the_file(tmp_path):
    """As when a part of problems.jsonl was lost."""
    assert faults_of(tmp_path, problems=(0, 1), num_problems=3) == [
        "run.json says 3 problems, problems.jsonl holds 2"
    ]


def test_an_answer_without_a_verdict_is_named_once_the_run_has_ended(tmp_path):
    """While it goes on, answers wait for their grading."""
    rows = (answer(sample=1), answer(sample=0))
    assert faults_of(tmp_path / "ended", *rows, verdicts=[("Demo/0", 0)]) == [
        "completions.jsonl: Demo/0 sample 1 has no verdict: evalsite grade RUN"
    ]
    assert faults_of(tmp_path / "going on", *rows, verdicts=[("Demo/0", 0)], status="running") == []


def test_a_broken_file_ends_only_the_checks_that_need_it(tmp_path):
    """Both of two broken files are told."""
    run_dir = write_run(tmp_path, "Toy", [10, 7, 0])
    for name in ("completions.jsonl", "verdicts.jsonl"):
        with (run_dir.path / name).open("ab") as file:
            file.write(b"{}\n")
    told = find_faults(run_dir)
    assert [fault.partition(": ")[0].rpartition("/")[2] for fault in told] == [
        "completions.jsonl:31",
        "verdicts.jsonl:31",
    ]


PLAN = {"base": "big", "margin": 0.1, "stops": [1, 2, 3], "num_samples": 10}


def look(problems, samples=10, outcome="inconclusive"):
    return {"at": "", "num_problems": problems, "num_samples": samples, "outcome": outcome}


@pytest.mark.parametrize(
    ("plan", "looks", "said"),
    [
        (None, [look(3, 5, "not recorded"), look(3, 8, "not recorded")], ""),
        (PLAN, [look(1), look(2), look(3)], ""),
        (PLAN, [look(1), look(3)], ""),
        (PLAN, [look(2), look(3)], "the look at 1 problems is missing"),
        (None, [look(4)], "a look at 4 x 10, but the run asks for 3 x 10"),
        (None, [look(3, 11)], "a look at 3 x 11, but the run asks for 3 x 10"),
        (PLAN, [look(1), look(1)], "looks repeat"),
        (PLAN, [look(0)], "looks.jsonl:1: field `num_problems`: Expected `int` >= 1"),
        (PLAN, [look(2), look(1)], "looks repeat, or do not stand in the order"),
        (PLAN, [{**look(1), "outcome": "lucky"}], "looks.jsonl:1: field `outcome`"),
        (
            {**PLAN, "stops": [1, 3]},
            [look(1), look(2), look(3)],
            "a look at 2 problems, where `looks.stops` has none",
        ),
        ({**PLAN, "stops": [2, 1]}, [], "do not ascend to all problems"),
        ({**PLAN, "stops": [1, 2]}, [], "do not ascend to all problems"),
    ],
)
def test_looks_that_cannot_have_been_are_told(run_dir, plan, looks, said):
    record = json.loads((run_dir.path / "run.json").read_text())
    (run_dir.path / "run.json").write_text(json.dumps({**record, "looks": plan}))
    (run_dir.path / "looks.jsonl").write_text("".join(json.dumps(each) + "\n" for each in looks))
    faults = find_faults(run_dir)
    assert bool(faults) == bool(said), faults
    assert all(said in fault for fault in faults)


@pytest.mark.parametrize(("looks", "said"), [([1, 2], ""), ([1, 2, 3], ""), ([2, 3], "1"), ([1], "2")])
def test_the_look_at_what_was_asked_last_may_still_be_to_come(run_dir, looks, said):
    """A run that was ended between its answers and its look at them is sound; an earlier look is missing."""
    record = json.loads((run_dir.path / "run.json").read_text())
    record["dataset"]["num_problems"] = 4
    record["looks"] = {**PLAN, "stops": [1, 2, 3, 4]}
    (run_dir.path / "run.json").write_text(json.dumps(record))
    (run_dir.path / "looks.jsonl").write_text("".join(json.dumps(look(each)) + "\n" for each in looks))
    missing = [fault for fault in find_faults(run_dir) if "is missing" in fault]
    assert [fault.partition("look at ")[2].split()[0] for fault in missing] == said.split()
