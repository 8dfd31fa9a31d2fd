"""Flips in a real Chromium: both programs, other samples, what is copied, and the way there."""

import re

import pytest

from tests.site.helpers import RUN
from tests.site.test_browser import COMPARE, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


@pytest.mark.parametrize(("width", "columns"), [(768, 2), (767, 1)])
def test_both_programs_stand_side_by_side_where_there_is_room(open_page, width, columns):
    """Two columns from 768 pixels on; below, one after the other, and what both share only once."""
    page = open_page(f"{COMPARE}HumanEval-3/", viewport={"width": width, "height": 800})
    left, right = (page.locator(f".beside .head.{role}").bounding_box() for role in ("baseline", "candidate"))
    assert (left["y"] == right["y"]) is (columns == 2)
    shared = page.locator(".beside .same")
    assert sum(pane.is_visible() for pane in shared.all()) == shared.count() * columns // 2
    assert page.locator(".changed.candidate .l.failed", has_text="total = a + c").is_visible()


def test_flips_are_one_key_apart(open_page):
    """From the comparison to a flip, on to the next one, and to the sample in its run."""
    page = open_page(COMPARE)
    page.get_by_role("link", name="HumanEval/3", exact=True).click()
    page.wait_for_url(re.compile("compare/.*/HumanEval-3/$"))
    for task in ("HumanEval-7", "HumanEval-2"):  # the surest changes first
        page.keyboard.press("]")
        page.wait_for_url(re.compile(f"compare/.*/{task}/$"))
    page.locator(".head.candidate p a").click()
    page.wait_for_url(re.compile(f"{RUN}HumanEval-2/#s4$"))


def test_any_two_samples_can_stand_beside_each_other(open_page):
    """Their programs come from their own pages; the pair stands in the address, and goes as it came."""
    page = open_page(f"{COMPARE}HumanEval-3/")
    before = page.locator(".beside").inner_text()
    page.locator('.head.candidate [data-choose="4"]').click()
    page.get_by_text("the sign is wrong in attempt 4").wait_for()
    assert page.url.endswith("#baseline=0&candidate=4")
    assert page.locator(".changed.candidate .l").count() == 2
    assert "Wrong answer" in page.locator(".head.candidate").inner_text()
    assert page.locator(".head.candidate dd").all_text_contents() == ["add3(1, 2)", "3", "-1"]
    page.reload()
    page.get_by_text("the sign is wrong in attempt 4").wait_for()
    page.locator('.head.candidate [data-choose="0"]').click()
    until(page, "() => document.querySelector('.beside').innerText.includes('total = a + c')")
    assert page.locator(".beside").inner_text() == before


def test_samples_can_be_chosen_without_scripts(open_page):
    """A sample to choose is a link to it."""
    page = open_page(f"{COMPARE}HumanEval-3/", java_script_enabled=False)
    page.locator('.head.candidate [data-choose="4"]').click()
    assert page.url.endswith(f"{RUN}HumanEval-3/#s4")


def test_a_flip_is_copied_with_its_address(open_page, address):
    """Its link, to the line where one is meant, and a report in Markdown."""
    page = open_page(f"{COMPARE}HumanEval-3/#candidate-L2", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"https://example.org/results/{COMPARE}HumanEval-3/#candidate-L2"
    page = open_page(f"{COMPARE}HumanEval-3/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as Markdown").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith(
        f"[HumanEval/3: broken, −80 points](https://example.org/results/{COMPARE}HumanEval-3/)"
    )


def test_a_failed_sample_leads_to_its_flip(open_page):
    """From its head; where the problem has not changed sides, to both programs further down."""
    page = open_page(f"{RUN}HumanEval-3/")
    page.locator(".sample").first.get_by_role("link", name="Beside the baseline").click()
    assert page.url.endswith(f"{COMPARE}HumanEval-3/")
    page = open_page(f"{RUN}HumanEval-5/")
    page.locator(".sample.bad").first.get_by_role("link", name="Beside the baseline").click()
    assert page.url.endswith("#baseline-h")
