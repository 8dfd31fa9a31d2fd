"""Which folders are runs."""

import shutil

import msgspec

from evalsite.rundir.finding import find_campaign, find_records, find_runs
from evalsite.rundir.levels import Campaign
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record


def test_hidden_folders_and_copies_are_no_runs(tmp_path, caplog):
    """A file manager's copy would count every sample twice; a folder of another name alone is a run."""
    run = RunDir.create(tmp_path, make_record("a-run"), [make_problem()])
    for name in ("a-run (copy)", "copy of a-run", ".a-run.swp"):
        shutil.copytree(run.path, tmp_path / name)
    other = RunDir.create(tmp_path, make_record("another"), [make_problem()])
    other.path.rename(tmp_path / "renamed")
    assert [found.path.name for found in find_runs(tmp_path)] == ["a-run", "renamed"]
    assert [record.getMessage().partition(" a copy of the run a-run,")[0] for record in caplog.records] == [
        f"{tmp_path}/a-run (copy):", f"{tmp_path}/copy of a-run:",
    ]  # fmt: skip


def test_of_several_folders_with_one_id_one_counts(tmp_path, caplog):
    """Also where all were renamed, and where a folder bears the name of a run that another one holds."""
    run = RunDir.create(tmp_path, make_record("a-run"), [make_problem()])
    for name in ("first", "second"):
        shutil.copytree(run.path, tmp_path / name)
    run.path.rename(tmp_path / "third")
    other = RunDir.create(tmp_path, make_record("b-run"), [make_problem()])
    other.path.rename(tmp_path / "a-run")
    assert [found.path.name for found in find_runs(tmp_path)] == ["a-run", "first"]
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        f"{tmp_path}/{name}: a copy of the run a-run, left out (first counts)" for name in ("second", "third")
    ]


def test_a_record_that_cannot_be_read_holds_up_nobody_who_asks_about_others(tmp_path):
    """A folder that is not there has none."""
    assert list(find_records(tmp_path / "runs")) == []
    run = RunDir.create(tmp_path, make_record("a-run"), [make_problem()])
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    assert len(find_runs(tmp_path)) == 2
    assert [(found.path, record.id) for found, record in find_records(tmp_path)] == [(run.path, "a-run")]


def test_a_campaign_is_its_own_runs(tmp_path):
    """Neither those of another one nor runs that are of none."""
    ours, other = (Campaign(id=name, levels=("a", "b")) for name in ("ours", "other"))
    for name, campaign in (("a", ours), ("b", msgspec.UNSET), ("c", other), ("d", ours)):
        RunDir.create(tmp_path, make_record(name, campaign=campaign), [make_problem()])
    assert [found.path.name for found in find_campaign(ours, tmp_path)] == ["a", "d"]
