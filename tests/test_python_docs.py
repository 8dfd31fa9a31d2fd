"""docs/python.md, docs/experiments.md and the notebook in examples/ do what they say, from top to bottom."""

import ast
import json
import re

import duckdb
import pytest

import evalsite
from evalsite.cli.main import run_command
from tests.conftest import ROOT
from tests.make import write_run

PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
EXPERIMENTS = (ROOT / "docs" / "experiments.md").read_text("utf-8")
NOTEBOOK = json.loads((ROOT / "examples" / "compare.ipynb").read_text("utf-8"))


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the runs of two models, to work in."""
    write_run(tmp_path / "runs", "fp8", [2, 1, 2], n=2, day="2026-11-18")
    write_run(tmp_path / "runs", "ternary", [2, 0, 0], n=2, day="2026-11-19")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def executed(cell, names):
    """Execute a cell; return the value of its last line where that is an expression, as a notebook does."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


@pytest.mark.sandbox
def test_the_pages_code_runs(place, capsys):
    """Each block after the one before it, in one interpreter."""
    names = {}
    for block in blocks(PAGE, "python"):
        executed(block, names)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"fp8 humaneval {5 / 6}"
    assert said[1] == "(3,) 5"
    assert "0 passed" in said
    assert any(re.fullmatch(r"1 (?!passed)\w+", line) for line in said)


def test_the_notebook_runs(place, capsys):
    """Cell by cell; it shows the comparison and a chart, and brings no output of its own along."""
    names, shown = {}, []
    for cell in NOTEBOOK["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"]
            shown.append(executed("".join(cell["source"]), names))
    found = next(value for value in shown if isinstance(value, evalsite.RunComparison))
    assert found.headline.split(".")[0] in re.sub(r"<[^>]+>", "", found._repr_html_())
    assert any(hasattr(value, "to_plotly_json") for value in shown)
    assert "def " in capsys.readouterr().out


def test_every_public_name_is_explained():
    """On the page, or by what it says of itself."""
    names = sorted(set(evalsite.__all__) - {"__version__"})
    said = re.findall(r"`(\w+)", PAGE)
    assert len(names) > 10
    assert set(names) <= set(said)
    assert all(getattr(evalsite, name).__doc__ for name in names)


def test_duckdb_answers_the_pages_questions(place):
    """From the files that the page's command writes."""
    assert run_command(["export", "--all", "--format", "parquet"]) == 0
    scores, problems = (duckdb.sql(query).fetchall() for query in blocks(EXPERIMENTS, "sql"))
    assert [(model, score, samples) for model, _, score, samples, _ in scores] == [
        ("fp8", pytest.approx(5 / 6), 6), ("ternary", pytest.approx(1 / 3), 6),
    ]  # fmt: skip
    assert {failure for *_, failure in scores} <= {"wrong_answer", "runtime_error"}
    assert [(problem, fp8, ternary) for problem, fp8, ternary, _ in problems] == [
        ("HumanEval/1", 1, 0), ("HumanEval/2", 1, 0),
    ]  # fmt: skip
    assert all("def " in program for *_, program in problems)


def test_mlflow_keeps_runs(place, monkeypatch):
    """In its store of files, with their own files beside the figures."""
    for name, value in {
        "MLFLOW_TRACKING_URI": "file:mlruns",
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }.items():
        monkeypatch.setenv(name, value)
    names = {}
    executed(blocks(EXPERIMENTS, "python")[0], names)
    kept = names["mlflow"].search_runs(experiment_names=["evalsite"], output_format="list")
    found = {run.data.params["model"]: run.data.metrics for run in kept}
    assert found == {
        "fp8": {"pass_at_1": pytest.approx(5 / 6), "samples": 6},
        "ternary": {"pass_at_1": pytest.approx(1 / 3), "samples": 6},
    }
    assert len(list(place.glob("mlruns/*/*/artifacts/verdicts.jsonl"))) == 2
