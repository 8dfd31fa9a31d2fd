"""Boards of very many runs: the best on the front page, all others on further pages, rank by rank."""

import json
import re
from collections import Counter

import pytest

from evalsite.site.options import SiteOptions
from evalsite.site.views import boards
from evalsite.site.views.leaderboard import leaderboard_pages
from tests.make import BASELINE, write_run
from tests.site.helpers import judged

RUNS = 9


@pytest.fixture(scope="module")
def judgement(tmp_path_factory):
    """Nine runs, of which the baseline is weak, and one on another data set."""
    folder = tmp_path_factory.mktemp("boards")
    write_run(folder, "Base", [1, 0, 0], card=BASELINE, day="2026-11-01")
    for number in range(1, RUNS):
        write_run(folder, f"M{number}", [10 - number] * 3, day=f"2026-11-{number + 1:02}")
    write_run(folder, "Other", [5, 5], day="2026-11-01", dataset="other", prefix="Other")
    return judged(folder)


@pytest.fixture
def pages(judgement, monkeypatch):
    """The front page has room for three, and a further page, too."""
    monkeypatch.setattr(boards, "MOST_ROWS", 3)
    monkeypatch.setattr(boards, "FEWEST", 2)
    monkeypatch.setattr(boards, "WINDOW", 3)
    return list(leaderboard_pages(judgement, SiteOptions()))


def rows(table):
    return [(row.model, row.rank) for row in table.rows]


def test_the_best_stand_on_the_front_page_and_all_on_further_ones(pages):
    """With the baseline and the newest run, wherever these rank; each further page has the next ranks."""
    front, *further = pages
    board = front.view.boards[0]
    best = [model for model, _ in rows(board.table)]
    assert len(best) == 3 + 2
    assert {"Base", f"M{RUNS - 1}"} <= set(best)
    assert board.total == RUNS
    assert [page.frame.path for page in further] == [crumb.path for crumb in board.further]
    assert [crumb.label for crumb in board.further] == ["4 to 6", "7 to 9"]
    assert all(re.fullmatch(r"boards/humaneval-ababab-\d\.html", page.frame.path) for page in further)
    listed = best[:3] + [model for page in further for model, _ in rows(page.view.table)]
    assert Counter(listed) == Counter(["Base", *(f"M{number}" for number in range(1, RUNS))])
    scores = [
        float(row.score.text)
        for table in (board.table, *(page.view.table for page in further))
        for row in table.rows[:3]
    ]
    assert scores == sorted(scores, reverse=True)
    assert further[0].view.heading == "Runs 4 to 6 of 9 on humaneval"
    assert (further[0].view.before.label, further[0].view.after.label) == ("The best", "7 to 9")
    assert (further[1].view.before.label, further[1].view.after) == ("4 to 6", None)


def test_every_comparison_stands_on_the_last_page_that_has_one_of_its_runs(pages):
    """So that whoever has fetched all pages has all comparisons, each once."""
    front, *further = pages
    known, found = set(), []
    for table in (front.view.boards[0].table, *(page.view.table for page in further)):
        known |= {row.slug for row in table.rows}
        pairs = json.loads(str(table.pairs))["pairs"]
        assert {pair["base"] for pair in pairs} | {pair["run"] for pair in pairs} <= known
        found += [frozenset((pair["base"], pair["run"])) for pair in pairs]
    assert len(found) == len(set(found)) == RUNS * (RUNS - 1) / 2


def test_a_few_more_than_fit_have_no_page_of_their_own(pages, judgement, monkeypatch):
    """Half as many more stay where they are, and a small board is whole."""
    assert pages[0].view.boards[1].further == ()
    monkeypatch.setattr(boards, "MOST_ROWS", 6)
    front, *further = leaderboard_pages(judgement, SiteOptions())
    assert further == []
    assert len(front.view.boards[0].table.rows) == RUNS


def test_many_data_sets_share_the_front_page(monkeypatch, tmp_path):
    """The more there are, the fewer runs of each."""
    monkeypatch.setattr(boards, "MOST_OF_ALL", 8)
    monkeypatch.setattr(boards, "FEWEST", 2)
    for number in range(7):
        for name in ("a", "b"):
            write_run(tmp_path, f"M{number}", [number], day=f"2026-11-1{number}", dataset=name, prefix=name)
    front, *further = leaderboard_pages(judged(tmp_path), SiteOptions())
    assert [len(board.table.rows) for board in front.view.boards] == [4, 4]
    assert len(further) == 2
