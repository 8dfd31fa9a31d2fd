"""The page of a data set's levels: a curve for each model, each candidate beside its baseline, a sentence."""

import dataclasses
import json
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from evalsite.site.build import build_site
from tests.make import write_levels, write_run
from tests.site.conftest import OPTIONS
from tests.site.helpers import ARCHIVED, every_internal_link_resolves, judged, parse
from tests.site.serving import serving
from tests.site.test_accessibility import RULES, violations
from tests.site.test_widths import overhangs

pytestmark = pytest.mark.xdist_group("cliffs")
PAGE = "cliffs/calls-ababab/"
HOSTILE = '<script>alert("x")<i>\u202e'
COUNTS = dataclasses.replace(OPTIONS, rules=ARCHIVED.rules)
"""Without pages of the hundreds of problems that a level's verdict takes."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("level-runs")
    write_levels(folder, ((1, 2, 3), (1, 2, 40)))
    return folder


@pytest.fixture(scope="module")
def site(runs, tmp_path_factory):
    output = tmp_path_factory.mktemp("level-site")
    build_site(runs, output, options=COUNTS)
    return output


def plain(element):
    """Its text in one line, without what keeps words together."""
    text = "".join(element.itertext()).replace("\u2060", "").replace("\u00a0", " ")
    return " ".join(text.split())


def test_the_page_says_where_the_candidate_falls(site, runs):
    """Sentence and verdict, the figures of each level with links to the comparisons, and both charts."""
    (cliff,) = judged(runs).cliffs
    assert cliff.decision == "missed"
    page = (site / PAGE / "index.html").read_text()
    tree = parse(site / PAGE / "index.html")
    told = [" ".join("".join(each.itertext()).split()) for each in tree.iter("p")]
    assert any(
        cliff.sentence in " ".join(line.replace("\u2060", "").replace("\u00a0", " ").split()) for line in told
    ), told
    table = next(each for each in tree.iter("table") if "wide" in each.get("class", ""))
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")][1:]
    assert [row[0] for row in rows] == ["0", "8", "32"]
    assert [row[1] for row in rows] == ["40"] * 3, "what the server counted"
    assert rows[0][5:] == ["–", "–", "–"]
    assert rows[2][7].endswith("missed")
    assert rows[2][4].startswith("−")
    links = [each.get("href") for each in table.iter("a")]
    assert len(links) == 3
    assert all(link.startswith("../../compare/") for link in links)
    svg = next(
        each
        for each in tree.iter()
        if str(each.tag).endswith("svg") and "fig" in (each.get("class") or "").split()
    )
    assert cliff.sentence.partition(";")[0] in svg.get("aria-label")
    drawn = json.loads(re.search(r'id="tools-0-curves-data">(.*?)</script>', page)[1])
    lines = [trace for trace in drawn["data"] if "name" in trace]
    assert [(line["name"], line["x"]) for line in lines] == [
        ("Toy-FP8", [0, 8, 32]),
        ("Toy-Ternary", [0, 8, 32]),
    ]
    assert len(drawn["data"]) == 4, "a band for each"


def test_boards_of_all_levels_lead_to_it(tmp_path):
    """And every link of the site resolves; a data set without levels has no such page."""
    write_levels(tmp_path / "runs", ((0, 1, 1), (0, 1, 3)), size=3)
    build_site(tmp_path / "runs", tmp_path / "site", options=OPTIONS)
    assert (tmp_path / "site/index.html").read_text().count(f'href="{PAGE}"') == 3
    assert every_internal_link_resolves(tmp_path / "site") > 500


def test_nothing_is_made_where_there_are_no_levels(tmp_path):
    """One level is none."""
    write_run(tmp_path / "runs", "Lonely", [1, 0], n=1)
    build_site(tmp_path / "runs", tmp_path / "site", options=OPTIONS)
    assert not (tmp_path / "site/cliffs").exists()


def test_without_a_baseline_curves_are_shown_and_nothing_is_concluded(tmp_path):
    """As everywhere."""
    write_levels(tmp_path / "runs", ((1, 2, 3), (1, 2, 40)))
    for path in (tmp_path / "runs").glob("*toy-fp8*"):
        for each in path.iterdir():
            each.unlink()
        path.rmdir()
    build_site(tmp_path / "runs", tmp_path / "site", options=COUNTS)
    page = (tmp_path / "site" / PAGE / "index.html").read_text()
    assert "tools-0-curves" in page
    assert "verdict-line" not in page


def test_hostile_names_stay_text(tmp_path):
    """Of a model, in the sentence, the charts and the tables."""
    write_levels(tmp_path / "runs", ((1, 2), (1, 30)), tools=(0, 8), names=("Toy", HOSTILE))
    build_site(tmp_path / "runs", tmp_path / "site", options=COUNTS)
    page = (tmp_path / "site" / PAGE / "index.html").read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "\u202e" not in page


def test_a_level_more_makes_the_page_anew_and_nothing_else_stale(runs, site, tmp_path):
    """A second build of the same runs makes nothing."""
    report = build_site(runs, site, options=COUNTS)
    assert report.written == 0


@pytest.mark.browser
def test_it_fits_every_screen_and_reader(chromium, site):
    """Tables scroll inside themselves, the charts are drawn, and axe finds nothing."""
    with serving(site) as base, chromium.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(base + PAGE)
        assert overhangs(page) == []
        page.locator(".plot").first.hover()
        page.locator(".plot svg.main-svg").first.wait_for()
        page.evaluate(AXE_SCRIPT)
        assert violations(page, RULES) == []
