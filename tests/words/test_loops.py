"""Texts whose end repeats itself."""

import pytest

from evalsite.words.loops import LONGEST_TAIL, Loop, find_loop


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ab" * 30, Loop(2, 0)),
        ("Once: " + "The end. " * 9, Loop(9, 5)),
        ("x" * 47, None),
        ("x" * 48, Loop(1, 0)),
        ("A sentence of some length. " * 2, None),
        ("A sentence of some length. " * 4, Loop(27, 0)),
        ("The End. the end. THE END. the End. The end. the end.\n\n", Loop(9, 0)),
        ("abc " * 40 + "and then it went on to the end.", None),
        ("", None),
        ("One line.\nAnother line that is its own.\n", None),
    ],
)
def test_the_shortest_period_and_where_it_began(text: str, found: Loop | None) -> None:
    """Three periods and 48 characters, blanks at the end and capitals aside."""
    assert find_loop(text) == found


def test_counting_on_is_a_loop() -> None:
    """Where it goes on for long enough; positions are those of the text as it stands."""
    counted = "".join(f"If n is {n}, it is {n * 97}. " for n in range(95, 120))
    found = find_loop(f"Version 3.11 of it. {counted}")
    assert found == Loop(20, 18)
    assert find_loop("".join(f"{n} is {n}. " for n in range(7))) is None
    assert (
        find_loop("".join(f"row {n}: some words that make it long enough, {n}\n" for n in range(6))) is None
    )


def test_the_beginning_of_a_long_loop_is_found() -> None:
    """Though the period is looked for in its end alone."""
    assert find_loop("It begins: " + "and on " * LONGEST_TAIL) == Loop(7, 10)
    assert find_loop("z" * (LONGEST_TAIL // 2) + "".join(map(chr, range(300, 300 + LONGEST_TAIL)))) is None
