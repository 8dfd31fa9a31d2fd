"""A format is added in one place: a toy that is registered is found out, imported, exported and offered."""

import importlib
import json
import sys

import pytest

from evalsite.cli import export, importing
from evalsite.formats.exporting import WRITERS
from evalsite.formats.reading import READERS, Form
from evalsite.formats.writing import safe_name

FILE = '{"toy": "HumanEval/0", "says": "def has_close_elements(numbers, threshold):\\n    return False\\n"}\n'


def begins_toy(first):
    return isinstance(first, dict) and "toy" in first


def read_toy(path, tasks):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        row = json.loads(line)
        yield tasks.sample(tasks.find(f"{path}:{number}", row["toy"]), row["says"], "solution", claimed=True)


def write_toy(loaded, samples):
    rows = [{"toy": each.problem.task_id, "says": each.completion.text} for each in samples]
    yield f"{safe_name(loaded.id)}/toy.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.fixture
def toy(monkeypatch):
    """The toy through both doors, and the two commands as they are when first asked for after that."""
    monkeypatch.setitem(READERS, "toy", Form("toys", begins_toy, read_toy))
    monkeypatch.setitem(WRITERS, "toy", write_toy)
    for module in (importing, export):
        monkeypatch.setattr(sys.modules["evalsite.cli"], module.__name__.rpartition(".")[2], module)
        monkeypatch.delitem(sys.modules, module.__name__)
        importlib.import_module(module.__name__)


@pytest.mark.sandbox
def test_a_format_is_added_in_one_place(evalsite, tmp_path, toy):
    """The import tells it from others and grades it; what the export writes is what came in."""
    (tmp_path / "file").write_text(FILE)
    found = evalsite(
        "import", "file", "--dataset", "humaneval", "--model-name", "m", "--no-preflight", "--workers", 1
    )
    assert found.returncode == 0, found.stderr
    assert "0 of 1 agree with the verdicts" in " ".join(found.stderr.split())
    run = found.stdout.strip()
    found = evalsite("export", run, "--format", "toy", "--output", "out")
    assert found.returncode == 0, found.stderr
    assert (tmp_path / found.stdout.strip()).read_text() == FILE


def test_a_format_is_offered_by_name(evalsite, tmp_path, toy):
    """In the help of both commands, and where a file is none of those that are read."""
    for command in ("import", "export"):
        assert "toy" in evalsite(command, "--help").stdout.partition("--format")[2].partition("]")[0]
    (tmp_path / "file").write_text('{"unknown": 1}\n')
    found = evalsite("import", "file", "--dataset", "humaneval", "--model-name", "m")
    assert found.returncode == 3
    assert "toys" in found.stderr
