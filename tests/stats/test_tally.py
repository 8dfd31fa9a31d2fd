"""Summaries: which one counts, the one on disk or one made from the rows."""

from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import RunDir
from evalsite.stats.tally import rebuild_summary, summary_of
from tests.conftest import make_problem, make_run


def test_while_a_run_goes_on_its_summary_is_made_from_the_rows(tmp_path):
    """A killed resume leaves the summary of the run's earlier end, which knows of nothing missing."""
    run_dir = RunDir.create(tmp_path, make_run(num_samples=1), [make_problem()])
    run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
    run_dir.write_summary(rebuild_summary(run_dir))
    run_dir.write_run(make_run(num_samples=3, status="running"))
    (tally,) = summary_of(run_dir).tallies
    assert (tally.n, tally.missing) == (1, 2)
