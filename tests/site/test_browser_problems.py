"""The matrix of problems in a real Chromium: a filter over all windows, and runs that are no columns yet."""

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.views import problems
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.serving import serving
from tests.site.test_browser import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all

ADD = 'input[name="add"]'


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    """Five problems in windows of three; three runs, two of them columns; the second is solved by none."""
    runs, output = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("matrix")
    write_run(runs, "Base", [10, 0, 10, 9, 8], card=BASELINE, day="2026-11-01")
    write_run(runs, "Ternary", [10, 0, 1, 9, 8], card=CANDIDATE, day="2026-11-02")
    write_run(runs, "Other", [1, 0, 5, 10, 9], day="2026-11-03")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problems, "MOST_ROWS", 3)
        patch.setattr(problems, "MOST_RUNS", 2)
        build_site(runs, output, options=SiteOptions(jobs=1))
    with serving(output) as base:
        yield base


def shown(page, tasks):
    rows = (
        "[...document.querySelectorAll('.crossing tbody tr:not([hidden])')].map(row => row.dataset.problem)"
    )
    until(page, f"{rows}.join() === '{','.join(tasks)}'")
    assert page.locator(".crossing tbody tr:visible").count() == len(tasks)


def test_the_filter_looks_through_all_windows(open_page, matrix):
    """By name, by what is remarkable, and by whether the runs differ; a view can be linked."""
    page = open_page("problems/", base=matrix)
    shown(page, ["HumanEval/1", "HumanEval/2", "HumanEval/0"])
    page.get_by_label("Filter", exact=True).fill("add4")
    shown(page, ["HumanEval/4"])
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_label("Remarkable").select_option("solved by none")
    shown(page, ["HumanEval/1"])
    again = open_page(page.url.removeprefix(matrix), base=matrix)
    shown(again, ["HumanEval/1"])
    page = open_page("problems/#runs=differ", base=matrix)
    shown(page, ["HumanEval/2"])
    page.get_by_label("Filter", exact=True).fill("nothing")
    assert page.get_by_text("No problem fits.").is_visible()


def test_a_run_is_added_as_a_column(open_page, matrix):
    """Its counts stand in every window's rows, the address keeps it, and clearing takes it away."""
    page = open_page("problems/", base=matrix)
    assert page.locator(".crossing thead .run").all_text_contents() == ["Base", "Ternary"]
    page.locator(ADD).focus()
    assert page.locator("#runs option").evaluate_all("options => options.map(one => one.value)") == ["Other"]
    page.locator(ADD).fill("Other")
    page.get_by_role("columnheader", name="Other").wait_for()
    cells = page.locator("tr[data-problem='HumanEval/0'] .cell")
    assert cells.all_text_contents() == ["10", "10", "1"]
    assert cells.last.get_attribute("class") == "added cell g1"
    page.get_by_label("Filter", exact=True).fill("add4")
    shown(page, ["HumanEval/4"])
    assert page.locator("tr[data-problem='HumanEval/4'] .cell").all_text_contents() == ["8", "8", "9"]
    again = open_page("problems/#add=Other", base=matrix)
    again.get_by_role("columnheader", name="Other").wait_for()
    again.get_by_role("button", name="Clear", exact=True).click()
    assert again.locator(".crossing .added").count() == 0


def test_problems_sort_by_share_and_name(open_page, matrix):
    """Within what the page has."""
    page = open_page("problems/", base=matrix)
    page.get_by_role("button", name="Problem", exact=True).click()
    shown(page, ["HumanEval/0", "HumanEval/1", "HumanEval/2"])
