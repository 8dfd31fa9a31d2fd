"""Exercises of several files: as records, and as folders."""

import json
import os

import pytest

from evalsite.datasets.reading import read_problems
from evalsite.edits.exercise import exercise_of
from evalsite.errors import DatasetError

RECORD = {
    "task_id": "rust/two",
    "language": "rust",
    "instructions": "Return two.",
    "solution": {"src/lib.rs": "pub fn two() -> i32 { todo!() }", "Cargo.toml": '[package]\nname = "two"\n'},
    "tests": {"tests/two.rs": "#[test] fn it() { assert_eq!(two::two(), 2) }"},
    "other": {},
    "example": {".meta/example.rs": "pub fn two() -> i32 { 2 }"},
}


def read(tmp_path, **changes):
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({**RECORD, **changes}) + "\n")
    return next(iter(read_problems(path)))


def test_a_record_is_an_exercise_whose_example_takes_the_names_of_its_files(tmp_path):
    """An example file solves the one with its suffix; the rest stays as it is."""
    problem = read(tmp_path)
    exercise = exercise_of(problem)
    assert (problem.kind, problem.language, problem.prompt) == ("exercise", "rust", "Return two.")
    assert exercise.reference == {**exercise.solution, "src/lib.rs": "pub fn two() -> i32 { 2 }"}


def test_an_example_by_the_names_of_the_files_is_taken_so(tmp_path):
    """Whatever their order."""
    example = {"Cargo.toml": "b", "src/lib.rs": "a"}
    assert exercise_of(read(tmp_path, example=example)).reference == example
    assert exercise_of(read(tmp_path, example={})).reference == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"solution": {"../lib.rs": ""}}, "solution.*leads out"),
        ({"tests": {"/tests/two.rs": ""}}, "tests.*absolute"),
        ({"other": {"src/lib.rs": ""}}, "more than one field"),
        ({"other": {"src": ""}}, "a file and a folder"),
        ({"tests": {"a.txt": ""}}, "holds no file that ends with .rs"),
        ({"solution": {"Cargo.toml": ""}}, "holds no file that ends with .rs"),
        ({"language": "cobol"}, "none of those that exercises run in"),
        ({"other": {f"{n}.txt": "" for n in range(600)}}, "all files together"),
    ],
)
def test_what_no_folder_could_hold_is_refused_with_its_field(tmp_path, changes, said):
    """Before anything is asked."""
    with pytest.raises(DatasetError, match=said):
        read(tmp_path, **changes)


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


EXERCISM = {
    ".meta/config.json": json.dumps(
        {"files": {"solution": ["two.go"], "test": ["two_test.go"], "example": [".meta/example.go"]}}
    ),
    ".meta/example.go": "package two // right",
    ".docs/introduction.md": "Begin.",
    ".docs/instructions.md": "Return two.",
    "two.go": "package two",
    "two_test.go": "package two // tests",
    "cases_test.go": "package two // cases",
    "go.mod": "module two",
}
PLAIN = {
    "instructions.md": "Return three.",
    "solution/three.py": "",
    "tests/three_test.py": "import three",
    "other/data/x.txt": "x",
    "example/three.py": "3",
}


def test_a_folder_of_exercises_is_read_whatever_its_depth(tmp_path):
    """Exercism's own folders, and plain ones, in the order of their paths."""
    write(tmp_path / "go/exercises/practice/two", EXERCISM)
    write(tmp_path / "three", PLAIN)
    two, three = read_problems(tmp_path)
    assert (two.task_id, three.task_id) == ("go/two", "python/three")
    found = exercise_of(two)
    assert found.instructions == "Begin.\nReturn two."
    assert set(found.other) == {"cases_test.go", "go.mod"}
    assert found.reference == {"two.go": "package two // right"}
    assert exercise_of(three).other == {"data/x.txt": "x"}


def test_a_folder_may_be_one_exercise(tmp_path):
    """Named itself."""
    write(tmp_path / "three", PLAIN)
    assert [each.task_id for each in read_problems(tmp_path / "three")] == ["python/three"]


@pytest.mark.parametrize("kind", ["link", "device", pytest.param("pipe", marks=pytest.mark.linux)])
def test_links_and_devices_are_not_followed(tmp_path, kind):
    """They are named, and nothing is read through them."""
    write(tmp_path / "three", PLAIN)
    place = tmp_path / "three/solution/extra.py"
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero" if kind == "device" else "/etc/passwd")
    with pytest.raises(DatasetError, match=r"extra\.py: is no plain file"):
        list(read_problems(tmp_path))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"readme": "x"}, "holds no exercise"),
        ({**EXERCISM, ".meta/config.json": "{"}, "cannot be read"),
        ({**EXERCISM, ".meta/config.json": '{"files": {"solution": ["no.go"]}}'}, "'no.go', which is not"),
        ({**EXERCISM, ".docs/instructions.md": "", ".docs/introduction.md": ""}, "has no instructions"),
        ({**PLAIN, "solution/three.py": "", "solution/three.cob": ""}, ""),
    ],
)
def test_what_is_missing_is_told_with_its_place(tmp_path, files, said):
    """And how an exercise looks."""
    write(tmp_path / "it", files)
    if not said:
        assert len(list(read_problems(tmp_path))) == 1
        return
    with pytest.raises(DatasetError, match=said):
        list(read_problems(tmp_path))
