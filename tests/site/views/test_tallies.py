"""What a run's tallies show: every problem as a cell and as a row, and every verdict class as a share."""

from dataclasses import replace

import pytest
from msgspec import structs

from evalsite.site.urls import Urls
from evalsite.site.views.tallies import failures_of, problems_of
from tests.make import loaded_run
from tests.site.helpers import RUN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


def test_what_has_no_sample_has_nothing_to_sort_by():
    """So that it comes last either way, in every column of figures; no pass and no failure are figures."""
    run = loaded_run([1, 0, 0], [1, 1, 0])
    urls = Urls.of([run.id], [tally.problem for tally in run.summary.tallies])
    rows = problems_of(run, urls, anchored=False).rows
    values = [(row.num_passed, row.share_value, row.num_failed) for row in rows]
    assert values == [(1, 1.0, 0), (0, 0.0, 1), (None, None, None)]


def test_modules_that_lack_lead_to_who_asked_for_them():
    """In the list of failures; an archived run has no list."""
    run = loaded_run([0], 2, failures=[{"missing_module": 2}])
    run = replace(run, summary=structs.replace(run.summary, missing_modules={"a.b c": 2}))
    urls = Urls.of([run.id], [tally.problem for tally in run.summary.tallies])
    (fact,) = failures_of(run, "Python", urls).modules
    assert [(part.text, part.path) for part in fact.said] == [
        ("2", f"{urls.failures(run.id)}#class=missing_module&q=a.b%20c")
    ]
    archived = replace(urls, archived=frozenset([run.id]))
    assert [part.path for part in failures_of(run, "Python", archived).modules[0].said] == [""]


def test_a_tables_order_outlives_a_reload_and_the_way_back(open_page):
    """As filters do."""
    page = open_page(RUN)
    page.get_by_text("All problems as a table").click()
    page.get_by_role("button", name="%").first.click()
    rows = page.locator("table.sortable tbody th")
    order = rows.all_text_contents()
    page.reload()
    assert rows.all_text_contents() == order != sorted(order)
    page.goto(page.url + "failures.html")
    page.go_back()
    assert rows.all_text_contents() == order


def test_problem_tables_sort_by_numbers(open_page):
    """The table of all problems sorts its shares as numbers."""
    page = open_page(RUN)
    page.get_by_text("All problems as a table").click()
    page.get_by_role("button", name="%").first.click()
    shares = page.locator("table.sortable tbody td:nth-child(3)").all_text_contents()
    assert shares == sorted(shares, key=float, reverse=True)
