"""What is shown of a problem's samples: chosen by rule, identical ones folded, and glanced at in pairs."""

from evalsite.rundir.schema import Tally
from evalsite.site.options import SiteOptions
from evalsite.site.subjects.samples import batches, contrast, glances
from tests.make import make_record
from tests.site.helpers import verdict


def seen(*passed):
    rows = [verdict(sample=number, passed=one) for number, one in enumerate(passed)]
    return glances(rows, make_record("run"), SiteOptions())["p"]


def numbers(base, candidate, **how):
    return tuple(one.sample for one in contrast(base, candidate, **how))


def test_the_samples_that_show_the_difference_are_chosen():
    """A pass beside a failure where there are such; turned round where the candidate gained."""
    assert numbers(seen(False, True), seen(True, False)) == (1, 1)
    assert numbers(seen(False, True), seen(True, False), gained=True) == (0, 0)
    assert numbers(seen(False, False), seen(False, True)) == (0, 1)
    assert numbers(seen(True), seen(True)) == (0, 0)
    assert numbers(seen(False), seen(False)) == (0, 0)


def test_a_run_is_read_in_batches_that_fit():
    """No more samples at once than allowed, problems stay whole and in order, none is lost."""
    tallies = [Tally(problem=f"p{i}", n=n, c=0) for i, n in enumerate([3, 3, 3, 9, 0, 1])]
    assert list(batches(tallies, 6)) == [{"p0", "p1"}, {"p2"}, {"p3"}, {"p4", "p5"}]
    assert list(batches([], 6)) == []
