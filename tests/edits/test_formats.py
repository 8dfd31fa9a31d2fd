"""Edits as models write them: read in each format, and refused by the class of what is wrong."""

import pytest

from evalsite.edits.applying import EditError
from evalsite.edits.formats import FORMATS, guess_format, read_edit
from tests.edits.server import WRITE

FILES = {"add.py": "def add(a, b):\n    pass\n\n\ndef sub(a, b):\n    pass\n", "src/lib.rs": ""}
ONE = {"add.py": FILES["add.py"]}
RIGHT = "def add(a, b):\n    return a + b\n"


def refused(text, name, files=FILES):
    with pytest.raises(EditError) as caught:
        read_edit(text, name, files, ["add_test.py"])
    return caught.value.verdict.value, caught.value.message


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_changes_what_it_names_and_nothing_else(name):
    """One file of two."""
    edit = WRITE[name]({"add.py": (FILES["add.py"], RIGHT)})
    assert read_edit(edit, name, FILES) == {**FILES, "add.py": RIGHT}
    assert guess_format(edit) == name


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_fills_an_empty_file(name):
    """As stubs may be."""
    edit = WRITE[name]({"src/lib.rs": ("", "fn a() {}\n")})
    assert read_edit(edit, name, FILES)["src/lib.rs"] == "fn a() {}\n"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_two_files_and_line_ends_of_windows(name):
    """One after the other."""
    edit = WRITE[name]({"add.py": (FILES["add.py"], RIGHT), "src/lib.rs": ("", "x\n")})
    assert read_edit(edit.replace("\n", "\r\n"), name, FILES) == {"add.py": RIGHT, "src/lib.rs": "x\n"}


HEADS = [
    "add.py", "`add.py`", "**add.py**", "### add.py", "File: add.py", "1. `add.py`:", "./add.py", "add.py:",
    "Here is the new `add.py`:", "**`add.py`**", "add.py\n\n",
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS)
def test_a_file_is_named_as_models_name_it(head):
    """On the line before the block, in any markup."""
    assert read_edit(f"{head}\n```python\n{RIGHT}```", "whole", FILES)["add.py"] == RIGHT
    block = (
        f"{head}\n```python\n<<<<<<< SEARCH\n    pass\n\n\n=======\n    return a + b\n>>>>>>> REPLACE\n```"
    )
    assert "return a + b" in read_edit(block, "search-replace", FILES)["add.py"]


@pytest.mark.parametrize("info", ["python add.py", "python:add.py", 'python title="add.py"', "add.py"])
def test_a_file_may_be_named_behind_the_fence(info):
    """As some models do."""
    assert read_edit(f"Here:\n\n```{info}\n{RIGHT}```", "whole", FILES)["add.py"] == RIGHT


def test_the_only_file_needs_no_name():
    """Of one block; what is shown without a name beside named ones is an illustration."""
    assert read_edit(f"```python\n{RIGHT}```", "whole", ONE) == {"add.py": RIGHT}
    both = f"Run it:\n```sh\npytest\n```\n\nadd.py\n```python\n{RIGHT}```"
    assert read_edit(both, "whole", ONE) == {"add.py": RIGHT}
    assert refused(f"```python\n{RIGHT}```\n```python\n{RIGHT}```", "whole", ONE)[0] == "malformed_edit"


def test_a_longer_fence_holds_shorter_ones():
    """As Markdown has it."""
    text = 'def add():\n    """\n    ```\n    x\n    ```\n    """\n'
    assert read_edit(f"add.py\n````python\n{text}````", "whole", ONE) == {"add.py": text}


def test_blocks_apply_one_after_the_other():
    """The second finds what the first has made; a name holds until another comes."""
    edit = (
        "add.py\n<<<<<<< SEARCH\ndef sub(a, b):\n=======\ndef minus(a, b):\n>>>>>>> REPLACE\n"
        "<<<<<<< SEARCH\ndef minus(a, b):\n    pass\n=======\n>>>>>>> REPLACE\n"
    )
    assert read_edit(edit, "search-replace", ONE) == {"add.py": "def add(a, b):\n    pass\n\n\n"}


