"""What stays in sight in a real Chromium: on paper whatever the theme, and what has the focus."""

import pytest

from tests.site.helpers import PROBLEM, RUN
from tests.site.test_browser import COMPARE, PAGES
from tests.site.test_widths import OVERHANG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all

FAINT = """() => {
  const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const onPaper = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).map((each) => channel(each / 255));
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
  };
  const said = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const shown = [...document.querySelectorAll("main *")].filter((one) => said(one) && one.checkVisibility());
  const faint = shown.filter((one) => onPaper(getComputedStyle(one).color) < 4.5);
  return [shown.length, faint.map((one) => one.outerHTML)];
}"""
"""How many elements with words there are, and those whose words are told from white paper too little."""

COVERED = """() => {
  const { left, top, width, height } = document.activeElement.getBoundingClientRect();
  const inside = [0.1, 0.5, 0.9].flatMap((x) => [0.2, 0.8].map((y) => [left + x * width, top + y * height]));
  const own = (one) => one && (one.contains(document.activeElement) || document.activeElement.contains(one));
  const seen = inside.filter(([x, y]) => own(document.elementFromPoint(x, y)));
  return seen.length ? null : document.activeElement.outerHTML;
}"""
"""What has the focus, where nothing of it can be seen."""


def unseen(page, presses=150):
    """Go from stop to stop by Tab; return how many there are, and those that cannot be seen."""
    stops = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        stops.append(page.evaluate(COVERED))
    return len(stops), [stop for stop in stops if stop]


@pytest.mark.parametrize("path", ["", RUN, PROBLEM, COMPARE])
def test_a_theme_that_was_chosen_is_not_printed(open_page, path):
    """Words are dark on paper, which no browser makes black by itself, also where somebody reads at night."""
    page = open_page(path)
    page.evaluate("() => localStorage.setItem('evalsite-theme', 'dark')")
    page.reload()
    page.emulate_media(media="print", color_scheme="dark")
    many, faint = page.evaluate(FAINT)
    assert many > 10
    assert faint == []


def test_the_bar_of_picked_runs_covers_no_focus(open_page):
    """Whoever goes on by Tab sees where they are (WCAG 2.4.11)."""
    page = open_page(viewport={"width": 360, "height": 600}, reduced_motion="reduce")
    page.locator(".board").first.locator(".pick input").first.check()
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    many, lost = unseen(page)
    assert many > 20
    assert lost == []


def test_no_focus_is_lost_in_heads_that_hide(open_page):
    """On a phone the heads of a comparison's numbers show when somebody comes to their links."""
    page = open_page(COMPARE, viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    head = page.locator(".differences thead")
    assert head.bounding_box()["height"] <= 1
    many, lost = unseen(page)
    assert many > 20
    assert lost == []
    head.get_by_role("link", name="Interval").focus()
    assert head.bounding_box()["width"] <= 360


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_words_twice_as_large_fit_a_phone(open_page, path):
    """Whoever has their system's letters at 200 % scrolls no page sideways; wide tables scroll."""
    page = open_page(path, viewport={"width": 360, "height": 740})
    sizes = {"standard": 32, "fixed": 26}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate(OVERHANG) == []
