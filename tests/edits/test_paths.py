"""Names that stay within a folder, and names that do not."""

import pytest

from evalsite.edits.paths import MOST_DEPTH, MOST_PATH, fault_of


@pytest.mark.parametrize(
    "path",
    [
        "a.py",
        "src/lib.rs",
        "tests/invalid/a.rs",
        "a-b_c.d/e f.txt",
        ".meta/x",
        "ünder.py",
        "..a/b..",
        "a" * MOST_PATH,
        "a/" * (MOST_DEPTH - 1) + "a",
    ],
)
def test_a_plain_name_has_no_fault(path):
    """Relative, by its parts, whatever letters it has."""
    assert fault_of(path) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "is empty"),
        ("../a.py", "leads out of the folder, by '..'"),
        ("a/../../b.py", "leads out of the folder, by '..'"),
        ("a\\..\\b.py", "leads out of the folder, by '..'"),
        ("/etc/passwd", "leads out of the folder: it is absolute"),
        ("//host/a", "leads out of the folder: it is absolute"),
        ("\\\\host\\a", "leads out of the folder: it is absolute"),
        ("~/.ssh/id", "leads out of the folder: it is absolute"),
        ("C:/a.py", "leads out of the folder: it is absolute"),
        ("c:a.py", "leads out of the folder: it is absolute"),
        ("/dev/null", "leads out of the folder: it is absolute"),
        ("a\x00.py", "holds control characters"),
        ("a\nb.py", "holds control characters"),
        ("a\ud800.py", "holds control characters"),
        *((f"a{sign}b", "holds control characters") for sign in "\x1f\x7f\x9f\u2028\u2029\udfff"),
        ("a\\b.py", "holds a backslash"),
        ("./a.py", "is not in its plain form"),
        ("a//b.py", "is not in its plain form"),
        ("a/", "is not in its plain form"),
        ("a /b", "is not in its plain form"),
        ("a" * (MOST_PATH + 1), "is too long"),
        ("a/" * MOST_DEPTH + "a", "is too long"),
    ],
)
def test_any_other_is_refused(path, why):
    """What leads out of a folder on any system, and what two programs may read differently."""
    assert fault_of(path) == why
