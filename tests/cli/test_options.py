"""Options that several commands share, and what they mean."""

import click
import pytest

from evalsite.cli.options import GradingOptions
from evalsite.rundir.schema import Grading, Limits, Model, Verdict
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed
from tests.make import make_problem, make_record, write_answers


def answering(runs, *names):
    for name in names:
        record = make_record(name, model=Model(name=name.partition("--")[2]))
        run_dir = RunDir.create(runs, record, [make_problem()])
        run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
        write_answers(run_dir, run_dir.verdicts())


@pytest.mark.parametrize("name", ["2026-11-22--b", "11-22", "B", "b", "runs/2026-11-22--b"])
def test_a_run_goes_by_its_path_its_name_a_part_of_it_or_its_model(evalsite, tmp_path, name):
    """And which was taken is said, unless it was its folder that was named."""
    answering(tmp_path / "runs", "2026-11-21--a", "2026-11-22--b", "2026-11-23--a")
    for command in ("report", "failures"):
        done = evalsite(command, name)
        assert done.returncode == 0, done.stderr
        assert ("note: " in done.stderr) == ("2026" not in name)
        if "2026" not in name:
            assert f"{name} is runs/2026-11-22--b" in done.stderr


def test_a_name_that_fits_several_runs_or_none_is_refused_with_what_there_is(evalsite, tmp_path):
    """Neither the newest nor the first is taken in silence."""
    answering(tmp_path / "runs", "2026-11-21--a", "2026-11-22--b", "2026-11-23--a")
    failed(evalsite("report", "a"), 5, "2 runs below runs/ answer to that", "2026-11-21--a, 2026-11-23--a")
    failed(evalsite("report", "2026"), 5, "3 runs below runs/")
    failed(evalsite("report", "c"), 5, "no run directory", "2026-11-23--a")


@pytest.mark.parametrize(
    ("recorded", "dask", "again", "taken"),
    [
        (Grading(sandbox="landlock", layers=("rlimits",)), "tcp://a:1", False, "landlock"),
        (Grading(sandbox="landlock", layers=("rlimits",)), "tcp://a:1", True, None),
        (Grading(sandbox="landlock", layers=("rlimits",)), None, False, None),
        (Grading(sandbox="process", layers=("rlimits",)), "tcp://a:1", False, None),
        (Grading(sandbox="bubblewrap"), "tcp://a:1", False, None),
    ],
)
def test_a_cluster_goes_on_in_the_sandbox_that_a_run_was_graded_in(recorded, dask, again, taken):
    """Else its workers choose; and no record takes the isolation away."""
    given = GradingOptions(dask=dask)
    with click.Context(click.Command("grade")):
        following = given.following(recorded, again=again)
    assert (following.sandbox, following.other_limits) == (taken, Limits())
