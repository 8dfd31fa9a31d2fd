"""What an agent's tools do, and that none of them leads out of the folder or changes a test."""

import pytest

from evalsite.agents.tools import MOST_SHOWN, Folder, broken
from evalsite.calls.reading import Call
from evalsite.edits.exercise import Exercise
from tests.edits.exercises import PYTHON, RUST, SEVERAL


def edit(folder, path, old, new):
    return folder.carry_out(Call("edit_file", {"path": path, "old": old, "new": new}))


def test_files_are_listed_with_what_may_be_changed():
    """And with their sizes in bytes."""
    listed = Folder.of(SEVERAL).carry_out(Call("list_files", {})).text.splitlines()
    assert listed == [
        "data/x.txt, 1 bytes (stays as it is)",
        "pack/__init__.py, 0 bytes",
        "pack/add.py, 24 bytes",
        "twice.py, 13 bytes",
        f"twice_test.py, {len(SEVERAL.tests['twice_test.py'])} bytes (stays as it is)",
    ]


def test_every_file_can_be_read_tests_too():
    """As it is now."""
    folder = Folder.of(PYTHON)
    edit(folder, "add.py", "pass", "return 1")
    read = [folder.carry_out(Call("read_file", {"path": path})).text for path in ("add.py", "./helper.py")]
    assert read == ["def add(a, b):\n    return 1\n", "SEVEN = 7\n"]
    assert (
        Folder.of(SEVERAL).carry_out(Call("read_file", {"path": "pack/__init__.py"})).text
        == "(the file is empty)"
    )


def test_an_edit_changes_what_stands_there_once():
    """Anything else changes nothing, and is told."""
    folder = Folder.of(Exercise(instructions="", solution={"a.py": "x = 1\ny = 1\n"}, tests={}))
    assert edit(folder, "a.py", "x = 1", "x = 2").changed
    assert folder.files == {"a.py": "x = 2\ny = 1\n"}
    for old, said in (("1\ny", "nowhere"), (" = ", "2 times"), ("z", "nowhere")):
        result = edit(folder, "a.py", old, "q")
        assert (result.changed, result.broken) == (False, False)
        assert said in result.text
    assert not edit(folder, "a.py", "x = 2", "x = 2").changed
    assert edit(folder, "a.py", "", "all new\n").changed
    assert folder.files == {"a.py": "all new\n"}


PATHS = (
    "../add.py", "/etc/passwd", "a/../../x", "~/x", "C:\\x", "..\\x", "add.py/../../x", "/proc/self/mem",
    "/dev/zero", "\x00", "a\nb", "", ".", "new.py", "pack", "x" * 5000, "add.py\x00", "//add.py",
    "./../add.py",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=[f"path{n}" for n in range(len(PATHS))])
def test_no_path_leads_anywhere_else(path):
    """To read or to write: there is no such file, and nothing is made."""
    folder = Folder.of(PYTHON)
    for result in (edit(folder, path, "", "gotcha"), folder.carry_out(Call("read_file", {"path": path}))):
        assert "Nothing was done" in result.text
        assert not result.changed
        assert "root:" not in result.text
    assert folder.files == PYTHON.solution


@pytest.mark.parametrize("path", ["add_test.py", "helper.py", "./add_test.py"])
def test_tests_stay_as_they_are(path):
    """And so does what lies beside them."""
    folder = Folder.of(PYTHON)
    result = edit(folder, path, "", "")
    assert "is not to be changed" in result.text
    assert edit(Folder.of(RUST), "src/inner.rs", "", "x").changed is False
    assert folder.given == {**PYTHON.tests, **PYTHON.other}


def test_floods_are_bounded():
    """What is shown, and what is written."""
    folder = Folder.of(Exercise(instructions="", solution={"a.py": "x" * 100_000}, tests={}))
    shown = folder.carry_out(Call("read_file", {"path": "a.py"})).text
    assert len(shown) < MOST_SHOWN + 100
    assert "84,000 characters left out" in shown
    assert "larger than" in edit(folder, "a.py", "", "y" * 5_000_000).text
    for _ in range(30):  # doubling
        edit(folder, "a.py", "", folder.files["a.py"] * 2)
    assert len(folder.files["a.py"]) < 3_000_000


def test_half_characters_reach_no_file():
    """No file can keep them."""
    folder = Folder.of(PYTHON)
    assert "half a character" in edit(folder, "add.py", "", "\ud800").text
    assert folder.carry_out(Call("read_file", {"path": "\ud800"})).text.encode()


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (Call("list_files", {"path": "."}), "do not fit"),
        (Call("read_file", {}), "do not fit"),
        (Call("read_file", {"path": 7}), "do not fit"),
        (Call("edit_file", {"path": "add.py", "new": "x"}), "do not fit"),
        (Call("rm", {}), "there is no tool rm"),
        (Call("", {}), "there is no tool without a name"),
        (Call("run_tests", None, "no JSON: cut off"), "are no JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name or "nameless",
)
def test_a_call_that_nobody_can_carry_out_is_told(call, why):
    """With the tools that there are, or what its arguments lack."""
    assert why in broken(call)
    result = Folder.of(PYTHON).carry_out(call)
    assert result.broken
    assert why in result.text
