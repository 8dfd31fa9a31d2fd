"""A front page with room for a part of the runs, in a real Chromium: what is looked for is sought in all."""

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.views import boards
from tests.make import BASELINE, write_run
from tests.site.helpers import ARCHIVED
from tests.site.serving import serving
from tests.site.test_browser import models, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all

RUNS = 9


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Nine runs, the best three of which stand on the front page with the baseline and the newest."""
    runs, output = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("many")
    write_run(runs, "Base", [1, 0], card=BASELINE, day="2026-11-01")
    for number in range(1, RUNS):
        write_run(runs, f"M{number}", [10 - number, 10 - number], day=f"2026-11-{number + 1:02}")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"MOST_ROWS": 3, "FEWEST": 3, "WINDOW": 3}.items():
            patch.setattr(boards, name, value)
        build_site(runs, output, options=SiteOptions(jobs=1, rules=ARCHIVED.rules))
    with serving(output) as base:
        yield base


SHOWN = "[...document.querySelectorAll('.board tbody th.model a')].map(link => link.textContent).join()"


def shown(page, names):
    until(page, f"{SHOWN} === '{','.join(names)}'")
    assert models(page) == names


def test_a_filter_looks_among_all_runs(open_page, many):
    """Those of further pages are fetched, their links lead where they did, and a view can be linked."""
    page = open_page(base=many)
    shown(page, ["M1", "M2", "M3", "M8", "Base"])
    assert page.locator("[data-count]").inner_text() == f"{RUNS} runs"
    page.get_by_role("searchbox", name="Filter").fill("m6")
    shown(page, ["M6"])
    until(page, f"document.querySelector('[data-count]').textContent === '1 of {RUNS} runs'")
    again = open_page(page.url.removeprefix(many), base=many)
    shown(again, ["M6"])
    again.get_by_role("link", name="M6", exact=True).first.click()
    again.wait_for_url("**/runs/2026-11-07T10-00-00Z--m6--humaneval/")


def test_all_runs_are_sorted_and_shown_piece_by_piece(open_page, many):
    """As many as the first view has, then as many more."""
    page = open_page("#sort=model.down", base=many)
    shown(page, ["M8", "M7", "M6", "M5", "M4"])
    page.get_by_role("button", name="Show 4 more of 4").click()
    shown(page, ["M8", "M7", "M6", "M5", "M4", "M3", "M2", "M1", "Base"])
    assert not page.get_by_role("button", name="Show").is_visible()


def test_runs_of_further_pages_are_picked_and_held_against(open_page, many):
    """By an address, before they were fetched."""
    slug = "2026-11-0{}T10-00-00Z--m{}--humaneval".format
    page = open_page(f"#pick={slug(5, 4)},{slug(7, 6)}", base=many)
    page.get_by_role("link", name="Compare the two").wait_for()
    anchor = page.locator(".board").get_attribute("id")
    page = open_page(f"#base.{anchor}={slug(6, 5)}", base=many)
    until(page, "document.querySelector('[name=base]').selectedOptions[0].textContent === 'M5'")
    assert page.locator(".board tr", has_text="M1").first.locator(".delta b").inner_text().startswith("+")


def test_further_runs_are_a_page_away_without_scripts(open_page, many):
    """Rank by rank; the last page leads back."""
    page = open_page(base=many, java_script_enabled=False)
    assert len(models(page)) == 5
    page.get_by_role("link", name="4 to 6").click()
    assert page.locator("h1").inner_text() == "Runs 4 to 6 of 9 on humaneval"
    assert page.locator("tbody th.model a").all_text_contents() == ["M4", "M5", "M6"]
    page.get_by_role("link", name="7 to 9").click()
    assert page.locator("tbody th.model a").all_text_contents() == ["M7", "M8", "Base"]
    assert not page.locator("input:visible, button:visible").count()


def test_where_further_pages_cannot_be_fetched_it_is_told(open_page, many):
    """As from a disk: what is here is filtered, and the rest is a page away."""
    page = open_page(base=many)
    page.route(
        "**/boards/*", lambda route: route.fulfill(status=200, body="no table", content_type="text/html")
    )
    page.get_by_role("searchbox", name="Filter").fill("m8")
    until(
        page, "document.querySelector('[data-count]').textContent.endsWith('others stand on further pages')"
    )
    assert models(page) == ["M8"]
