"""The matrix of problems: the hardest first, with what is remarkable about some of them."""

from evalsite.site.evidence.difficulty import (
    BROKEN_IN_TERNARY,
    SOLVED_BY_NONE,
    SUSPECT,
    is_ternary,
)
from evalsite.site.views import problems
from evalsite.site.views.problems import problems_pages
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import judged


def made(folder):
    """Six problems: the last is passed by weak runs alone, the third by none, the second lost in ternary."""
    runs = {
        "Base": ([10, 10, 0, 10, 10, 0], BASELINE),
        "Ternary": ([10, 0, 0, 9, 9, 1], CANDIDATE),
        "P": ([10, 9, 0, 8, 7, 2], None),
        "Q": ([9, 6, 0, 6, 6, 6], None),
        "R": ([5, 5, 0, 4, 4, 9], None),
        "S": ([2, 2, 0, 2, 1, 10], None),
    }
    for day, (name, (passes, card)) in enumerate(runs.items(), start=10):
        write_run(folder, name, passes, card=card, day=f"2026-11-{day}")
    return judged(folder)


def test_the_hardest_stand_first_and_what_is_remarkable_is_said(tmp_path):
    """Baselines and candidates are the first columns."""
    (page,) = problems_pages(made(tmp_path))
    view = page.view
    assert page.frame.path == "problems/"
    assert [column.side for column in view.columns[:3]] == ["baseline", "candidate", ""]
    assert view.rows[0].task_id == "HumanEval/2"
    shares = [float(row.share) for row in view.rows]
    assert shares == sorted(shares)
    assert {row.task_id: row.marks for row in view.rows if row.marks} == {
        "HumanEval/2": (SOLVED_BY_NONE,),
        "HumanEval/1": (BROKEN_IN_TERNARY,),
        "HumanEval/5": (SUSPECT,),
    }
    assert view.told == f"1 {SOLVED_BY_NONE}; 1 {BROKEN_IN_TERNARY}; 1 {SUSPECT}."
    assert [(cell.level, cell.passed) for cell in view.rows[0].cells[:2]] == [("0", "0"), ("0", "0")]


def test_few_runs_make_no_problem_suspect(tmp_path):
    """Of two runs one is always better."""
    write_run(tmp_path, "Base", [10, 10, 0], card=BASELINE)
    write_run(tmp_path, "Cand", [0, 0, 10], card=CANDIDATE, day="2026-11-21")
    judgement = judged(tmp_path)
    found = judgement.difficulties(judgement.evidence.groups[0])
    assert found["HumanEval/2"].marks == ()
    assert found["HumanEval/0"].marks == (BROKEN_IN_TERNARY,)


def test_ternary_is_told_by_name_or_size():
    assert is_ternary(CANDIDATE)
    assert not is_ternary(BASELINE)


def test_many_problems_and_runs_have_windows(tmp_path, monkeypatch):
    """So many on each page, which leads to the next ones; all runs stand on the problems' own pages."""
    monkeypatch.setattr(problems, "MOST_ROWS", 4)
    monkeypatch.setattr(problems, "MOST_RUNS", 3)
    first, second = problems_pages(made(tmp_path))
    assert (len(first.view.rows), len(second.view.rows)) == (4, 2)
    assert first.view.after.path == second.frame.path
    assert second.view.before.path == first.frame.path
    assert len(first.view.columns) == 3
    assert first.view.note == "3 runs"
