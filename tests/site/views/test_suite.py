"""Data sets beside one another on the front page, and one source problem across them on its own."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from evalsite.site.build import build_site
from evalsite.site.views.suite import MOST_MODELS, suite_of
from tests.make import write_run, write_suite
from tests.site.conftest import OPTIONS
from tests.site.helpers import every_internal_link_resolves, judged, parse
from tests.site.serving import serving
from tests.site.test_accessibility import RULES, violations
from tests.site.test_widths import overhangs

pytestmark = pytest.mark.xdist_group("suite")


@pytest.fixture(scope="module")
def suite_runs(tmp_path_factory):
    runs = tmp_path_factory.mktemp("suite-runs")
    write_suite(runs)
    return runs


@pytest.fixture(scope="module")
def suite_site(suite_runs, tmp_path_factory):
    output = tmp_path_factory.mktemp("suite-site")
    build_site(suite_runs, output, options=OPTIONS)
    return output


def rows_of(page, kind):
    """The texts of a table's cells, by rows."""
    table = next(one for one in parse(page).iter("table") if kind in one.get("class", "").split())
    rows = [["".join(cell.itertext()).split() for cell in row] for row in table.iter("tr")]
    return [[" ".join(cell) for cell in row] for row in rows]


def test_data_sets_stand_by_language(suite_site):
    """With kind and size, what each model scores, and what it lost; the language with the most sets first."""
    head, *rows = rows_of(suite_site / "index.html", "wide")
    assert head == ["Data set", "Language", "Kind", "Problems", "Toy-FP8", "Toy-Ternary"]
    assert rows == [
        ["humaneval", "Python", "function", "3", "100.0", "100.0 0.0 ? points, inconclusive"],
        ["mine", "Python", "function", "2", "– no whole run", "100.0"],
        ["pack-js", "JavaScript", "function", "3", "100.0", "66.7 −33.3 ? points, inconclusive"],
        ["pack-rust", "Rust", "function", "3", "100.0", "33.3 −66.7 ? points, inconclusive"],
    ]


def test_one_data_set_is_no_suite(tmp_path):
    """Its board says it all."""
    write_run(tmp_path / "runs", "Lonely", [1, 0], n=1)
    assert suite_of(judged(tmp_path / "runs")) is None


def test_models_without_room_are_counted(tmp_path):
    """Who was asked the most data sets is shown; trials and incomplete runs count for nothing."""
    runs = tmp_path / "runs"
    for number in range(MOST_MODELS + 2):
        write_run(runs, f"model-{number}", [1, 0], n=1)
    write_run(runs, "model-7", [1, 0], n=1, dataset="mine", prefix="Mine")
    write_run(runs, "model-0", [1, 0], n=1, dataset="mine", prefix="Mine", status="interrupted")
    suite = suite_of(judged(runs))
    assert suite.models == (*(f"model-{number}" for number in range(MOST_MODELS - 1)), "model-7")
    assert suite.note == "2 more models on the boards below."
    rows = [row for group in suite.groups for row in group]
    scored = {row.name: [cell and cell.score for cell in row.cells] for row in rows}
    assert scored == {"humaneval": ["50.0"] * MOST_MODELS, "mine": [None] * (MOST_MODELS - 1) + ["50.0"]}


def test_a_problem_stands_beside_itself_in_other_languages(suite_site):
    """Its own row first; each cell leads to what the model answered there."""
    head, *rows = rows_of(suite_site / "problems/JavaScript-1/index.html", "matrix")
    assert head == ["Problem", "Language", "Kind", "Toy-FP8", "Toy-Ternary"]
    assert rows == [
        ["JavaScript/1 pack-js", "JavaScript", "function", "✓ 1 of 1", "✗ 0 of 1"],
        ["HumanEval/1 humaneval", "Python", "function", "✓ 1 of 1", "✓ 1 of 1"],
        ["Rust/1 pack-rust", "Rust", "function", "✓ 1 of 1", "✗ 0 of 1"],
    ]
    assert rows_of(suite_site / "problems/HumanEval-1/index.html", "matrix")[1][0] == "HumanEval/1 humaneval"
    assert "The same problem elsewhere" not in (suite_site / "problems/Mine-0/index.html").read_text()
    assert every_internal_link_resolves(suite_site) > 100


def test_code_is_highlighted_in_its_language(suite_site):
    """Comments and keywords are those of the language, on a problem's page and on a sample's."""
    rust = next(suite_site.glob("runs/*toy-fp8--pack-rust/Rust-0/index.html")).read_text()
    assert '<span class="k">fn</span>' in rust
    assert '<span class="c">// the sum</span>' in rust
    script = (suite_site / "problems/JavaScript-0/index.html").read_text()
    assert '<span class="k">const</span>' in script


def test_a_runs_page_says_what_was_asked(suite_site):
    """In which language, and of which kind."""
    page = next(suite_site.glob("runs/*toy-fp8--pack-rust/index.html")).read_text()
    assert "<dt>Language</dt><dd>Rust</dd>" in page
    assert "<dt>Kind</dt><dd>function</dd>" in page


def test_language_and_kind_are_data_too(suite_site):
    """Of each run, in both forms."""
    runs = json.loads((suite_site / "data/runs.json").read_text())["runs"]
    assert {(run["dataset"], run["language"], run["kind"]) for run in runs} == {
        ("humaneval", "Python", "function"),
        ("pack-js", "JavaScript", "function"),
        ("pack-rust", "Rust", "function"),
        ("mine", "Python", "function"),
    }
    assert ",language,kind," in (suite_site / "data/runs.csv").read_text().splitlines()[0]


@pytest.mark.browser
def test_a_language_is_a_filter(chromium, suite_site):
    """Of the data sets and of their boards; it lives in the address."""
    with serving(suite_site) as base, chromium.new_context() as context:
        page = context.new_page()
        page.goto(base)
        page.get_by_label("Language").select_option("Rust")
        assert page.url.endswith("#language=Rust")
        assert page.locator(".board:visible h2").all_text_contents() == ["pack-rust"]
        assert page.locator(".suite tbody tr:visible th").all_text_contents() == ["pack-rust"]
        assert page.locator("[data-count]").text_content() == "2 of 7 runs"
        page.get_by_role("button", name="Clear", exact=True).click()
        assert page.locator(".board:visible").count() == 4


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "problems/JavaScript-1/"])
def test_the_tables_fit_every_screen_and_reader(chromium, suite_site, path):
    """They scroll inside themselves, and axe finds nothing."""
    with serving(suite_site) as base, chromium.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(base + path)
        assert overhangs(page) == []
        page.evaluate(AXE_SCRIPT)
        assert violations(page, RULES) == []
