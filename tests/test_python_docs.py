"""docs/python.md and the notebook in examples/ do what they say, from top to bottom."""

import ast
import json
import re

import pytest

import evalsite
from tests.conftest import ROOT
from tests.make import write_run

PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
NOTEBOOK = json.loads((ROOT / "examples" / "compare.ipynb").read_text("utf-8"))


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the runs of two models, to work in."""
    write_run(tmp_path / "runs", "fp8", [2, 1, 2], n=2, day="2026-11-18")
    write_run(tmp_path / "runs", "ternary", [2, 0, 0], n=2, day="2026-11-19")
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
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
