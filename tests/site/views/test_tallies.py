"""What a run's tallies show: every problem as a cell and as a row, and every verdict class as a share."""

import pytest

from tests.site.helpers import RUN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


def test_problem_tables_sort_by_numbers(open_page):
    """The table of all problems sorts its shares as numbers."""
    page = open_page(RUN)
    page.get_by_text("All problems as a table").click()
    page.get_by_role("button", name="%").first.click()
    shares = page.locator("table.sortable tbody td:nth-child(3)").all_text_contents()
    assert shares == sorted(shares, key=float, reverse=True)
