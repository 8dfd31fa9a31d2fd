"""Edits on pages: a diff a file, shares with intervals, and files as people read them."""

import pytest
from msgspec.structs import replace

from evalsite.edits.exercise import decode_files, encode_files
from evalsite.kinds.editing import readable
from evalsite.kinds.showing import shown_reference, shown_tests
from evalsite.rundir.schema import Verdict
from evalsite.site.views.edits import HEAD, MOST_LINES, compared_rows, diffs_of, edits_of, formats_of
from evalsite.stats.compare.edits import FIGURES
from evalsite.stats.compare.runs import compare_runs
from tests.edits.exercises import PROBLEMS
from tests.make import loaded_run, make_problem
from tests.stats.compare.test_edits import BASE, CANDIDATE, RIGHT, run_with_edits


def test_a_diff_shows_what_an_edit_changed():
    """Of each file that it did not leave alone."""
    (file,) = diffs_of(PROBLEMS["python"], PROBLEMS["python"].reference)
    assert file.path == "add.py"
    assert [(line.kind, line.text) for line in file.lines] == [
        ("at", "@@ -1,2 +1,2 @@"),
        ("", " def add(a, b):"),
        ("del", "-    pass"),
        ("add", "+    return a + b"),
    ]
    paths = [each.path for each in diffs_of(PROBLEMS["several"], PROBLEMS["several"].reference)]
    assert paths == ["pack/add.py", "twice.py"]
    assert [each.path for each in diffs_of(PROBLEMS["rust"], PROBLEMS["rust"].reference)] == ["src/lib.rs"]


def test_the_file_of_a_repair_is_one_too():
    """Where an edit was asked for."""
    repair = make_problem(kind="repair", prompt="def f():\n", faulty="    return 1\n", entry_point="f")
    assert diffs_of(repair, "def f():\n    return 2\n") == ()
    (file,) = diffs_of(replace(repair, edit_format="udiff"), "def f():\n    return 2\n")
    assert (file.path, file.lines[-1].text) == ("solution.py", "+    return 2")


@pytest.mark.parametrize("program", ["", "{}", "no json", '["a"]', '{"add.py": 1}'])
def test_what_is_no_map_of_files_breaks_no_page(program):
    """Programs may be imported, or be none."""
    assert list(diffs_of(PROBLEMS["python"], program)) == []


def test_two_runs_stand_in_a_table():
    """Each figure with its interval and verdict, and what passes in the end; formats are named."""
    found = compare_runs(BASE, CANDIDATE)
    rows = {row[0]: row[1:] for row in compared_rows(found)}
    assert list(rows) == [*FIGURES.values(), "Samples that pass after the last turn (pass@1)"]
    assert rows["Edits that apply"][:4] == ("100", "100.0", "70.0", "−30.0")
    assert rows["Edits that apply"][-1] == "missed"
    assert len(set(map(len, rows.values()))) == 1 == len({len(HEAD) - 1, *map(len, rows.values())})
    assert formats_of(found) == "as unified diff"
    other = compare_runs(BASE, run_with_edits([RIGHT] * 100, name="whole"))
    assert formats_of(other) == "the baseline as unified diff, the candidate as whole file"
    plain = compare_runs(loaded_run([1, 0], 1), loaded_run([1, 1], 1, model="b"))
    assert (compared_rows(plain), formats_of(plain)) == ((), "")


def test_hostile_and_endless_files_are_bounded():
    """Signs that turn text around are spelled out, and lines are counted."""
    text = "def add(a, b):\n    pass\n" + "x\u202e\n" * (MOST_LINES + 10)
    (file,) = diffs_of(PROBLEMS["python"], encode_files({"add.py": text}))
    assert len(file.lines) == MOST_LINES
    assert "\u202e" not in file.lines[-1].text
    assert "of 2,0" in file.note
    (file,) = diffs_of(PROBLEMS["python"], encode_files({"add.py": "x\n" * 1_000_000}))
    assert file.note == "too large to be compared line by line"


def test_files_are_read_as_one_text():
    """Each behind its path; a single one as it is, with the line that failed."""
    several = PROBLEMS["several"].reference
    verdict = Verdict(problem="p", sample=0, verdict="passed", rule="edit-udiff", program=several, line=3)
    shown = readable(verdict, "#")
    assert shown.program.startswith("# pack/__init__.py\n\n# pack/add.py\ndef add")
    assert shown.line is None
    one = readable(replace(verdict, program=PROBLEMS["python"].reference), "#")
    assert (one.program, one.line) == (decode_files(PROBLEMS["python"].reference)["add.py"], 3)
    assert readable(replace(verdict, rule="fenced"), "#").program == several
    assert readable(replace(verdict, program="x = 1"), "#").program == "x = 1"
    assert "# helper.py\nSEVEN = 7" in shown_tests(PROBLEMS["python"])
    assert shown_reference(PROBLEMS["go"]).startswith("package add")
    assert shown_tests(make_problem(tests="assert 1")) == "assert 1"


def test_a_run_shows_its_shares():
    """And a run without edits none."""
    assert [fact.name for fact in edits_of(CANDIDATE)] == [
        "Edits",
        "Well-formed",
        "Applied",
        "Passed at the first turn",
    ]
    assert edits_of(loaded_run([1])) == ()
