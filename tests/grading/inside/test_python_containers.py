"""Containers of the program's own classes, compared and calculated with by what they hold."""

from collections import Counter, OrderedDict

import pytest

from evalsite.grading.inside.python_containers import METHODS_OF_SETS, operate, plain_kind


def stand_in(base, *own):
    """An object of a class that is derived from one of Python's, with operators of its own."""
    return type("Own", (base,), {"_evalsite_operators": frozenset(own)})()


@pytest.mark.parametrize(
    ("base", "other", "kind"),
    [
        (Counter, Counter(), Counter), (Counter, {}, dict), (dict, {}, dict), (OrderedDict, {}, dict),
        (dict, [], None), (list, [1], list), (list, 3, list), (list, (1,), None),
        (bytearray, b"a", bytearray),
        (bytearray, bytearray(), bytearray), (bytearray, 2, bytearray), (bytearray, "a", None),
        (set, {1}, set), (frozenset, {1}, set), (set, {}.keys(), set), (set, [1], None), (tuple, (1,), None),
    ],
)  # fmt: skip
def test_an_object_stands_for_what_it_is_derived_from(base, other, kind):
    """Where it is calculated with as Python's own, and has no operator of its own for that."""
    assert plain_kind(stand_in(base), "__add__", other) is kind
    assert plain_kind(stand_in(base, "__sub__"), "__add__", other) is kind
    assert plain_kind(stand_in(base, "__add__"), "__add__", other) is None


@pytest.mark.parametrize(
    ("held", "name", "other", "found"),
    [
        ([1], "__add__", [2], [1, 2]), ([1], "__radd__", [2], [2, 1]), ([1], "__mul__", 2, [1, 1]),
        ([1], "__rmul__", 2, [1, 1]), ([1], "__lt__", [2], True), ([1], "__le__", [1], True),
        ([1], "__gt__", [1], False), ([1], "__ge__", [2], False), ({1, 2}, "__sub__", frozenset({1}), {2}),
        ({1}, "__rsub__", {1, 3}, {3}), ({1}, "__and__", {1: 0}.keys(), {1}), ({1}, "__ror__", {2}, {1, 2}),
        ({1}, "__xor__", {1, 2}, {2}), ({1}, "__lt__", {1, 2}, True),
        ([1], "__matmul__", [1], NotImplemented),
    ],
)  # fmt: skip
def test_an_operator_gives_what_pythons_own_gives(held, name, other, found):
    """Of what a container holds."""
    assert operate(held, name, other) == found


def test_methods_of_sets_are_those_that_look_at_what_they_are_given():
    """And change nothing."""
    assert {
        name for name in vars(frozenset) if not name.startswith("_") and name != "copy"
    } == METHODS_OF_SETS
