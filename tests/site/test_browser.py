"""The site in a real Chromium: what people do with it, and what must never happen."""

import re

import pytest

from tests.site.helpers import PROBLEM, RUN
from tests.site.serving import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all

BASE = "runs/2026-11-18T10-00-00Z--toy-fp8--humaneval/"
COMPARE = "compare/2026-11-18T10-00-00Z--toy-fp8--humaneval--2026-11-20T10-00-00Z--toy-ternary--humaneval/"
PAGES = {
    "leaderboard": "",
    "targets": "targets.html",
    "methods": "methods.html",
    "run": RUN,
    "problem in a run": PROBLEM,
    "problems": "problems/",
    "problem": "problems/HumanEval-2/",
    "compare": COMPARE,
    "flip": f"{COMPARE}HumanEval-3/",
    "comparisons": "compare/",
    "failures": f"{RUN}failures.html",
    "problems of two runs": f"{COMPARE}failures.html",
    "lost": "404.html",
}


def models(page):
    """The models on the first board, in the order shown."""
    return page.locator(".board").first.locator("tbody tr:not([hidden]) th.model a").all_text_contents()


def until(page, condition):
    """Wait for a condition without evaluating strings in the page, which its policy forbids."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never true: {condition}")


def test_the_answer_is_on_the_first_screen(open_page):
    """Five seconds: question, answer and the first target stand on the first screen of a small laptop."""
    page = open_page(viewport={"width": 1280, "height": 720})
    for part in ("h1", ".answer", ".targets tbody tr:first-child"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] < 720


def test_three_clicks_lead_to_the_failure(open_page):
    """Leaderboard, run, first failure, and the failing line is marked."""
    page = open_page()
    page.locator(".board").first.get_by_role("link", name="Toy-Ternary", exact=True).click()
    page.get_by_role("link", name=re.compile("First failure")).click()
    page.locator(".chip.bad").first.click()
    failed = page.locator(".sample .l.failed").first
    assert "total = a + c" in failed.text_content()
    assert page.get_by_text("name 'c' is not defined").first.is_visible()
    assert page.url.endswith("#s9")


def test_sorting_filtering_and_picking_live_in_the_address(open_page, address):
    """A view can be linked: opening its address again shows the same rows in the same order."""
    page = open_page()
    assert models(page) == ["Toy-FP8", "Other", "Toy-Ternary"]
    page.locator(".board").first.get_by_role("button", name="Model").click()
    assert models(page) == ["Other", "Toy-FP8", "Toy-Ternary"]
    page.get_by_label("Filter", exact=True).fill("toy")
    assert models(page) == ["Toy-FP8", "Toy-Ternary"]
    for name in ("Toy-FP8", "Toy-Ternary"):
        page.locator(".board").first.get_by_label(f"Pick {name} to compare").check()
    link = page.get_by_role("link", name="Compare the two")
    assert link.get_attribute("href").endswith(COMPARE)
    again = open_page(page.url.removeprefix(address))
    assert models(again) == ["Toy-FP8", "Toy-Ternary"]
    assert again.locator("th[aria-sort]").first.get_attribute("aria-sort") == "ascending"
    assert again.get_by_role("link", name="Compare the two").is_visible()
    again.get_by_role("button", name="Clear", exact=True).click()
    assert models(again) == ["Other", "Toy-FP8", "Toy-Ternary"]


def test_another_baseline_mirrors_the_differences(open_page):
    """Choosing the candidate as baseline turns its loss into the other's gain."""
    page = open_page()
    board = page.locator(".board").first
    lost = board.locator("tr", has_text="Toy-Ternary").first.locator(".delta b").text_content()
    assert lost.startswith("−")
    board.get_by_label("Baseline").select_option(label="Toy-Ternary, 2026-11-20")
    gained = board.locator("tr", has_text="Toy-FP8").first.locator(".delta b").text_content()
    assert gained == lost.replace("−", "+")
    roles = board.locator(".model .badge:visible", has_text=re.compile("^(baseline|candidate)$"))
    assert roles.all_text_contents() == ["baseline"]
    assert board.locator("tr:has([data-chosen]) .model a").text_content() == "Toy-Ternary"
    board.get_by_label("Baseline").select_option(label="Toy-FP8, 2026-11-18")
    assert sorted(roles.all_text_contents()) == ["baseline", "candidate"]
    assert "base." in page.url


