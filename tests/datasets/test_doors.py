"""A data set is added in one place: a toy that is registered is found, asked, graded, reported and shown."""

import json

import msgspec
import pytest

from evalsite.datasets import KNOWN, load_dataset
from evalsite.datasets.base import Shape
from evalsite.datasets.catalogue.base import Known, Published
from evalsite.datasets.shapes import SHAPES
from tests.make import make_problem

RECORD = {
    "task_id": "Toy/0",
    "prompt": "def double(x):\n",
    "entry_point": "double",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
TOY = Known(files=(Published("toy.jsonl", "http://127.0.0.1:9/toy.jsonl"),), kinds=("code",))
ANSWERS = ("    return 2 * x\n", "    return x\n")


@pytest.mark.sandbox
def test_a_data_set_is_added_in_one_place(evalsite, environment, tmp_path, monkeypatch):
    """By its name alone, from where such files are kept, to a board of its own."""
    monkeypatch.setitem(KNOWN, "toy", TOY)
    cached = tmp_path / "home" / ".cache" / "evalsite" / "datasets" / "toy.jsonl"
    cached.parent.mkdir(parents=True)
    cached.write_text(json.dumps(RECORD))
    rows = [{"task_id": "Toy/0", "completion": answer} for answer in ANSWERS]
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    found = evalsite("import", "answers.jsonl", "--dataset", "toy", "--model-name", "m", "--workers", 1)
    assert found.returncode == 0, found.stderr
    report = json.loads(evalsite("report", found.stdout.strip(), "--format", "json").stdout)["reports"][0]
    assert (report["dataset_name"], report["pass_at_1"]["score"]) == ("toy", 0.5)
    assert evalsite("build", "--output", "site").returncode == 0
    assert ">toy</h2>" in (tmp_path / "site" / "index.html").read_text()


def test_a_data_set_is_offered_by_name(evalsite, monkeypatch):
    """Where another name is not known."""
    monkeypatch.setitem(KNOWN, "toy", TOY)
    found = evalsite("import", __file__, "--dataset", "toi", "--model-name", "m")
    assert found.returncode == 3
    assert "toy is meant, perhaps" in found.stderr


class Riddle(msgspec.Struct):
    """A record of another shape."""

    riddle: str


def test_a_shape_of_records_is_added_in_one_place(tmp_path, monkeypatch):
    """A record that has it becomes a problem, beside records of the shapes that were there."""
    shape = Shape(lambda fields: "riddle" in fields, Riddle, lambda record: make_problem(record.riddle))
    monkeypatch.setattr("evalsite.datasets.shapes.SHAPES", [shape, *SHAPES])
    path = tmp_path / "riddles.jsonl"
    path.write_text(f'{{"riddle": "What/1"}}\n{json.dumps(RECORD)}\n')
    assert [problem.task_id for problem in load_dataset("riddles", path).problems] == ["What/1", "Toy/0"]
