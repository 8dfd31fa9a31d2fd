"""A level stands in a data set's name, and is read back from it."""

import pytest

from evalsite.rundir.levels import Wanted


@pytest.mark.parametrize(
    ("name", "of", "wanted"),
    [
        ("bfcl-v4", "bfcl-v4", Wanted()),
        ("bfcl-v4+32-tools", "bfcl-v4", Wanted(32)),
        ("humaneval+8000-context", "humaneval", Wanted(0, 8000)),
        ("bfcl-v4+8-tools+32000-context", "bfcl-v4", Wanted(8, 32000)),
        ("a+b", "a+b", Wanted()),
        ("a+b+8-tools", "a+b", Wanted(8)),
        ("x+0-tools", "x+0-tools", Wanted()),
        ("x+08-tools", "x+08-tools", Wanted()),
        ("+8-tools", "+8-tools", Wanted()),
    ],
)
def test_a_name_is_parted_from_its_level_and_made_of_both(name, of, wanted):
    """Tools first, then tokens; what is no level is a part of the name."""
    assert Wanted.parse(name) == (of, wanted)
    assert wanted.name(of) == name


def test_the_order_of_the_parts_is_one():
    """So that a level has one name: the other order is no level of both."""
    assert Wanted.parse("x+8000-context+8-tools") == ("x+8000-context", Wanted(8))


def test_levels_go_from_the_easiest_to_the_hardest():
    """By tools, then by tokens."""
    assert sorted([Wanted(8, 0), Wanted(0, 8000), Wanted(), Wanted(8, 8000)]) == [
        Wanted(),
        Wanted(0, 8000),
        Wanted(8, 0),
        Wanted(8, 8000),
    ]
