"""Languages whose source is scanned: what is a program, what it defines, and what is prose.

``programs.txt`` holds programs that define ``f``, with brackets in texts and comments.
"""

from pathlib import Path

import pytest

from evalsite.languages import LANGUAGES

PROGRAMS = [
    tuple(each.split("\n", 1))
    for each in Path(__file__).with_name("programs.txt").read_text().split("=== ")[1:]
]
"""Language and program."""


@pytest.mark.parametrize(("name", "source"), PROGRAMS)
def test_brackets_in_texts_and_comments_are_none(name: str, source: str) -> None:
    """Nor is what else only looks like one."""
    code = LANGUAGES[name].reading.parse(source)
    assert code is not None
    assert code.defines("f")
    assert not code.is_stub("f")


@pytest.mark.parametrize(("name", "source"), dict(reversed(PROGRAMS)).items())
def test_prose_is_no_program(name: str, source: str) -> None:
    """Sentences before and behind code, and half a program."""
    reading = LANGUAGES[name].reading
    assert reading.parse("This function works as follows.\nIt returns 2 numbers.\n") is None
    assert reading.parse(f"{source}\nThis function works in linear time.\n") is None
    assert reading.parse(source.rstrip()[: -len("end" if name == "ruby" else "}")]) is None


@pytest.mark.parametrize(("name", "source"), PROGRAMS)
def test_a_program_that_is_cut_off_anywhere_is_read(name: str, source: str) -> None:
    """Up to its end: what is whole of it begins as it does."""
    reading = LANGUAGES[name].reading
    for end in range(len(source)):
        cut = source[:end]
        whole = reading.last_complete(cut, ended=True)
        assert cut.startswith(whole.rstrip("\n"))
        assert isinstance(reading.complete(cut, cut, "f")[0], str)