def test_numbers_tell_places_apart_that_read_the_same():
    """Otherwise they count for nothing: models cannot count."""
    hunk = "--- a/add.py\n+++ b/add.py\n@@ -{} +1 @@\n-    pass\n+    return 1\n"
    assert read_edit(hunk.format(6), "udiff", ONE)["add.py"].endswith("sub(a, b):\n    return 1\n")
    assert refused(hunk.format(99), "udiff", ONE)[0] == "edit_does_not_apply"
    only = "--- add.py\n+++ add.py\n@@ @@\n def sub(a, b):\n-    pass\n+    return a - b\n"
    assert read_edit(only, "udiff", ONE)["add.py"].endswith("return a - b\n")


def test_a_hunk_may_have_lost_the_blanks_of_empty_lines():
    """And the diff may end with some."""
    edit = "```diff\n--- add.py\n+++ add.py\n@@ @@\n     pass\n\n\n-def sub(a, b):\n+def minus(a, b):\n\n```"
    assert "def minus" in read_edit(edit, "udiff", ONE)["add.py"]


def test_a_file_without_a_last_line_end_can_be_edited():
    """Its last line is one like others."""
    for name in FORMATS:
        edit = WRITE[name]({"a.py": ("x = 1\n", "x = 2\n")})
        assert read_edit(edit, name, {"a.py": "x = 1"}) == {"a.py": "x = 2\n"}


NOTHING = ["", "I would rather not.", "The function is right as it is: `add(1, 2)`."]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", NOTHING)
def test_an_answer_without_an_edit_is_told(name, text):
    """Whatever else it says."""
    found, message = refused(text, name)
    assert found == "no_edit"
    assert FORMATS[name].title in message


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("whole", "add.py\n```python\ndef add():", "the block that begins at line 2 of the answer is never"),
        ("whole", "Here it is.\n```python\nx\n```", "no block of the answer has the path of a file"),
        ("search-replace", "add.py\n<<<<<<< SEARCH\na\n>>>>>>> REPLACE", "line 2 of the answer has no '===="),
        ("search-replace", "add.py\n<<<<<<< SEARCH\na\n=======\nb\n", "line 2 of the answer has no '>>>>"),
        ("search-replace", "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE", "no line before line 1"),
        ("search-replace", "add.py\na\n=======\nb\n>>>>>>> REPLACE", "line 5 of the answer"),
        ("udiff", "```diff\n--- add.py\n+++ add.py\n```", "no hunk (@@) follows"),
        ("udiff", "```diff\n@@ -1 +1 @@\n-a\n+b\n```", "belongs to no file"),
        ("udiff", "--- add.py\n+++ add.py\n@@ -1 +1 @@\n-a\nb\n", "line 5 of the answer begins with none of"),
        ("udiff", "--- add.py\n+++ add.py\n@@ -1 +1 @@\n", "holds no line"),
    ],
)  # fmt: skip
def test_an_edit_that_cannot_be_read_is_told_with_its_line(name, text, said):
    """So that people see what the model got wrong."""
    found, message = refused(text, name)
    assert found == "malformed_edit"
    assert said in message


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../add.py", "leads out of the folder, by '..'"),
        ("/etc/passwd", "it is absolute"),
        ("C:\\Windows\\win.ini", "it is absolute"),
        ("src/../../add.py", "leads out of the folder, by '..'"),
        ("~/.bashrc", "it is absolute"),
        ("add_test.py", "is not to be changed"),
        ("lib.rs", "src/lib.rs is meant, perhaps"),
        ("other.txt", "is none of the files that are to be changed"),
    ],
)
def test_an_edit_of_another_file_is_told_by_its_path(name, path, said):
    """Whether it leads out of the folder, is one of the tests, or is just not there."""
    found, message = refused(WRITE[name]({path: ("a\n", "b\n")}), name)
    assert found == "wrong_file"
    assert said in message


