"""``evalsite compare``: two runs, problem by problem."""

import json
import re

import pytest

from evalsite.rundir.schema import Model, ModelCard, Verdict
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed
from tests.make import make_problem, make_record, write_answers, write_run


def test_a_run_is_not_compared_with_itself_by_mistake(evalsite, tmp_path):
    """It would always be met. With --force it can be seen, and nothing is concluded."""
    run_dir = RunDir.create(tmp_path / "runs", make_record("one"), [make_problem()])
    run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
    write_answers(run_dir, run_dir.verdicts())
    failed(evalsite("compare", "one", run_dir.path), 2, "one and the same run, one", "--force")
    forced = evalsite("compare", "one", "one", "--force")
    assert forced.returncode == 9
    assert "Both are one and the same run, one." in forced.stdout


ROLES = [
    ("candidate", "baseline", True),
    ("", "baseline", True),
    ("candidate", "", True),
    ("baseline", "", False),
    ("", "candidate", False),
    ("candidate", "candidate", False),
]


@pytest.mark.parametrize(("base", "candidate", "refused"), ROLES)
def test_swapped_roles_are_refused_with_the_command_that_is_right(
    evalsite, tmp_path, base, candidate, refused
):
    """What the model cards say is held against the arguments' order; --force is for those who mean it."""
    for name, role in (("one", base), ("two", candidate)):
        record = make_record(name, model=Model(name=name, card=ModelCard(role=role)))
        run_dir = RunDir.create(tmp_path / "runs", record, [make_problem()])
        run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
        write_answers(run_dir, run_dir.verdicts())
    done = evalsite("compare", "one", "two")
    assert (done.returncode == 2) == refused
    assert evalsite("compare", "one", "two", "--force").returncode == 9
    if refused:
        assert ("are swapped" in done.stderr) == bool(base and candidate)
        (line,) = re.findall(r"evalsite (compare .*?)  ", done.stderr)
        assert line == "compare runs/two runs/one"
        assert evalsite(*line.split()).returncode == 9


def test_a_card_is_over_all_that_was_measured(evalsite, runs):
    """By the names of two models or of their runs; its exit code is its verdict."""
    for model, passes in (("fp8", [4] * 60), ("ternary", [0] * 60)):
        write_run(runs, model, passes, n=4, dataset="mbpp-test", prefix="MBPP")
    done = evalsite("compare", "fp8", "ternary", "--card")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "MISSED. ternary against fp8")
    assert "mbpp-test                              60" in done.stdout
    assert done.stdout.count("not measured") == 7
    words = ("--format", "json", "--weights", "dataset", "--margin", "5")
    done = evalsite("compare", "fp8", "ternary", "--card", *words)
    found = json.loads(done.stdout)
    assert (done.returncode, found["weights"], found["decision"]) == (1, "dataset", "missed")
    assert found["margin"] == 0.05
    assert "| Functions |" in evalsite("compare", "fp8", "ternary", "--card", "--format=markdown").stdout
    failed(evalsite("compare", "fp8", "ternary", "--card", "--pool=all"), 2, "--pool is of several data sets")
    failed(evalsite("compare", "ternary", "fp8", "--card"), 2, "other way round")
    failed(evalsite("compare", "fp8", "nobody", "--card"), 5, "nobody")


def test_several_data_sets_are_one_verdict(evalsite, runs):
    """By the names of two models; the exit code is the verdict, and what cannot be meant is refused."""
    for model, passes in (("fp8", [4] * 60), ("ternary", [4] * 60)):
        write_run(runs, model, passes, n=4, dataset="mbpp-test", prefix="MBPP")
    done = evalsite("compare", "fp8", "ternary", "--pool", "all", "--margin", "30", "--chart", "forest.svg")
    assert (done.returncode, done.stdout[:24]) == (0, "MET. On all 72 problems ")
    assert "all together" in done.stdout
    assert "all together: met" in (runs.parent / "forest.svg").read_text("utf-8")
    failed(evalsite("compare", "fp8", "ternary", "--chart", "x.svg"), 2, "--pool all")
    for nothing in ("", " , "):
        failed(evalsite("compare", "fp8", "ternary", "--pool", nothing), 2, "--pool names no data set")
    nowhere = evalsite("compare", "fp8", "ternary", "--pool", "all", "--chart", "no/x.svg")
    failed(nowhere, 7, "no/x.svg")
    done = evalsite(
        "compare", "fp8", "ternary", "--pool=humaneval,mbpp-test", "--weights=dataset", "--format=json"
    )
    found = json.loads(done.stdout)
    assert (done.returncode, found["weights"], found["margin"]) == (9, "dataset", 0.1)
    failed(
        evalsite("compare", "fp8", "ternary", "--pool", "go"),
        2,
        "were not both asked go",
        "humaneval and mbpp-test",
    )
    failed(
        evalsite("compare", "ternary", "fp8", "--pool", "all"),
        2,
        "contradict a model card",
        "other way round",
    )
    failed(evalsite("compare", "fp8", "ternary", "--pool", "all", "--strict"), 2, "--strict is of two runs")
