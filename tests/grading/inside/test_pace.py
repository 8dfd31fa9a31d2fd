"""CPU time that a sample may use, by how disturbed its processor is."""

import pytest

from evalsite.grading.inside.pace import MOST, Allowance, Pace


class Told:
    """A pace that is told."""

    def __init__(self, *slownesses):
        self.left = list(slownesses)

    def slowness(self):
        return self.left.pop(0)


def test_an_undisturbed_sample_gets_its_limit():
    """And its pace is not measured before it has used half of it."""
    allowance = Allowance(4.0, Told(1.0, 1.1, 1.0))
    assert allowance.until_look(0.0) == 2.0
    assert not allowance.is_over(1.9)
    assert not allowance.is_over(2.0)
    assert allowance.until_look(2.0) == pytest.approx(0.8)
    assert not allowance.is_over(3.9)
    assert allowance.until_look(3.9) == pytest.approx(0.1)
    assert allowance.is_over(4.0)


@pytest.mark.parametrize(("slowness", "times"), [(1.2, 1.0), (1.5, 1.5), (2.5, 2.5), (40.0, MOST)])
def test_a_disturbed_one_gets_more_in_proportion_within_bounds(slowness, times):
    """As much more as the same work takes more time now."""
    allowance = Allowance(2.0, Told(slowness, slowness, slowness))
    assert allowance.is_over(1.5) is False
    assert allowance.limit_s == pytest.approx(2.0 * times)
    assert not allowance.is_over(2.0 * times - 0.01)
    assert allowance.is_over(2.0 * times + 0.01)


def test_one_look_among_many_does_not_decide():
    """The middle of all looks counts, so that a moment's disturbance grants nothing."""
    allowance = Allowance(1.0, Told(1.0, 3.0, 1.0))
    for used in (0.5, 0.7, 0.9):
        assert not allowance.is_over(used)
    assert allowance.limit_s == 1.0


def test_a_piece_of_work_is_held_against_its_best():
    """The best is what it took at any time: the machine may have been busy when it was measured first."""
    pace = Pace()
    times = iter([400, 400, 400, 100, 100, 100, 300, 200, 250])
    pace._best = 200
    pace._piece = lambda: next(times)
    assert [pace.slowness() for _ in range(3)] == [2.0, 1.0, 2.0]


def test_the_piece_takes_time():
    """More than the clock's steps, and less than anybody would notice."""
    assert Pace()._piece() > 10_000
