"""What a program goes on holding is shared with the tests, what it forgets is not; no news are trusted."""

import pytest

from evalsite.grading.inside import python_sharing
from evalsite.grading.inside.python_sharing import Sharing

pytestmark = pytest.mark.linux


def test_only_what_is_held_is_shared_and_only_as_long():
    """By the count of references, outer objects before what they hold."""
    sharing, kept = Sharing(), [[1], [2]]
    sharing.remember([[0], kept, kept[0], kept[1], {"a": 1}])
    assert sharing.review([]) == ([1, 2, 3], [])
    assert sharing.number_of(kept) == 0
    assert sharing.review([]) == ([], [])
    del kept[0]
    assert sharing.review([]) == ([], [1])
    del kept
    assert sharing.review([]) == ([], [0, 2])


def test_what_was_just_passed_is_not_kept_only_because_of_that():
    """The caller still holds it."""
    sharing, passed = Sharing(), [1]
    sharing.remember([passed])
    assert sharing.review([passed]) == ([], [])


def test_the_oldest_give_way_to_newer_ones():
    """A hundred are compared for each message, not more; nor are many items."""
    sharing, kept = Sharing(), [[number] for number in range(150)]
    for values in kept:
        sharing.remember([values])
        (place,), _ = sharing.review([])
        assert place == 0
    assert [sharing.number_of(values) is None for values in kept] == [True] * 50 + [False] * 100
    huge = [0] * 10_000
    sharing.remember([huge])
    assert sharing.review([]) == ([], [])


def test_there_is_something_to_say_as_long_as_something_was_told_or_is_shared():
    """Else nobody is asked; a list of as many items as may be is shared, too."""
    sharing, most = Sharing(), [0] * python_sharing._MOST_ITEMS
    assert sharing.is_busy is False
    sharing.remember([most, [*most, 0]])
    assert sharing.is_busy is True
    assert sharing.review([]) == ([0], [])
    assert (sharing.last, sharing.is_busy) == ([], True)
    del most
    assert sharing.review([]) == ([], [0])
    assert sharing.is_busy is False
