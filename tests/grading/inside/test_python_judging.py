"""How far an object is believed that a program made."""

import math
import types

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


@pytest.mark.parametrize(
    ("name", "other", "found"),
    [
        ("__sub__", 5, 2.5),
        ("__rsub__", 5, -2.5),
        ("__add__", 5, 12.5),
        ("__radd__", 5, 12.5),
        ("__sub__", 2.5, 5.0),
    ],
)
def test_sums_and_differences_are_taken_back(name, other, found):
    """Which has to give the same for each number of a window."""

    def answer(what, _target, operator, values):
        assert what == "calculate"
        return [getattr(7.5, operator)(value) for value in values]

    assert Judge(answer).calculate(object(), name, other) == found


@pytest.mark.parametrize("off", [1e-12, 1.0])
def test_an_operator_may_be_a_little_off_and_no_more(off):
    """By the errors of floating point."""

    def answer(_what, _target, _name, values):
        return [7.5 - value + off * (number == 3) for number, value in enumerate(values)]

    found = Judge(answer).calculate(object(), "__sub__", 5)
    assert math.isnan(found) is (off == 1.0)


def test_what_gives_no_number_is_left_to_python():
    """As are texts, which nothing can be hidden among."""
    assert Judge(lambda *_: ["x"] * WINDOW).calculate(object(), "__sub__", 5) is NotImplemented
    assert Judge(lambda *_: [1] * 63 + [True]).calculate(object(), "__sub__", 5) is NotImplemented
    assert Judge(None).calculate(object(), "__sub__", "text") is NotImplemented
    assert Judge(None).compare(object(), "__lt__", "text") is NotImplemented
    assert Judge(None).compare(object(), "__lt__", [1]) is NotImplemented


def test_who_says_yes_to_one_number_alone_is_equal_to_it():
    """To another one, or to what only looks like a yes, it is not."""

    def saying(*yes, word=True):
        return lambda _what, _target, values: [word if value in yes else False for value in values]

    assert Judge(saying(3)).equal(object(), 3) is True
    assert Judge(saying(2, 3, 4)).equal(object(), 3) is False  # the 3 may be the first or last that is asked
    assert Judge(saying(4)).equal(object(), 3) is False
    assert Judge(saying(3, word=1)).equal(object(), 3) is False


def test_who_is_unlike_a_number_is_neither_below_nor_above_one():
    """Two answers at once, none, or no order."""
    for answers in (
        [[True, True, False]] * WINDOW,
        [[False] * 3] * WINDOW,
        [[number % 2 == 0, False, number % 2 == 1] for number in range(WINDOW)],
        [[False, False, True]] * 9 + [[True, False, False]] * (WINDOW - 10) + [[False, False, True]],
    ):
        judge = Judge(lambda *_, answers=answers: answers)
        assert judge.compare(object(), "__lt__", 7) is False
        assert judge.compare(object(), "__ge__", 7) is False
    below_all = Judge(lambda *_: [[True, False, False]] * WINDOW)
    assert [below_all.compare(object(), name, 7) for name in ("__lt__", "__le__", "__gt__", "__ge__")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_container_is_held_against_what_it_holds():
    """Which it tells without knowing what for."""
    judge = Judge(lambda what, target: {"contents": [1, 2]}[what])
    own = type("Own", (list,), {"_evalsite_operators": frozenset()})()
    assert judge.equal(own, [1, 2]) is True
    assert judge.equal(own, [1]) is False
    assert judge.compare(own, "__lt__", [1, 3]) is True
    assert judge.calculate(own, "__add__", [3]) == [1, 2, 3]
    assert Judge(lambda *asked: asked[0]).calculate(own, "__iadd__", [3]) == "operate"
    assert judge.method(own, "union") is None
    frozen = type("Frozen", (frozenset,), {})({5})
    assert judge.equal(frozen, {5}) is True
    assert judge.method(frozen, "union")({6}) == {5, 6}
    assert judge.method(frozen, "copy") is None
    assert Judge(lambda *_: "aab").count(object(), "a") == 2
    table = types.MappingProxyType({})
    assert Judge(lambda *_: {"a": 1}).equal(table, {"a": 1}) is True


def test_what_the_tests_have_built_is_remembered():
    """By what it is, not by what it is equal to."""
    judge, built = Judge(None), [1]
    judge.built.add(id(built))
    assert judge.has_built(0, built)
    assert not judge.has_built([1], 0)


def test_every_number_of_a_value_is_raised():
    """And nothing else; distances stay."""
    assert shifted([1, (2.5, "a"), {"k": {3}}, True, None], 2) == [3, (4.5, "a"), {"k": {5}}, True, None]
