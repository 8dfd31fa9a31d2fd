"""What a program goes on holding is shared with the tests, what it forgets is not; no news are trusted."""

import pytest

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
