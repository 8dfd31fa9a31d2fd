"""All comparisons in windows, the newest first."""

import pytest

from evalsite.site.options import SiteOptions
from evalsite.site.views import comparisons
from evalsite.site.views.comparisons import comparisons_pages
from tests.make import BASELINE, write_run
from tests.site.helpers import judged


@pytest.fixture
def judgement(tmp_path):
    """Four runs on one data set, of which two of one model, and one on another."""
    write_run(tmp_path, "Base", [10, 10, 10, 8], card=BASELINE, day="2026-11-01")
    write_run(tmp_path, "Old", [9, 10, 8, 8], day="2026-11-02")
    write_run(tmp_path, "New", [1, 0, 2, 0], day="2026-11-03")
    write_run(tmp_path, "New", [1, 0, 0, 0], day="2026-11-04")
    write_run(tmp_path, "Other", [5, 5], day="2026-11-05", dataset="other", prefix="Other")
    return judged(tmp_path, SiteOptions(max_pairs=1))


def test_each_comparison_has_a_row(judgement):
    """It names both runs, leads to their page, and says what the page says; what is left out is told."""
    (page,) = comparisons_pages(judgement)
    assert page.frame.path == "compare/"
    told = [(row.title, row.mark.word, row.day) for row in page.view.rows]
    assert told[0] == ("New (2026-11-04) against Base", "inconclusive", "2026-11-04")
    assert {title for title, _, _ in told} >= {"Old against Base", "New (2026-11-03) against Base"}
    assert [day for _, _, day in told] == sorted((day for _, _, day in told), reverse=True)
    first = page.view.rows[0]
    base, candidate = next(pair for pair in judgement.comparisons if "11-04" in pair[1])
    assert first.path == judgement.evidence.urls.compare(base, candidate)
    assert first.difference.startswith("\N{MINUS SIGN}9")
    assert " to " in first.interval
    left_out = judgement.pairs_left_out
    assert left_out == 2
    assert (
        page.view.told
        == f"{len(told)} pairs of runs on one data set, the newest first. 2 further pairs are not compared."
    )


def test_very_many_stand_on_several_pages(judgement, monkeypatch):
    """Each comparison once; a page leads to the one before and to the one after it."""
    monkeypatch.setattr(comparisons, "MOST_ROWS", 3)
    pages = list(comparisons_pages(judgement))
    assert [page.frame.path for page in pages] == ["compare/", "compare/all-2.html"]
    assert sorted(row.path for page in pages for row in page.view.rows) == sorted(
        judgement.evidence.urls.compare(*pair) for pair in judgement.comparisons
    )
    assert (pages[0].view.before, pages[0].view.after.path) == (None, "compare/all-2.html")
    assert (pages[1].view.before.path, pages[1].view.after) == ("compare/", None)


def test_before_there_is_a_second_run_there_is_a_page(tmp_path):
    """Which the front page leads to, and which says what is missing."""
    write_run(tmp_path, "Base", [1, 0], n=1)
    (page,) = comparisons_pages(judged(tmp_path))
    assert page.view.rows == ()
    assert page.view.told.startswith("0 pairs")
