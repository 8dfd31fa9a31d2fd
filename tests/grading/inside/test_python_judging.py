"""How far an object is believed that a program made."""

import math

import pytest

from evalsite.grading.inside.python_judging import WINDOW, Judge, among, shifted


class Program:
    """Answers for one object, as the process of a program does."""

    def __init__(self, target):
        self.target = target

    def __call__(self, what, target, *details):
        if what == "equal":
            return [self.target == other for other in details[0]]
        if what == "compare":
            return [[self.target < other, self.target == other, self.target > other] for other in details[0]]
        return [self.target - other for other in details[1]]


class Liar:
    """Agrees to everything, and differs from nothing."""

    def __eq__(self, other):
        return True

    __lt__ = __gt__ = __eq__
    __hash__ = object.__hash__

    def __sub__(self, other):
        return 0


@pytest.mark.parametrize("value", [3, 0, -7, 2.5, [1, 2], (1, 2.5, "a"), {"a": 1}, {"a": [1, (2,)]}])
def test_an_honest_object_is_equal_to_what_it_says(value):
    """And a liar to nothing."""
    honest, liar = Judge(Program(value)), Judge(Program(Liar()))
    assert honest.equal(object(), value) is True
    assert honest.equal(object(), shifted(value, 1)) is False
    assert liar.equal(object(), value) is False


@pytest.mark.parametrize("value", ["a", None, True, [], ["a", None], b"", object(), [object()]])
def test_what_cannot_be_hidden_is_not_asked(value):
    """There are no others to put it among."""
    assert among(value, b"secret") is None
    assert Judge(Program(Liar())).equal(object(), value) is NotImplemented


def test_a_value_is_hidden_among_the_same_others():
    """Or two questions would tell which one is meant; and not always in the middle."""
    places = {among(value, b"secret")[1] for value in range(100)}
    assert among(3, b"secret") == among(3, b"secret")
    assert len(places) > WINDOW // 3
    values, place = among([1, 5], b"secret")
    assert values[place] == [1, 5]
    assert len({tuple(each) for each in values}) == WINDOW
    assert {second - first for first, second in values} == {4}


def test_who_is_in_order_with_numbers_may_be_compared():
    """Who is below and above all is like no number."""
    honest, liar = Judge(Program(7)), Judge(Program(Liar()))
    assert honest.compare(object(), "__lt__", 8)
    assert honest.compare(object(), "__ge__", 7)
    assert not honest.compare(object(), "__gt__", 7)
    assert [liar.compare(object(), name, 7) for name in ("__lt__", "__le__", "__gt__", "__ge__")] == [
        False
    ] * 4


def test_a_difference_has_to_differ():
    """The same for all numbers is none."""
    assert Judge(Program(7.5)).calculate(object(), "__sub__", 5) == 2.5
    assert math.isnan(Judge(Program(Liar())).calculate(object(), "__sub__", 5))
    assert Judge(Program(Liar())).calculate(object(), "__mul__", 5) is NotImplemented
