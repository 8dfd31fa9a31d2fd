"""What of the standard library is rebuilt by value: its classes taken apart, and what goes by its name."""

import collections
import datetime
import decimal
import fractions
import re
import uuid

import pytest

from evalsite.grading.inside.python_library import kinds, plain_value, remade
from evalsite.grading.inside.python_values import Codec, UnreadableError
from tests.grading.inside.helpers import sent


@pytest.mark.parametrize(
    "value",
    [
        collections.Counter("aab"), collections.OrderedDict(b=1, a=2), collections.defaultdict(None, a=[1]),
        collections.ChainMap({"a": 1}, {}), collections.deque([1, 2], 5), collections.UserList([1]),
        decimal.Decimal("0.10"), fractions.Fraction(1, 3), datetime.date(2024, 2, 29), uuid.UUID(int=7),
        datetime.datetime(2024, 1, 2, 3, 4, 5, 6, datetime.UTC, fold=1), datetime.timedelta(-1, 5),
        range(5, 0, -1),
        slice(1, None, 2), re.compile("a", re.I), 3 + 4j, bytearray(b"\xff"), 2**9000, -(2**9000),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_classes_of_the_library_are_rebuilt(value):
    """Equal, of the same class."""
    found = sent(value)
    assert found == value
    assert type(found) is type(value)
    assert repr(found) == repr(value)


def test_a_forged_part_makes_something_that_equals_nothing():
    """A fraction of texts, a number of the library around a list."""
    for form in ({"Fraction": ["1", "3"]}, {"UUID": [[3]]}, {"Decimal": [1.5]}):
        (found,), _ = Codec(kinds()).unpack([form])
        assert type(found).__name__ == "Forged"


LIES = {
    "__iter__": lambda self: iter("no"),
    "__float__": lambda self: 0.0,
    "__getnewargs__": lambda self: (0,),
}


@pytest.mark.parametrize(
    "plain",
    [5, 2.5, "text", b"data", (1, 2), frozenset({1}), decimal.Decimal("1.50"), fractions.Fraction(1, 3)],
    ids=lambda plain: type(plain).__name__,
)
def test_the_value_of_a_derived_class_is_what_it_holds(plain):
    """Whatever that class says of it; and such a value makes an object of the class again."""
    base = type(plain)
    own = type("Own", (base,), LIES)
    again = remade(own, base, plain)
    assert type(again) is own
    found = plain_value(again, base)
    assert (type(found), found) == (base, plain)
    with pytest.raises(UnreadableError, match="another class"):
        remade(own, base, again)
