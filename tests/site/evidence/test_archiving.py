"""Runs whose problems' pages are packed: what is in the file is shown where the page stood."""

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from evalsite.site.output.packs import PACK
from tests.make import write_demo
from tests.site.helpers import every_internal_link_resolves, unpacked
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
    files = sorted(packed.rglob(PACK))
    assert files
    for file in files:
        held |= unpacked(file)
    pages = [*whole.glob(f"{RUN}*/index.html"), *whole.glob(f"{PAIR}*/index.html")]
    assert len(pages) > 5
    for page in pages:
        path = f"{page.parent.relative_to(whole)}/"
        assert held[path] == page.read_text(), path
        assert len((packed / path / "index.html").read_bytes()) < 800
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
            shown = page.inner_html("#s0 pre.code")
            page.goto((both[0] / RUN / "HumanEval-3/index.html").as_uri())
            assert shown == page.inner_html("#s0 pre.code")
        else:
            page.click("#told a")
            assert page.url.endswith(f"{RUN}#problem-HumanEval-3")
        context.close()
