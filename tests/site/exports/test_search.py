"""The index that the search field of every page looks through."""

import re

import pytest

from tests.site.helpers import PROBLEM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


def test_search_by_keyboard(open_page):
    """Slash focuses, typing finds, arrows and Enter go there, from any depth."""
    page = open_page(PROBLEM)
    page.keyboard.press("/")
    page.keyboard.type("add5")
    page.locator("#hits li").first.wait_for()
    assert page.locator("#hits li[aria-selected=true]").text_content().startswith("HumanEval/5")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("problems/HumanEval-5/$"))
