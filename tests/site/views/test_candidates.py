"""The front page answers for every candidate, not for whoever ran last."""

from evalsite.site.options import SiteOptions
from evalsite.site.views.candidates import MOST_SHOWN, candidates_of
from evalsite.stats.targets import named_targets
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import judged


def test_each_candidate_has_a_row_and_each_target_a_column(tmp_path):
    """With sign and figure; trials and runs that have not ended stand below a line, and say why."""
    write_run(tmp_path, "Base", [10] * 40, card=BASELINE)
    write_run(tmp_path, "Ruined", [0] * 40, card=CANDIDATE, day="2026-11-21")
    write_run(tmp_path, "Sound", [10] * 40, card=CANDIDATE, day="2026-11-22")
    write_run(tmp_path, "Trial", [10] * 40, card=CANDIDATE, day="2026-11-23", num_problems=5)
    write_run(tmp_path, "Unfinished", [10] * 40, card=CANDIDATE, day="2026-11-24", status="running")
    judgement = judged(tmp_path)
    found = candidates_of(judgement)
    assert found.columns == (("Loss", ""),)
    assert [(row.model, row.mark.word, row.cells[0].figure, row.cautions) for row in found.rows] == [
        ("Sound", "met", "0.0 points", ()),
        ("Ruined", "missed", "−100.0 points", ()),
    ]
    assert {row.model: row.cautions for row in found.below} == {
        "Unfinished": ("still running",),
        "Trial": ("5 of 40 problems",),
    }
    assert {row.cells[0].mark.word for row in found.below} == {"pending"}
    assert found.rows[1].cells[0].path.startswith("compare/")


def test_a_target_that_a_model_has_no_run_for_is_pending_in_its_column(tmp_path):
    """It has no column of its own."""
    write_run(tmp_path, "Base", [1] * 4, n=1, card=BASELINE)
    write_run(tmp_path, "Both", [1] * 4, n=1, card=CANDIDATE, day="2026-11-21")
    write_run(tmp_path, "Both", [1] * 4, n=1, card=CANDIDATE, day="2026-11-22", dataset="mbpp-test")
    write_run(tmp_path, "One", [1] * 4, n=1, card=CANDIDATE, day="2026-11-23")
    found = candidates_of(judged(tmp_path, SiteOptions(targets=named_targets("qwen3-coder-80b-ternary"))))
    names = [name for name, _ in found.columns]
    assert names.count("MBPP pass@1") == 1
    (cell,) = (row.cells[names.index("MBPP pass@1")] for row in found.rows if row.model == "One")
    assert cell.mark.word == "pending"


def test_a_single_candidate_needs_no_table(tmp_path):
    """The answer above says it all."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    assert candidates_of(judged(tmp_path)) is None


def test_a_thousand_candidates_leave_room_for_the_rest(tmp_path):
    """So many stand on the front page; how many more there are is said."""
    write_run(tmp_path, "Base", [1] * 4, n=1, card=BASELINE)
    for number in range(MOST_SHOWN + 2):
        write_run(tmp_path, f"C{number}", [1] * 4, n=1, card=CANDIDATE, day=f"2026-10-{number + 1:02}")
    found = candidates_of(judged(tmp_path))
    assert len(found.rows) == MOST_SHOWN
    assert found.note == "2 more models on the page of targets."