def test_a_filter_that_fits_nothing_says_so(open_page):
    """No empty table without a word, and a way back."""
    page = open_page("#q=nonsense")
    assert page.get_by_text("No run fits the filter").first.is_visible()
    page.get_by_role("button", name="Clear it").first.click()
    assert len(models(page)) == 3


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_page_reads_without_scripts(open_page, path):
    """With JavaScript off there is a heading, the content, and no control that does nothing."""
    page = open_page(path, java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert not page.locator("button:visible").count()
    assert not page.locator("input:visible").count()


def test_numbers_and_code_are_there_without_scripts(open_page):
    """Tables, programs, errors and the figures of every chart are plain HTML."""
    page = open_page("", java_script_enabled=False)
    assert models(page)[0] == "Toy-FP8"
    figure = page.locator("figure.chart").first
    figure.locator("summary").click()
    assert figure.get_by_role("rowheader", name="Toy-FP8").is_visible()
    problem = open_page(PROBLEM, java_script_enabled=False)
    assert problem.get_by_text("total = a + c").first.is_visible()


def test_charts_are_there_without_scripts_and_on_paper(open_page):
    """As the build drew them, on the front page and on a run's; what fills mean is printed, too."""
    for path in ("", RUN, COMPARE):
        page = open_page(path, java_script_enabled=False)
        page.emulate_media(media="print")
        heights = [chart.bounding_box()["height"] for chart in page.locator("figure.chart .fig").all()]
        assert len(heights) >= 1
        assert min(heights) > 60
        assert page.locator(".fig .curve").first.is_visible()
    cell = open_page(RUN).locator(".grid .cell").first
    cell.page.emulate_media(media="print")
    assert cell.evaluate("cell => getComputedStyle(cell).printColorAdjust") == "exact"


def test_no_table_is_cut_off_on_paper(open_page):
    """What scrolls on a screen has its words broken there: nobody can scroll a sheet."""
    over = "all => all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().right)"
    for path in ("", COMPARE, RUN, "problems/", "targets.html"):
        page = open_page(path, viewport={"width": 720, "height": 1000})
        page.emulate_media(media="print")
        rights = page.locator("table").evaluate_all(over)
        assert len(rights) >= 1, path
        assert max(rights) <= 721, path


def test_plotly_takes_over_a_chart_that_is_touched(open_page):
    """It is not asked for before; then hovering tells interval, n and all others, in the theme's colours."""
    page = open_page(viewport={"width": 1280, "height": 700}, color_scheme="light")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    chart = page.locator(".plot[data-figure*=curves]")
    chart.scroll_into_view_if_needed()
    assert not page.evaluate("'Plotly' in window")
    height = chart.bounding_box()["height"]
    chart.hover()
    page.locator(".plot[data-drawn] .scatterlayer .trace").first.wait_for(state="attached")
    assert sum("plotly" in url for url in asked) == 1
    assert not chart.locator(".fig").is_visible()
    assert abs(chart.bounding_box()["height"] - height) < 8
    box = chart.locator(".nsewdrag").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = chart.locator(".hoverlayer .legendtext, .hoverlayer text")
    told.first.wait_for(state="attached")
    said = " ".join(told.all_text_contents())
    assert re.search(r"Toy-FP8 : [\d.]+ % \([\d.]+ to [\d.]+\), n = 10", said)
    assert "Toy-Ternary" in said
    colour = "document.querySelector('.plot[data-drawn] .xtick text').style.fill"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    until(page, f"{colour} !== {light!r}")
    assert not page.locator(".modebar").count()
    page.emulate_media(media="print")
    assert chart.locator(".fig").is_visible()


def test_charts_follow_the_filter(open_page):
    """What the table hides, pictures hide, rows close up, and plotly draws no more."""
    page = open_page()
    rows = page.locator(".fig.rows").first.locator("svg[data-run]")
    assert rows.count() == 3
    places = [row.get_attribute("y") for row in rows.all()]
    touched = page.locator(".plot[data-figure*=score]").first
    touched.hover()
    page.locator(".plot[data-drawn] .scatterlayer .trace").nth(2).wait_for(state="attached")
    page.get_by_role("searchbox", name="Filter").fill("ternary")
    until(page, "document.querySelectorAll('.plot[data-drawn] .scatterlayer .trace').length === 1")
    left = [row for row in rows.all() if row.get_attribute("hidden") is None]
    assert [row.get_attribute("y") for row in left] == places[:1]
    assert "ternary" in left[0].get_attribute("data-run")
    curves = page.locator(".plot[data-figure*=curves] g[data-run*=fp8]")
    assert curves.count() == 2
    assert not any(curve.is_visible() for curve in curves.all())


def test_a_theme_is_kept_and_does_not_flash(open_page):
    """The choice outlives the page, and is in force before the first paint."""
    page = open_page(color_scheme="light")
    switch = page.get_by_role("button", name="Theme")
    switch.click()
    switch.click()
    assert switch.text_content() == "Theme: dark"
    early = "window.early = document.documentElement.dataset.theme"
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {early}; }})")
    page.get_by_role("link", name="Targets", exact=True).click()
    page.wait_for_url("**/targets.html")
    assert page.evaluate("window.early") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != "rgb(255, 255, 255)"


def test_line_and_sample_anchors_are_marked(open_page, address):
    """A link to a line shows it; one into a folded sample leads to the one that stands for it."""
    page = open_page(f"{PROBLEM}#s6-L2")
    line = page.locator("#s6-L2")
    assert line.evaluate("element => element.matches(':target')")
    until(page, "document.getElementById('s6-L2').getBoundingClientRect().top < innerHeight")
    folded = page.locator(".sample", has_text="identical").first.get_attribute("data-folded").split()
    page.goto(f"{address}{PROBLEM}#s{folded[-1]}-L1")
    until(page, "document.querySelector('.l:target') !== null")


