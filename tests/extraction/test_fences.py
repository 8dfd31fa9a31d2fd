"""Finds the blocks of code in a chat answer: Markdown fences as models write them, and what replaces one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.extraction.fences import fenced_blocks
from evalsite.languages.python import PYTHON
from tests.extraction.answers import FUNCTION, program


@given(
    st.sampled_from(["", "Sure!\n\n", "<think>\nHm.\n</think>\n"]),
    st.sampled_from(["```", "~~~", "````"]),
    st.sampled_from(["", "python", "py", "Python3", "{.python}", "python title='x.py'"]),
    st.sampled_from(["", "\n", "\nIt sums.\n", "\n| a | b |\n|---|---|\n"]),
)
def test_a_program_comes_out_of_any_wrapping_unchanged(
    before: str, fence: str, info: str, after: str
) -> None:
    """Whatever stands around it, the function is the one that the model wrote."""
    found = program(f"{before}{fence}{info}\n{FUNCTION}{fence}\n{after}")
    assert found.source.endswith(FUNCTION)
    assert found.rule == "fenced"


@pytest.mark.parametrize(
    "answer",
    [
        "```python\nx = 1\n```\n",
        "> ```python\n> x = 1\n> ```\n",
        "> ~~~python\n> x = 1\n> ~~~\n",
        "So:\n> ```python\n> x = 1\n> ```\nDone.",
        "> > ```python\n> > x = 1\n> > ```",
        "Here it is: ```python\nx = 1\n```",
        "The code (`x`) is ```python\nx = 1\n```",
    ],
)
def test_a_block_is_found_behind_a_quotes_mark_and_behind_prose(answer):
    """From the first line of the answer on."""
    found = fenced_blocks(answer, PYTHON.reading)
    assert [(block.source.strip(), block.language) for block in found] == [("x = 1", "python")]
