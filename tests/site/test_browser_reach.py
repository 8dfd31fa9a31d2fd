"""Keys, small screens, and files beside tables in a real Chromium: what all can reach."""

import re

import pytest

from tests.site.helpers import PROBLEM, RUN
from tests.site.test_browser import BASE, COMPARE, models

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


def test_keys_are_told_and_can_be_switched_off(open_page):
    """By a panel that a key and a button open; the choice is kept, and the button stays (WCAG 2.1.4)."""
    page = open_page(PROBLEM)
    page.keyboard.press("?")
    panel = page.get_by_role("dialog", name="Keys")
    assert "{ }" in panel.text_content()
    panel.get_by_label("Single keys act").uncheck()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    page.keyboard.press("]")
    page.keyboard.press("/")
    page.reload()
    page.keyboard.press("?")
    assert page.url.endswith(PROBLEM)
    assert page.evaluate("() => document.activeElement.tagName") == "BODY"
    page.get_by_role("button", name="Keys").click()
    panel.get_by_label("Single keys act").check()
    panel.get_by_role("button", name="Close").click()
    page.keyboard.press("]")
    page.wait_for_url(re.compile("HumanEval-3/$"))


def test_what_was_found_opens_as_a_link_does(open_page):
    """Beside the page by the middle button or with Ctrl, in its place by a click, not by a right one."""
    page = open_page()
    page.locator("#search").fill("HumanEval/3")
    hit = page.get_by_role("option").first
    hit.click(button="right")
    for how in ({"button": "middle"}, {"modifiers": ["Control"]}):
        with page.context.expect_page() as beside:
            hit.click(**how)
        beside.value.wait_for_url(re.compile("problems/HumanEval-3/$"))
    assert page.url.endswith("/results/")
    hit.click()
    page.wait_for_url(re.compile("problems/HumanEval-3/$"))


def test_the_grid_is_one_stop(open_page):
    """Tab goes past it in one step, and comes back to the cell that was left."""
    page = open_page(RUN)
    cells = page.locator(".grid .cell")
    assert page.locator('.grid .cell[tabindex="0"]').count() == 1
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('.grid')") is None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.textContent") == cells.nth(1).text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cells_share_is_told_from_its_ground(open_page, scheme):
    """The line up to which it is filled has a contrast of 3:1 at least (WCAG 1.4.11)."""
    page = open_page(RUN, color_scheme=scheme)
    told = page.evaluate("""() => {
      const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      const light = (color) => {
        const [red, green, blue] = color.match(/[\\d.]+/g).map((each) => channel(each / 255));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const cell = getComputedStyle(document.querySelector(".cell.g4")).backgroundImage;
      const colors = cell.match(/rgb\\([^)]*\\)/g);
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      return colors.map(light).map((one) => (Math.max(one, ground) + 0.05) / (Math.min(one, ground) + 0.05));
    }""")
    assert max(told) >= 3


def test_tables_stand_beside_their_files_for_machines(open_page):
    """CSV and JSON of runs, comparisons, targets, and of a run's problems and failures; each is there."""
    wanted = {
        "": {
            f"data/{table}.{kind}" for table in ("runs", "comparisons", "targets") for kind in ("csv", "json")
        },
        "targets.html": {"data/targets.csv", "data/targets.json"},
        COMPARE: {"data/comparisons.csv", "data/comparisons.json"},
        RUN: {f"{RUN}problems.csv", f"{RUN}failures.json"},
        "compare/": {"data/comparisons.csv", "data/comparisons.json"},
        "models/Toy-FP8--Toy-Ternary/": {"data/comparisons.csv", "data/comparisons.json"},
        "problems/": {f"{RUN}problems.csv", f"{BASE}problems.csv"},
    }
    for path, files in wanted.items():
        page = open_page(path, java_script_enabled=False)
        links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
        assert files <= {link.partition("/results/")[2] for link in links}


def test_runs_sort_by_a_select_where_heads_hide(open_page):
    """On small screens, where no focus vanishes in a hidden head; blanks come last."""
    page = open_page(viewport={"width": 360, "height": 740})
    page.locator("[name=sort]").select_option("by name")
    assert page.url.endswith("#sort=model.up")
    assert models(page) == ["Other", "Toy-FP8", "Toy-Ternary"]
    assert (
        page.locator('.runs thead button[tabindex="-1"]').count()
        == page.locator(".runs thead button").count()
    )
    wide = open_page("#sort=model.up", viewport={"width": 1280, "height": 740})
    assert not wide.locator("[name=sort]").is_visible()
    assert models(wide) == ["Other", "Toy-FP8", "Toy-Ternary"]


def test_what_is_picked_stays_in_sight(open_page):
    """However far down, with the next step beside it, until it is let go."""
    page = open_page(viewport={"width": 360, "height": 740})
    bar = page.locator("[data-picked]")
    assert not bar.is_visible()
    boxes = page.locator(".board").first.locator(".pick input")
    boxes.nth(2).check()
    assert bar.inner_text().split("\n")[0].startswith("1 picked")
    boxes.nth(0).check()
    box = bar.bounding_box()
    assert 0 <= box["y"] <= 740 - box["height"]
    bar.get_by_role("button", name="Pick none").click()
    assert not bar.is_visible()
    boxes.nth(0).check()
    boxes.nth(1).check()
    bar.get_by_role("link", name="Compare").click()
    page.wait_for_url(re.compile("/compare/"))
