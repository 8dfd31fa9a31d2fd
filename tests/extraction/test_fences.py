"""Finds the blocks of code in a chat answer: Markdown fences as models write them, and what replaces one."""

from hypothesis import given
from hypothesis import strategies as st

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
