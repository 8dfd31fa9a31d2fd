"""The names of the tests, behind which the program's stand: what it is asked and told, and never hears."""

import io
import types
import unittest

import pytest

from evalsite.grading.inside.python_names import Names, Program


def theirs():
    """A function of the program's."""


def ours():
    """One of the tests'."""


class Side:
    """The program's side: what it has, and what it was asked and told."""

    gave = False

    def __init__(self, **has):
        self.has = has
        self.said = []

    def ask(self, what, name):
        self.said.append((what, name))
        return self.has.get(name)

    def tell(self, name, value):
        self.said.append(("tell", name, value))

    def lend(self, value):
        self.said.append(("lend", value))

    def is_theirs(self, value):
        return value is theirs


def names_of(side, defined=(), wanted=(), own=()):
    """Names for tests of a program that defines some and wants some."""
    return Names(side, list(defined), list(wanted), frozenset(own))


def test_a_name_of_the_programs_is_asked_for_and_kept_where_it_stays_what_it_is():
    """A function is; a number may be another one the next time."""
    side = Side(f=theirs, count=1)
    names = names_of(side, ["f", "count"])
    assert [names["f"], names["f"], names["count"], names["count"]] == [theirs, theirs, 1, 1]
    assert side.said == [("name", "f"), ("name", "count"), ("name", "count")]
    with pytest.raises(KeyError):
        names["other"]


def test_a_built_in_is_pythons_own_unless_the_tests_mean_the_programs():
    """As programs define names that Python has."""
    side = Side(sum=theirs, max=theirs)
    names = names_of(side, ["sum", "max"], own=["sum"])
    assert names["sum"] is theirs
    with pytest.raises(KeyError):
        names["max"]


def test_what_the_tests_call_as_the_program_does_is_hidden_from_it():
    """What is right may have such a name; the program finds that its own is gone."""
    side = Side(right=[1], f=theirs)
    names = names_of(side, ["right", "f"])
    assert names["f"] is theirs
    names["right"] = [2]
    names["f"] = [3]
    assert side.said[1:] == [("hide", "right"), ("hide", "f")]
    assert (names["right"], names["f"], names.kept) == ([2], [3], {})


def test_a_constant_that_both_have_stays_as_long_as_nobody_was_called():
    """Such as a modulus; later it may be what is expected of a call."""
    side = Side(mod=7, other=7, true=1)
    names = names_of(side, ["mod", "other", "true"])
    names["mod"] = 7
    names["other"] = 8
    names["true"] = 1.0
    assert [each for each in side.said if each[0] == "hide"] == [("hide", "other"), ("hide", "true")]
    side.gave = True
    names["mod"] = 7
    assert side.said[-1] == ("hide", "mod")


@pytest.mark.parametrize("value", [theirs, types.ModuleType("x")])
def test_what_is_the_programs_own_is_defined_anew(value):
    """And a module, which is the same for both."""
    side = Side()
    names = names_of(side, ["f"])
    names["f"] = value
    assert side.said == [("tell", "f", value)]


def test_a_name_that_is_shared_means_the_same_to_both():
    """A right program speaks of it, too; what the tests define by a ``def`` is theirs alone."""
    side = Side()
    names = names_of(side, ["n", "f"])
    names.shared = frozenset({"n", "f"})
    names["n"] = 5
    names["f"] = ours
    assert side.said == [("tell", "n", 5)]


def test_what_the_program_wants_it_is_lent():
    """Functions and classes that are lent, modules, built-in functions; no class of test cases, no value."""
    side = Side()
    case = type("Case", (unittest.TestCase,), {})
    names = names_of(side, wanted=["ours", "Case", "io", "len", "n", "kept", "max"])
    names.lent = frozenset({"ours", "Case"})
    for name, value in {
        "ours": ours,
        "Case": case,
        "io": io,
        "len": len,
        "n": 1,
        "kept": ours,
        "free": io,
    }.items():
        names[name] = value
    assert side.said == [("lend", ours), ("tell", "ours", ours), ("tell", "io", io)]
    names["max"] = max
    assert len(side.said) == 3, "which Python has"


def test_the_program_as_a_module_has_its_names():
    """To read, to set and to take away."""
    side = Side(f=theirs)
    program = Program(names_of(side, ["f"]))
    assert program.f is theirs
    assert not hasattr(program, "other")
    program.other = 5
    assert side.said[-1] == ("tell", "other", 5)
    assert program.other is None, "which is asked for, now that it is there"
    program.f = 3
    del program.f
    assert side.said[-2:] == [("tell", "f", 3), ("undefine", "f")]
    assert not hasattr(program, "f")
