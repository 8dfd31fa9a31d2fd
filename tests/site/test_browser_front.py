"""The front page and ways from it in a real Chromium: filters, runs of one model, flips that sort."""

import re

import pytest
from msgspec import structs

from evalsite.rundir.symptoms import Symptoms
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.views import targets
from tests.make import BASELINE, CANDIDATE, SETTINGS, write_rows, write_run
from tests.site.helpers import LOSS
from tests.site.serving import serving
from tests.site.test_browser import COMPARE, models, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all

PAIR = "compare/2026-11-01T10-00-00Z--base--humaneval--2026-11-02T10-00-00Z--loopy--humaneval"
TWINS = ("Loopy (n = 10, T = 0.2)", "Loopy (n = 1, T = 0)")


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """A baseline and three candidates; one has two runs of a day, whose answers loop, one is a trial."""
    runs, output = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("front")
    other = structs.replace(CANDIDATE, family="Other", quantization="Q2")
    write_run(runs, "Base", [10, 10, 9, 10, 8], card=BASELINE, day="2026-11-01")
    loopy = write_run(runs, "Loopy", [10, 0, 3, 1, 4], card=CANDIDATE, day="2026-11-02")
    greedy = structs.replace(SETTINGS, temperature=0.0)
    write_run(
        runs, "Loopy", [1, 0, 1, 0, 1], n=1, card=CANDIDATE, day="2026-11-02", settings=greedy,
        id="2026-11-02T12-00-00Z--loopy--humaneval",
    )  # fmt: skip
    write_run(runs, "Sound", [10, 10, 9, 10, 9], card=other, day="2026-11-03")
    write_run(runs, "Trial", [10, 10, 9, 10, 9], card=CANDIDATE, day="2026-11-04", num_problems=2)
    found = Symptoms(version="1", names=("loop",), period=9, began=12)
    write_rows(
        loopy,
        [
            structs.replace(row, symptoms=found if row.sample == 9 else Symptoms(version="1"))
            for row in loopy.verdicts()
        ],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targets, "MOST_JUDGED", 1)
        build_site(runs, output, options=SiteOptions(targets=LOSS, jobs=1))
    with serving(output) as base:
        yield base


def candidates(page):
    """The candidates that are shown, in order."""
    return page.locator(".candidates tbody tr:not([hidden]) th a").all_text_contents()


def test_the_table_of_candidates_follows_every_filter(open_page, front):
    """Text, family, quantization and side, as the runs do; what is cleared comes back."""
    page = open_page(base=front)
    everybody = ["Sound", "Loopy", "Trial"]
    assert candidates(page) == everybody
    page.get_by_role("searchbox", name="Filter").fill("lo")
    until(page, "document.querySelectorAll('.candidates tbody tr:not([hidden])').length === 1")
    assert candidates(page) == ["Loopy"]
    page.get_by_role("button", name="Clear", exact=True).click()
    assert candidates(page) == everybody
    page.locator("[name=family]").select_option("Other")
    assert candidates(page) == ["Sound"]
    page.locator("[name=family]").select_option("")
    page.locator("[name=quant]").select_option("ternary")
    assert candidates(page) == ["Loopy", "Trial"]
    page.locator("[name=quant]").select_option("")
    page.locator("[name=side]").select_option("baseline")
    assert candidates(page) == []
    assert models(page) == ["Base"]


def test_runs_and_candidates_are_filtered_by_symptom(open_page, front):
    """The choice stands in the address, and opening that shows the same; nothing else has the symptom."""
    page = open_page(base=front)
    page.locator("[name=symptom]").select_option("loop")
    assert page.url.endswith("#symptom=loop")
    assert models(page) == [TWINS[0]]
    assert candidates(page) == ["Loopy"]
    assert page.locator("[data-count]").inner_text() == "1 of 5 runs"
    again = open_page("#symptom=loop", base=front)
    assert models(again) == [TWINS[0]]
    assert candidates(again) == ["Loopy"]
    assert again.locator("[name=symptom]").input_value() == "loop"
    again.get_by_role("button", name="Clear", exact=True).click()
    assert len(models(again)) == 5