def test_copying(open_page, address):
    """Link, Markdown report and a program that runs by itself land on the clipboard."""
    page = open_page(PROBLEM, permissions=["clipboard-read", "clipboard-write"])
    sample = page.locator("#s6")
    clip = "navigator.clipboard.readText()"
    sample.get_by_role("button", name="Copy link").click()
    sample.get_by_text("Copied").wait_for()
    assert page.evaluate(clip) == f"https://example.org/results/{PROBLEM}#s6"
    sample.get_by_role("button", name="Copy as Markdown").click()
    until(page, f"{clip}.then(text => text.includes('```python'))")
    report = page.evaluate(clip)
    assert report.startswith(
        f"[HumanEval/2, sample 6](https://example.org/results/{PROBLEM}#s6): runtime error, "
        "`NameError: name 'c' is not defined` (`Toy-Ternary on humaneval`)"
    )
    sample.get_by_role("button", name="Copy program").click()
    until(page, f"{clip}.then(text => text.startsWith('def add2'))")
    program = page.evaluate(clip)
    assert "check(add2)" in program
    assert "failed here" not in program
    with pytest.raises(NameError):
        exec(compile(program, "copied", "exec"), {})


def test_an_issue_is_prefilled_within_its_limit(open_page):
    """The issue link carries title, permalink and code without any script, below GitHub's limit."""
    page = open_page(PROBLEM, java_script_enabled=False)
    address = page.locator("#s6 .issue").get_attribute("href")
    assert address.startswith("https://github.com/toy/results/issues/new?title=HumanEval%2F2")
    assert "total" in address
    assert len(address) <= 6000


def test_keys_step_through_problems_and_cells(open_page):
    """Brackets go from problem to problem, arrows from cell to cell."""
    page = open_page(PROBLEM)
    page.keyboard.press("]")
    page.wait_for_url(re.compile("HumanEval-3/$"))
    page.keyboard.press("[")
    page.wait_for_url(re.compile("HumanEval-2/$"))
    page = open_page(RUN)
    page.locator(".cell").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("HumanEval-2/$"))


def test_the_site_works_at_the_root_too(open_page, site):
    """All other tests run below a prefix, as on a project page; this one without."""
    with serving(site) as base:
        page = open_page(base=base)
        page.locator(".board").first.get_by_role("link", name="Toy-Ternary", exact=True).click()
        page.wait_for_url(f"{base}{RUN}")
        assert page.evaluate("getComputedStyle(document.querySelector('.top')).position") == "sticky"
        page.keyboard.press("/")
        page.keyboard.type("add1")
        page.locator("#hits li").first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{base}problems/HumanEval-1/")


def test_a_lost_link_finds_the_nearest_page(chromium, site):
    """An address that is gone leads to the page whose address it resembles."""
    with serving(site, "/results/") as base:
        page = chromium.new_page()
        page.goto(f"{base}{RUN}HumanEval-999/")
        near = page.locator("[data-nearest] a")
        near.wait_for()
        assert near.get_attribute("href") == f"/results/{RUN}"
        page.close()


def test_pages_open_from_a_disk(chromium, site):
    """Without a server, links lead to pages instead of folder listings."""
    page = chromium.new_page()
    page.goto(f"file://{site}/index.html")
    page.locator(".board").first.get_by_role("link", name="Toy-Ternary", exact=True).click()
    assert page.locator("h1").text_content().startswith("Toy-Ternary")
    page.close()


def test_hostile_runs_do_nothing_in_a_browser(chromium, hostile_site):
    """No script of theirs runs and no dialog opens."""
    with serving(hostile_site) as base:
        page = chromium.new_page()
        seen = []
        page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda said: said.type == "error" and seen.append(said.text))
        kinds = ("", "runs/*/", "runs/*/*/", "problems/*/", "compare/*/")
        found = [next(hostile_site.glob(f"{kind}index.html")).relative_to(hostile_site) for kind in kinds]
        for path in ["targets.html", *(f"{file.parent}/" for file in found)]:
            page.goto(base + path)
            page.mouse.wheel(0, 3000)
            page.wait_for_timeout(100)
        assert seen == []
        page.close()


def test_what_has_no_value_sorts_last_either_way(open_page):
    """A run that says nothing of its weights is neither the smallest nor the largest."""
    page = open_page()
    weights = page.locator(".board").first.get_by_role("button", name="Weights")
    weights.click()
    assert models(page) == ["Toy-Ternary", "Toy-FP8", "Other"]
    weights.click()
    assert models(page) == ["Toy-FP8", "Toy-Ternary", "Other"]
    weights.click()
    assert models(page) == ["Toy-FP8", "Other", "Toy-Ternary"]
