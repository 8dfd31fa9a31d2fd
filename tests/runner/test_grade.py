"""Grading what was answered: what a machine with too little room leaves as it was."""

import pytest
from msgspec import structs

from evalsite.errors import IncompleteError
from evalsite.events import SampleCount
from evalsite.grading.verdicts import Ungraded
from evalsite.runner.grade import grade_pending, regrade
from tests.make import write_run


class NoRoom:
    """A grader on a machine that has room for the verdicts of every other sample alone."""

    def __init__(self, run_dir):
        self.known = {(row.problem, row.sample): row for row in run_dir.verdicts()}

    def grade(self, jobs):
        for number, job in enumerate(jobs):
            place = job.problem.task_id, job.program.sample
            yield self.known[place] if number % 2 else Ungraded(*place, "the container's memory")


def test_verdicts_stay_where_not_every_sample_can_be_graded_again(tmp_path):
    """All of them: half of the old and half of the new would be nobody's."""
    run_dir = write_run(tmp_path, "m", [2, 1, 0], n=2)
    before = (run_dir.path / "verdicts.jsonl").read_bytes()
    told = []
    count = SampleCount("grading", "m", 6, told.append, 6)
    with pytest.raises(IncompleteError, match="all verdicts are left as they were") as caught:
        regrade(run_dir, NoRoom(run_dir), count)
    assert "where there is more room" in caught.value.hint
    assert (run_dir.path / "verdicts.jsonl").read_bytes() == before
    assert "no verdict: the container's memory (3)" in told[-1].remark


def test_verdicts_reached_anew_stand_in_their_order(tmp_path):
    """However they came; told are those that are others than before."""
    run_dir = write_run(tmp_path, "m", [2, 1, 0], n=2)
    before = list(run_dir.verdicts())
    flipped = structs.replace(before[2], verdict=before[3].verdict)
    run_dir.write_verdicts([*before[:2], flipped, before[3]])  # of the last two nothing was known

    class Backwards:
        def grade(self, jobs):
            assert len(list(jobs)) == 6
            yield from before[::-1]

    changes = regrade(run_dir, Backwards(), SampleCount("grading", "m", 6))
    assert list(run_dir.verdicts()) == before
    assert [(each.before, each.after) for each in changes] == [(flipped, before[2])]


def test_a_sample_without_room_has_no_verdict(tmp_path):
    """The others are written, and can be counted on."""
    run_dir = write_run(tmp_path, "m", [2, 1, 0], n=2)
    grader, told = NoRoom(run_dir), []
    run_dir.write_verdicts([])
    grade_pending(run_dir, grader, SampleCount("grading", "m", 6, told.append, 6))
    assert [(row.problem, row.sample) for row in run_dir.verdicts()] == list(grader.known)[1::2]
    assert "no verdict: the container's memory (3)" in told[-1].remark
