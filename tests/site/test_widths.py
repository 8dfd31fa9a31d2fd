"""Every kind of page fits every screen, whatever fonts the machine has."""

import itertools
import json

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.stats.targets import parse_targets
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.conftest import OPTIONS
from tests.site.serving import opening, serving
from tests.site.test_browser import PAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("widths"),
]  # one Chromium for all

WIDTHS = (360, 768, 1440)
"""A small phone, a tablet, a laptop, in CSS pixels."""

TEXT, CODE = "*, *::before, *::after", "code, code *, pre, pre *, kbd, .error"


def faces(text, code):
    """Return a style that sets everything in one family of fonts."""
    return f'{TEXT} {{ font-family: "{text}" !important; }} {CODE} {{ font-family: "{code}" !important; }}'


FACES = {
    "the machine's own": "",
    "DejaVu": faces("DejaVu Sans", "DejaVu Sans Mono"),
    "Liberation": faces("Liberation Sans", "Liberation Mono"),
    "wider than any": f"{TEXT} {{ letter-spacing: 0.2em !important; }}",
}
"""Name -> style. Where a family is missing another comes in its place; letters apart are wide anywhere."""

OVERHANG = """() => {
  const root = document.documentElement, found = [];
  if (root.scrollWidth <= root.clientWidth) return found;
  for (const one of document.body.querySelectorAll("*")) {
    const right = one.getBoundingClientRect().right + scrollX;
    if (right > root.clientWidth) found.push(`${Math.round(right)} px: ${one.outerHTML.slice(0, 120)}`);
  }
  return found.length ? found.slice(-5) : [`${root.scrollWidth} px`];
}"""
"""What reaches beyond the right edge of a page that scrolls sideways; of many, the last and innermost."""


OVERRUN = """() => [...document.querySelectorAll("td, th")].flatMap((cell) => {
  const over = cell.scrollWidth - cell.clientWidth;
  const head = cell.closest("thead");
  if (head && getComputedStyle(head).position === "absolute") return [];
  if (over <= 1 || getComputedStyle(cell).overflowX !== "visible" || !cell.checkVisibility()) return [];
  return [`${over} px: ${cell.outerHTML.slice(0, 120)}`];
})"""
"""Cells of tables whose words run into the cell beside them; a head that is only heard has no width."""

PARTED = """() => [...document.querySelectorAll(".mark")].flatMap((mark) => {
  if (!mark.checkVisibility()) return [];
  const sign = mark.querySelector("[aria-hidden]") ?? mark;
  let word = sign.nextSibling ?? sign.parentNode.nextSibling;
  while (word && !/\\S/.test(word.textContent)) word = word.nextSibling;
  if (!word || mark.textContent.length > 40) return [];
  const range = document.createRange();
  const texts = document.createTreeWalker(word, NodeFilter.SHOW_TEXT);
  const text = word.nodeType === Node.TEXT_NODE ? word : texts.nextNode();
  const at = text.textContent.search(/\\S/);
  range.setStart(text, at);
  range.setEnd(text, at + 1);
  const apart = Math.abs(range.getBoundingClientRect().bottom - sign.getBoundingClientRect().bottom);
  return apart > 12 ? [`${Math.round(apart)} px: ${mark.parentNode.textContent.trim().slice(0, 60)}`] : [];
})"""
"""Marks whose sign stands on another line than the word or figure behind it."""


CUT = """() => [...document.querySelectorAll(".gains thead th")].flatMap((head) => {
  const range = document.createRange();
  range.selectNodeContents(head);
  const lines = new Set([...range.getClientRects()].map((each) => Math.round(each.top)));
  return lines.size > 1 && !/\\s/.test(head.textContent) ? [head.textContent] : [];
})"""
"""Heads of columns of one word each that stands on two lines."""


UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true; })"


def overhangs(page):
    """Return (width, face, elements) for each combination at which the page scrolls sideways."""
    found = []
    style = page.add_style_tag(content="x {}")
    page.evaluate(UNFOLD)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for name, face in FACES.items():
            style.evaluate("(style, text) => { style.textContent = text; }", face)
            if sticking_out := page.evaluate(OVERHANG):
                found.append((width, name, sticking_out))
    style.evaluate("style => style.remove()")
    return found


@pytest.fixture(scope="module", params=PAGES.values(), ids=PAGES.keys())
def page(request, chromium, address):
    """Each kind of page with everything unfolded, opened once: a test chooses how wide it is."""
    with opening(chromium, address) as open_one:
        page = open_one(request.param, bypass_csp=True)
        page.evaluate(UNFOLD)
        yield page


def test_no_page_scrolls_sideways(page):
    """On any screen, in any face; wide tables scroll inside themselves."""
    assert overhangs(page) == []


def test_no_cell_runs_into_the_next(page):
    """Names may be long: they are broken, or their table scrolls."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OVERRUN) == [], width


def test_no_head_of_a_column_of_gains_is_cut_in_two(page):
    """A phone has room for each as it stands, in the widest of ordinary fonts."""
    style = page.add_style_tag(content=FACES["DejaVu"])
    page.set_viewport_size({"width": 360, "height": 800})
    cut = page.evaluate(CUT)
    style.evaluate("style => style.remove()")
    assert cut == []


def test_the_names_of_a_pool_stay_in_their_cell(chromium, tmp_path):
    """However many data sets are judged together."""
    names = [f"a-data-set-of-{number}-languages" for number in range(4)]
    for name in names:
        for model, card in (("Base", BASELINE), ("Cand", CANDIDATE)):
            write_run(tmp_path / "runs", model, [1] * 2, n=1, card=card, dataset=name, prefix=name)
    pool = f'[[target]]\nname = "All"\nmetric = "degradation"\nmargin = 10\npool = {json.dumps(names)}\n'
    options = SiteOptions(targets=parse_targets(pool, "test"), jobs=1)
    build_site(tmp_path / "runs", tmp_path / "site", options=options)
    with serving(tmp_path / "site") as base, chromium.new_context() as context:
        page = context.new_page()
        for path, width in itertools.product(("", "targets.html"), WIDTHS):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(base + path)
            assert page.get_by_text(" + ".join(names)).first.is_visible()
            assert page.evaluate(OVERRUN) == [], (path, width)


def test_a_sign_stands_beside_its_word(page):
    """On a phone, too: a tick alone on a line says nothing."""
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(PARTED) == []


def test_no_hostile_text_makes_a_page_scroll_sideways(chromium, hostile_site):
    """Words of hundreds of letters are broken, on every kind of page that shows what a run says."""
    kinds = ("", "runs/*/", "runs/*/*/", "problems/*/", "compare/*/")
    pages = [next(hostile_site.glob(f"{kind}index.html")) for kind in kinds]
    with serving(hostile_site) as base, chromium.new_context(bypass_csp=True) as context:
        page = context.new_page()
        for file in [hostile_site / "targets.html", *pages]:
            page.goto(base + str(file.relative_to(hostile_site)))
            assert overhangs(page) == [], file


def test_an_empty_site_does_not_scroll_sideways(chromium, tmp_path):
    """Before the first run there are commands to copy."""
    (tmp_path / "runs").mkdir()
    build_site(tmp_path / "runs", tmp_path / "site", options=OPTIONS)
    with serving(tmp_path / "site") as base, chromium.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(base)
        assert page.get_by_text("No runs yet").is_visible()
        assert overhangs(page) == []