@pytest.mark.parametrize(
    "head",
    [
        "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd",
        "diff --git a/d b/d\nnew file mode 060000\n--- /dev/null\n+++ b/d\n@@ -0,0 +1 @@\n+x",
        "--- a/add.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-def add(a, b):",
        "--- /dev/null\n+++ /dev/sda\n@@ -0,0 +1 @@\n+x",
    ],
)
def test_links_devices_and_removals_are_wrong_files(head):
    """As diffs of git can ask for."""
    found, _ = refused(f"```diff\n{head}\n```\n", "udiff", ONE)
    assert found in ("wrong_file", "edit_does_not_apply")


@pytest.mark.parametrize("name", ["search-replace", "udiff"])
def test_what_does_not_stand_there_is_told_with_the_nearest_line(name):
    """Not found, not in this order, and found twice."""
    found, message = refused(WRITE[name]({"add.py": ("def add(a,b):\n", "x\n")}), name)
    assert found == "edit_does_not_apply"
    assert "no line is 'def add(a,b):'; the nearest is line 1, 'def add(a, b):'" in message
    _, message = refused(WRITE[name]({"add.py": ("    pass\ndef add(a, b):\n", "x\n")}), name)
    assert "its lines do, but not in this order" in message
    edit = WRITE[name]({"add.py": ("    pass\n", "x\n")})
    _, message = refused(edit.replace("-1 +1", "-40 +40"), name)
    assert "stands in add.py more than once: at lines 2 and 6" in message
    _, message = refused(WRITE[name]({"add.py": ("", "x\n")}), name)
    assert "which is not empty" in message


FLOOD = 3_000_000
FLOODS = {
    "whole": [
        "add.py\n```\n" + "x" * FLOOD + "\n```",
        "```\n" * 300_000,
        "`" * FLOOD,
        "x.py " * 100_000 + "\n```" + " " * FLOOD + "`\n```\nx\n```\n",
        "add.py\n```\nx\n```\n" * 5_000,
    ],
    "search-replace": [
        "add.py\n<<<<<<< SEARCH\n=======\n" + "x\n" * (FLOOD // 2) + ">>>>>>> REPLACE",
        "<<<<<<< SEARCH\n" * 150_000,
        "add.py\n" + "<<<<<<< SEARCH\na\n=======\na\n>>>>>>> REPLACE\n" * 30_000,
        "add.py\n<<<<<<< SEARCH\n" + "y" * FLOOD + "\n=======\n>>>>>>> REPLACE",
        "=" * FLOOD + "\n" + "<" * FLOOD,
    ],
    "udiff": [
        "--- add.py\n+++ add.py\n@@ -0,0 @@\n" + "+x\n" * 199_000,
        "--- add.py\n+++ add.py\n" + "@@ -1 @@\n-a\n+a\n" * 60_000,
        "@@\n" * 199_000,
        "--- a\n+++ a\n" * 90_000,
        "--- add.py\n+++ add.py\n@@ -1 @@\n-" + "y" * FLOOD + "\n",
    ],
}


@pytest.mark.parametrize(
    ("name", "number"), [(name, n) for name, each in FLOODS.items() for n in range(len(each))]
)
def test_a_flood_is_refused_and_costs_little(name, number):
    """Megabytes, a hundred thousand lines, thousands of pieces: a class, and no file without end."""
    files = {"add.py": "".join(f"line {n} of many\n" for n in range(3_000)), "sub.py": ""}
    found, message = refused(FLOODS[name][number], name, files)
    assert found in ("malformed_edit", "no_edit", "edit_does_not_apply", "wrong_file")
    assert len(message) < 600
