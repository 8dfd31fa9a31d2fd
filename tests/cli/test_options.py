"""Options that several commands share, and what they mean."""

import pytest

from evalsite.rundir.schema import Model, Verdict
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed
from tests.make import make_problem, make_record


def answering(runs, *names):
    for name in names:
        record = make_record(name, model=Model(name=name.partition("--")[2]))
        RunDir.create(runs, record, [make_problem()]).write_verdicts(
            [Verdict(problem="Demo/0", sample=0, verdict="passed")]
        )


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
