"""The texts along which tokens are asked for, and those that are asked a second time."""

import pytest

from evalsite.distance.schema import Text
from evalsite.forcing.texts import repeated


@pytest.mark.parametrize(
    ("number", "places"),
    [
        (0, []),
        (3, [0, 1, 2]),
        (5, [0, 1, 2, 3, 4]),
        (12, [0, 2, 4, 7, 9]),
        (25, [0, 5, 10, 15, 20]),
        (40, [0, 5, 10, 15, 20, 25, 30, 35]),
    ],
)
def test_a_fifth_is_asked_twice_and_five_at_least(number, places):
    """Spread evenly over all of them."""
    texts = [
        Text(problem=f"T/{n}", text="x", begins=0, positions=(), language="python") for n in range(number)
    ]
    assert repeated(texts) == tuple(f"T/{place}" for place in places)
