"""Where along a text the next token is asked for."""

import pytest

from evalsite.distance.positions import choose, places

CODE = "def add(a, b):\n    return a + total_of(b, 12)  # fine\n"
PLACES = [
    "(",
    ",",
    " b",
    ")",
    " return",
    " a",
    " +",
    " total",
    "_",
    "(",
    ",",
    " 12",
    ")",
    " #",
    " fine",
    "\n",
]


def test_places_are_those_where_every_tokenizer_parts():
    """The end of a word or number, and a space that a word follows; neither within words nor in brackets."""
    found = places(CODE, 4)
    assert [CODE[at:].startswith(word) for at, word in zip(found, PLACES, strict=True)] == [True] * len(
        PLACES
    )
    assert places(CODE, len(CODE) - 1) == [len(CODE) - 1]
    assert places("", 0) == []


SIZES = [
    ({"a": 100, "b": 100}, 10, {"a": 5, "b": 5}),
    ({"a": 2, "b": 100}, 10, {"a": 2, "b": 8}),
    ({"a": 2, "b": 3}, 10, {"a": 2, "b": 3}),
    ({"a": 5, "b": 5, "c": 5}, 4, {"a": 2, "b": 1, "c": 1}),
    ({"a": 0, "b": 5}, 3, {"a": 0, "b": 3}),
]


@pytest.mark.parametrize(("sizes", "wanted", "shares"), SIZES)
def test_places_are_shared_out_evenly(sizes, wanted, shares):
    """What a short text lacks is taken from longer ones."""
    chosen = choose({problem: range(size) for problem, size in sizes.items()}, wanted, seed=0)
    assert {problem: len(each) for problem, each in chosen.items()} == shares
    assert list(chosen["b"]) == sorted(set(chosen["b"]))


def test_a_seed_decides_and_each_stretch_of_a_text_has_one():
    """The same seed chooses the same, another one others; ten of a hundred are one of each ten."""
    found = {"a": range(100)}
    assert choose(found, 10, 1) == choose(found, 10, 1) != choose(found, 10, 2)
    assert [at // 10 for at in choose(found, 10, 1)["a"]] == list(range(10))
