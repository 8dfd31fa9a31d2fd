"""Graded shards, put together; and what does not fit."""

import pytest
from msgspec import structs

from evalsite.counts.validate import find_faults
from evalsite.errors import IdentityError, RunError
from evalsite.rundir.schema import Sighting
from evalsite.runner.merge import merge
from tests.make import write_run


@pytest.fixture
def shards(tmp_path):
    """Two of them: four problems and three, of which each has two samples."""
    made = []
    for part, passes in ((1, [2, 1, 0, 2]), (2, [1, 1, 2])):
        run_dir = write_run(
            tmp_path / f"part{part}", "m", passes, n=2, prefix=f"Part{part}", shard=f"{part}/2",
            created_at=f"2026-01-0{3 - part}T00:00:00Z",
        )  # fmt: skip
        run_dir.write_run(structs.replace(run_dir.read_run(), dataset=structs.replace(
            run_dir.read_run().dataset, num_problems=7)))  # fmt: skip
        made.append(run_dir)
    return made


def change(run_dir, **changes):
    run_dir.write_run(structs.replace(run_dir.read_run(), **changes))


def test_graded_shards_keep_their_verdicts(shards, tmp_path):
    """Rows, reasons of losses and sightings of all; the beginning of the first that began."""
    change(shards[0], lost={"a": 1, "b": 1}, sightings=(Sighting(at="2", endpoint="x", told={}),))
    change(shards[1], lost={"b": 2}, sightings=(Sighting(at="1", endpoint="y", told={}),))
    for run_dir, excluded in zip(shards, ({"Part1/0": "no"}, {"Part2/0": "nor"}), strict=True):
        change(run_dir, grading=structs.replace(run_dir.read_run().grading, excluded=excluded))
    whole = merge(shards[::-1], tmp_path / "whole")
    run = whole.read_run()
    assert [problem.task_id for problem in whole.problems()] == [
        f"Part{part}/{number}" for number in range(4) for part in (1, 2) if (part, number) != (2, 3)
    ]
    assert sorted(map(key, whole.verdicts())) == sorted(
        key(row) for each in shards for row in each.verdicts()
    )
    assert len(list(whole.completions())) == 14
    assert not run.chosen
    assert (run.status, run.num_problems, run.shard, run.created_at) == (
        "complete",
        7,
        "",
        "2026-01-01T00:00:00Z",
    )
    assert run.lost == {"b": 3, "a": 1}
    assert [each.endpoint for each in run.sightings] == ["y", "x"]
    assert run.grading.excluded == {"Part1/0": "no", "Part2/0": "nor"}
    assert find_faults(whole) == []


def key(row):
    return row.problem, row.sample, row.verdict


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"status": "running"}, RunError, "is still running, or was stopped"),
        ({"shard": "2/3"}, RunError, "shards of different divisions: 1/2, 2/3"),
        ({"shard": "1/2"}, RunError, "shard 1/2 is given twice"),
        ({"num_samples": 3}, IdentityError, "was not made like .*: num_samples differ"),
        (
            {"graded_as": "0" * 64},
            IdentityError,
            "part2.*: was changed after .*: grading is not what verdicts",
        ),
        ({"identity": "0" * 64}, IdentityError, "part2.*: was changed after .*: identity does not fit"),
        ({"grading": None}, IdentityError, "was not made like .*: grading differ"),
        ({"grading": {"dedupe": False}}, IdentityError, "was not made like .*: grading.dedupe differ"),
        ({"grading": {"python": "3.13.1"}}, IdentityError, "was not made like .*: grading.python differ"),
    ],
)
def test_shards_that_do_not_fit_together_are_refused(shards, tmp_path, changes, error, said):
    """Nothing is written."""
    if isinstance(changes.get("grading"), dict):
        changes = {"grading": structs.replace(shards[1].read_run().grading, **changes["grading"])}
    change(shards[1], **changes)
    with pytest.raises(error, match=said):
        merge(shards, tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


def test_shards_that_nobody_graded_make_a_run_that_nobody_did(shards, tmp_path):
    """Its answers are there, and can be graded."""
    for run_dir in shards:
        change(run_dir, grading=None)
        run_dir.write_verdicts([])
    whole = merge(shards, tmp_path / "whole")
    assert whole.read_run().grading is None
    assert len(list(whole.completions())) == 14
