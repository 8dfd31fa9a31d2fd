"""Where an expression ends that a text begins with."""

import pytest

from evalsite.kinds.expressions import until, within


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("42", "42"),
        (" [1, 2] # done", "[1, 2]"),
        ('"a # b", "message"', '"a # b"'),
        ("{'x': [1, (2, 3)]}\nassert f(2) == 3", "{'x': [1, (2, 3)]}"),
        ("'''a\n# b'''\n", "'''a\n# b'''"),
        (r"'it\'s, so' # it is", r"'it\'s, so'"),
        ("'never closed, # not", "'never closed, # not"),
        ("(1,\n 2)", "(1,\n 2)"),
    ],
)
def test_it_ends_at_a_mark_outside_of_brackets_and_texts(text: str, found: str) -> None:
    """Whatever stands within them."""
    assert until(text, ("\n", "#", ",")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("f(1, 2) == 3", "f(1, 2)"),
        ("f(')', (1, [2])) == 3 # (so)", "f(')', (1, [2]))"),
        ("f([\n1,\n2\n])", "f([\n1,\n2\n])"),
        ("f(1, 2\nand more", "f(1, 2"),
        ("none at all\nbut words", "none at all"),
        ("f(')", "f(')"),
        ("", ""),
    ],
)
def test_a_call_ends_where_its_bracket_is_closed(text: str, found: str) -> None:
    """Or else with its line."""
    assert within(text) == found
