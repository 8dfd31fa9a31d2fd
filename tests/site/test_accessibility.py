"""axe-core finds nothing on any kind of page, in either theme."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.site.test_browser import PAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("accessibility"),
]  # one Chromium for all

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing(open_page, path):
    """WCAG 2.2 AA and axe's best practices hold, all unfolded, wide and narrow; contrast in both themes."""
    page = open_page(path, color_scheme="light", bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(AXE_SCRIPT)
    assert violations(page, RULES) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert violations(page, {"runOnly": ["color-contrast"]}) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert violations(page, RULES) == []


def violations(page, options):
    """Each broken rule with the first elements that break it."""
    asked = options | {"resultTypes": ["violations"], "selectors": False}  # nobody reads where it is
    found = page.evaluate("asked => axe.run(asked).then(found => found.violations)", asked)
    return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