def test_two_runs_of_a_model_are_told_apart_page_by_page(open_page, front):
    """Wherever a run is named beside others: tables, selects, heads of columns, crumbs, titles, search."""
    page = open_page(base=front)
    assert set(TWINS) < set(models(page))
    chosen = page.locator("[name=base] option").all_text_contents()
    assert {name for name in chosen if name.startswith("Loopy")} == set(TWINS)
    page.locator("#search").fill("loopy")
    page.locator("#hits li").first.wait_for()
    hits = page.locator("#hits li").all_text_contents()
    assert all(any(name in hit for hit in hits) for name in TWINS)
    page = open_page("problems/", base=front)
    assert set(TWINS) < set(page.locator(".crossing thead .run").all_text_contents())
    page = open_page("problems/HumanEval-1/", base=front)
    assert set(TWINS) < set(page.locator("table.shares tbody th a").all_text_contents())
    for path, name in zip(("10-00-00Z", "12-00-00Z"), TWINS, strict=True):
        run = f"runs/2026-11-02T{path}--loopy--humaneval/"
        compare = f"compare/2026-11-01T10-00-00Z--base--humaneval--2026-11-02T{path}--loopy--humaneval/"
        kinds = (
            run,
            f"{run}failures.html",
            f"{run}HumanEval-1/",
            compare,
            f"{compare}failures.html",
            f"{compare}HumanEval-1/",
        )
        for kind in kinds:
            page = open_page(kind, base=front, java_script_enabled=False)
            assert name in page.title(), kind
            assert name in page.locator(".crumbs").inner_text(), kind
            assert name in page.locator("main").inner_text(), kind


def test_targets_of_many_models_stand_on_several_pages(open_page, front):
    """One leads to the next, without scripts, too; each model stands on one of them."""
    page = open_page("targets.html", base=front, java_script_enabled=False)
    told = []
    for number in ("1", "2"):
        assert page.locator(".steps [aria-current=page]").inner_text() == number
        told += page.locator(".board-head h2").all_text_contents()
        if number == "1":
            page.locator(".steps").get_by_role("link", name="2").click()
            page.wait_for_url("**/targets-2.html")
    assert told == ["Sound", "Loopy"]
    page.locator(".steps").get_by_role("link", name="1").click()
    page.wait_for_url("**/targets.html")


def test_flips_sort_by_every_column(open_page, front):
    """Once in the order that says most, once the other way round, and back to how they came."""
    page = open_page(f"{PAIR}/", base=front)
    table = page.locator("#broken table")
    rows = table.locator("tbody tr")
    came = rows.locator("th").all_text_contents()
    assert came == ["HumanEval/1", "HumanEval/3", "HumanEval/2"]
    columns = table.locator("thead th").all_text_contents()
    assert columns == ["Problem", "Baseline", "Candidate", "Points", "p"]
    for place, column in enumerate(columns):
        button = table.locator("thead button").nth(place)
        values = rows.locator(f"xpath=./*[{place + 1}]")
        first_up = column in ("Problem", "p")
        for falling in (not first_up, first_up):
            button.click()
            told = values.evaluate_all("all => all.map(one => one.dataset.v)")
            told = told if column == "Problem" else [float(value) for value in told]
            assert told == sorted(told, reverse=falling), column
            assert table.locator("th[aria-sort]").inner_text().startswith(column)
        button.click()
        assert rows.locator("th").all_text_contents() == came, column


def test_a_problem_leads_to_its_flips(open_page):
    """From its page across runs: by the word of what became of it, beside the run where it did."""
    page = open_page("problems/HumanEval-3/")
    page.locator("tr", has_text="Toy-Ternary").get_by_role("link", name="broken").click()
    page.wait_for_url(re.compile(f"{COMPARE}HumanEval-3/$"))
    assert page.locator("h1").inner_text().startswith("HumanEval/3")
