"""The page of two models over all that was measured."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from evalsite import api
from evalsite.report.scorecards import as_json
from evalsite.site.build import build_site
from evalsite.site.urls import Urls
from tests.distance.make import write_distance
from tests.make import BASELINE, CANDIDATE, write_levels, write_run, write_suite
from tests.site.conftest import OPTIONS
from tests.site.helpers import every_internal_link_resolves, judged, parse
from tests.site.serving import serving
from tests.site.test_accessibility import RULES, violations
from tests.site.test_widths import overhangs

pytestmark = pytest.mark.xdist_group("models")
PAGE = "models/Toy-FP8--Toy-Ternary/"
HOSTILE = '<script>alert("x")<i>\u202e'


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models-runs")
    write_suite(folder)
    write_levels(folder, ((0, 1, 1), (0, 1, 15)), size=20)
    write_run(
        folder, "Toy-FP8", [1, 0], n=1, day="2026-11-20", card=BASELINE, dataset="alone", prefix="Alone"
    )
    write_distance(folder, "Toy-FP8", "Toy-Ternary")
    return folder


@pytest.fixture(scope="module")
def site(runs, tmp_path_factory):
    output = tmp_path_factory.mktemp("models-site")
    build_site(runs, output, options=OPTIONS)
    return output


def lines(element):
    """The cells of a table, by rows, each in one line."""
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in ("th", "td")]
        for row in element.iter("tr")
    ]


def test_the_page_has_the_rows_of_the_card(site, runs):
    """Each with its problems, its difference with the interval, and a verdict; and what was not measured."""
    tree = parse(site / PAGE / "index.html")
    head, *rows = lines(next(each for each in tree.iter("table") if "card" in each.get("class", "")))
    assert head == ["Measured", "Problems", "Toy-FP8, %", "Toy-Ternary, %", "Difference, points", "Verdict"]
    named = {row[0]: row[1:] for row in rows}
    assert named["humaneval"] == ["3", "100.0", "100.0", named["humaneval"][3], "? inconclusive"]
    assert named["Rust: pack-rust"][3].startswith("−66.7 ")
    assert named["Agent"] == ["--dataset polyglot-agent-python", "not measured"]
    assert named["alone"][-1] == "not measured for Toy-Ternary"
    assert [name for name in named if name.endswith(": mean divergence")]
    card = api.scorecard(api.open_runs(runs), "Toy-FP8", "Toy-Ternary")
    assert {row.what for row in card.rows} <= set(named)
    assert card.together.what in named
    assert '"decision": "missed"' in as_json(card)


def test_comparisons_lead_to_it_and_it_to_them(site):
    """Whichever page somebody was given."""
    tree = parse(site / PAGE / "index.html")
    links = {each.get("href") for each in tree.iter("a") if (each.get("href") or "").startswith("../../comp")}
    assert len(links) == 5
    pages = [site / "models/x" / link / "index.html" for link in links]
    assert all(f'href="../../{PAGE}"' in page.resolve().read_text() for page in pages)
    assert every_internal_link_resolves(site) > 50


def test_several_data_sets_are_drawn_beside_their_pool(site):
    """As a forest plot; levels of difficulty are no data sets of their own."""
    figure = next(each for each in parse(site / PAGE / "index.html").iter("figure"))
    named = [row[0] for row in lines(figure)][1:]
    assert sorted(named[:-1]) == ["calls", "humaneval", "pack-js", "pack-rust"]
    assert named[-1] == "all together"


def test_its_address_is_the_models_names_in_order():
    """Whichever is the baseline, and never that of two others."""
    urls = Urls({}, {}, models={name: name for name in ("a", "a--b", "b", "b--c", "c")})
    assert urls.two_models("b", "a") == urls.two_models("a", "b") == "models/a--b/"
    assert urls.two_models("a--b", "c") != urls.two_models("a", "b--c")


def test_two_models_without_a_comparison_have_no_page(tmp_path):
    """Nor has a model beside itself."""
    write_run(tmp_path / "runs", "Lonely", [1, 0], n=1, day="2026-11-18")
    write_run(tmp_path / "runs", "Lonely", [1, 1], n=1, day="2026-11-19")
    judgement = judged(tmp_path / "runs")
    assert len(judgement.comparisons) == 1
    assert judgement.model_pairs == {}
    assert judgement.models_path("Lonely", "Lonely") == ""


def test_hostile_names_stay_text(tmp_path):
    """Of a model and of a data set, in sentences, tables and the drawing."""
    for model, card in (("Toy", BASELINE), (HOSTILE, CANDIDATE)):
        for dataset in ("humaneval", HOSTILE):
            write_run(tmp_path / "runs", model, [1, 0], n=1, card=card, dataset=dataset)
    build_site(tmp_path / "runs", tmp_path / "site", options=OPTIONS)
    (page,) = (tmp_path / "site/models").glob("*/index.html")
    text = page.read_text()
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert") > 3
    assert "\u202e" not in text


def test_a_second_build_makes_nothing(runs, site):
    """Its key is what it shows."""
    assert build_site(runs, site, options=OPTIONS).written == 0


@pytest.mark.browser
def test_it_fits_every_screen_and_reader(chromium, site):
    """Tables scroll inside themselves, and axe finds nothing."""
    with serving(site) as base, chromium.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(base + PAGE)
        assert overhangs(page) == []
        page.evaluate(AXE_SCRIPT)
        assert violations(page, RULES) == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_each_row_whole(chromium, site, scheme):
    """Difference, interval and verdict stand on the screen, with their names, and axe finds nothing there."""
    screen = {"width": 360, "height": 740}
    with (
        serving(site) as base,
        chromium.new_context(bypass_csp=True, viewport=screen, color_scheme=scheme) as context,
    ):
        page = context.new_page()
        page.goto(base + PAGE)
        parts = page.locator(".card tbody :is(th, td, .range, .mark)")
        rights = parts.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
        assert len(rights) > 40
        assert max(rights) <= screen["width"]
        label = "one => getComputedStyle(one, '::before').content"
        row = page.locator(".card tr", has_text="humaneval").first
        assert '"difference, points"' in row.locator("td").nth(3).evaluate(label)
        page.evaluate(AXE_SCRIPT)
        assert violations(page, RULES) == []
