"""Summaries: which one counts, the one on disk or one made from the rows."""

import numpy as np
import pytest

from evalsite.counts.loaded import load_run
from evalsite.counts.tally import distribution, rebuild_summary
from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import RunDir
from evalsite.stats.quantiles import student_quantile
from tests.make import make_problem, make_record


def test_while_a_run_goes_on_its_summary_is_made_from_the_rows(tmp_path):
    """A killed resume leaves the summary of the run's earlier end, which knows of nothing missing."""
    run_dir = RunDir.create(tmp_path, make_record(num_samples=1), [make_problem()])
    run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
    run_dir.write_summary(rebuild_summary(run_dir))
    run_dir.write_run(make_record(num_samples=3, status="running"))
    (tally,) = load_run(run_dir).summary.tallies
    assert (tally.n, tally.missing) == (1, 2)


def test_the_error_of_a_mean_time_by_hand():
    """Two problems of 1, 3 and 5, 7 seconds: mean 4, each problem's samples 4 seconds off it together."""
    found = distribution({"a": [1.0, 3.0], "b": [5.0, 7.0], "c": []})
    assert found is not None
    assert (found.count, found.problems, found.mean) == (4, 2, 4.0)
    assert found.error == pytest.approx((2 * (4**2 + 4**2)) ** 0.5 / 4)
    assert distribution({"a": [1.0, 3.0]}).error is None
    assert distribution({}) is None


@pytest.mark.parametrize("n", [1, 10])
@pytest.mark.parametrize(("between", "within"), [(0.5, 0.3), (0.1, 0.1), (0.2, 0.05)])
def test_the_interval_of_a_mean_time_covers_as_it_says(n, between, within):
    """Log-normal times of 164 problems, which resemble each other within a problem, in 500 simulated runs."""
    rng = np.random.default_rng([n, int(100 * between)])
    truth = np.exp((between**2 + within**2) / 2)
    covered = 0
    for _ in range(500):
        centres = rng.normal(0.0, between, (164, 1))
        times = np.exp(centres + rng.normal(0.0, within, (164, n)))
        found = distribution(dict(enumerate(times)))
        covered += abs(found.mean - truth) <= student_quantile(0.975, found.problems - 1) * found.error
    assert 0.92 <= covered / 500 <= 0.975
