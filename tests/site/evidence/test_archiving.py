"""Runs whose problems' pages are packed: by a rule, or since the site's budget has no room for them."""

import gzip
import json

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from tests.make import BASELINE, CANDIDATE, write_demo, write_run
from tests.site.helpers import every_internal_link_resolves
from tests.site.serving import serving

RUN = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/"
PAIR = "compare/2026-11-18T10-00-00Z--toy-fp8--humaneval--2026-11-20T10-00-00Z--toy-ternary--humaneval/"
PACKED = (RunRule(match=("*",), archive="packed"),)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The demo's site whole, and with all runs packed."""
    folder = tmp_path_factory.mktemp("archiving")
    (folder / "runs").mkdir()
    write_demo(folder / "runs")
    for name, rules in (("whole", ()), ("packed", PACKED)):
        build_site(folder / "runs", folder / name, options=SiteOptions(rules=rules, jobs=1))
    return folder / "whole", folder / "packed"


def test_a_packed_page_is_the_page_that_stood_there(both):
    """Every page of a problem and of a flip that the whole site has, to the byte, and no file of the run."""
    whole, packed = both
    held = {}
    files = sorted(packed.rglob("*.json.gz"))
    assert files
    for file in files:
        pack = json.loads(gzip.decompress(file.read_bytes()))
        assert pack["format"] == 1
        held |= pack["pages"]
    pages = [*whole.glob(f"{RUN}*/index.html"), *whole.glob(f"{PAIR}*/index.html")]
    assert len(pages) > 5
    for page in pages:
        path = f"{page.parent.relative_to(whole)}/"
        assert held[path] == page.read_text(), path
        assert len((packed / path / "index.html").read_bytes()) < 1_200
    assert not (packed / RUN / "files").exists()


def test_no_link_dies_and_scores_stay(both):
    """Rows of the run's page tell of its problems where no script runs."""
    whole, packed = both
    every_internal_link_resolves(packed)
    assert (packed / "data/runs.json").read_text() == (whole / "data/runs.json").read_text()
    assert '<tr id="problem-HumanEval-3">' in (packed / RUN / "index.html").read_text()
    assert 'href="../#problem-HumanEval-3"' in (packed / RUN / "HumanEval-3/index.html").read_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_permalink_into_a_packed_run_shows_its_line(chromium, both, scripts):
    """At the very address that was pasted somewhere; without scripts it leads to the problem's row."""
    with serving(both[1], "/results/") as base:
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        address = f"{base}{RUN}HumanEval-3/#s0-L1"
        page.goto(address)
        if scripts:
            page.wait_for_selector("#s0-L1:target")
            assert page.url == address
            assert "NameError" in page.inner_text("#s0")
            assert page.locator("html.js").count() == 1
        else:
            page.click("#told a")
            assert page.url.endswith(f"{RUN}#problem-HumanEval-3")
        context.close()


def many(tmp_path):
    """Five runs of one data set, a day apart; the first is the baseline."""
    runs = tmp_path / "runs"
    runs.mkdir()
    for day in range(1, 6):
        card = BASELINE if day == 1 else CANDIDATE
        write_run(runs, f"M{day}", [day % 3, 2], card=card, day=f"2026-11-{day:02}")
    return runs


def test_the_oldest_candidates_are_packed_first(tmp_path):
    """The baseline stays whole, the newest stays whole, and the build says how many are packed."""
    runs = many(tmp_path)
    report = build_site(runs, tmp_path / "all", options=SiteOptions(jobs=1))
    assert report.archived == 0
    report = build_site(runs, tmp_path / "some", options=SiteOptions(jobs=1, site_budget=7_340_000))
    packed = {path.parent.name[:10] for path in (tmp_path / "some").glob("runs/*/problems.json.gz")}
    assert packed == {"2026-11-02", "2026-11-03"}
    assert "2 older runs archived to stay within the site's budget" in report.sentence


def test_what_is_packed_does_not_depend_on_the_last_build(tmp_path):
    """The same runs and options give the same bytes, from nothing and after a build of other ones."""
    runs = many(tmp_path)
    tight = SiteOptions(jobs=1, site_budget=7_340_000)
    build_site(runs, tmp_path / "new", options=tight)
    build_site(runs, tmp_path / "old", options=SiteOptions(jobs=1))
    build_site(runs, tmp_path / "old", options=tight)
    new, old = (
        {
            str(path.relative_to(tmp_path / name)): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        for name in ("new", "old")
    )
    assert len(new) > 20
    assert old == new


def test_a_budget_that_cannot_be_kept_is_told(tmp_path, caplog):
    """Nothing is left out in silence, and nothing ends."""
    report = build_site(many(tmp_path), tmp_path / "site", options=SiteOptions(jobs=1, site_budget=1_000))
    assert report.archived == 5
    assert "more than its budget of 1.0 KB" in caplog.text
    assert "--site-budget" in caplog.text
