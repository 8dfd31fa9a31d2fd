"""Addresses of renamed runs lead on, for ever the same way."""

import dataclasses
import re

import pytest

from evalsite.errors import UsageError
from evalsite.site.build import build_site
from evalsite.site.options import RunRule
from tests.make import write_run
from tests.site.conftest import OPTIONS
from tests.site.helpers import every_internal_link_resolves, parse
from tests.site.serving import serving

NEW = "2026-11-20T10-00-00Z--new--humaneval"
OLD = "2026-11-20T10-00-00Z--old.5--humaneval"
OLDER = "older"
RENAMED = ((OLD, NEW), (OLDER, OLD))


def build(tmp_path, redirects=RENAMED, **changes):
    runs, output = tmp_path / "runs", tmp_path / "site"
    if not runs.is_dir():
        runs.mkdir()
        write_run(runs, "New", [1, 0], n=2)
    options = dataclasses.replace(OPTIONS, redirects=redirects, **changes)
    return output, build_site(runs, output, options=options)


def test_the_addresses_of_renamed_runs_are_fixed(tmp_path):
    """One page for the run and one for each problem; this test fails when an address would change."""
    output, _ = build(tmp_path)
    for old in (OLD, OLDER):
        folder = output / "runs" / old
        assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html")) == [
            "HumanEval-0/index.html",
            "HumanEval-1/index.html",
            "index.html",
        ]
        for path, link in (
            ("index.html", f"../{NEW}/"),
            ("HumanEval-1/index.html", f"../../{NEW}/HumanEval-1/"),
        ):
            text = (folder / path).read_text()
            assert f'<meta http-equiv="refresh" content="0; url={link}">' in text
            assert f'<a id="to" href="{link}">' in text
            assert '<meta name="robots" content="noindex">' in text
    assert every_internal_link_resolves(output)


def test_pages_that_lead_on_are_small_valid_and_unlisted(tmp_path):
    """Hundreds of them must not fill the site, nor reach a search engine or an index."""
    output, _ = build(tmp_path)
    pages = list((output / "runs" / OLD).rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        assert page.stat().st_size < 1000
        parse(page)
    for listing in ("sitemap.xml", "feed.atom", "data/runs.json", "data/search.js", "index.html"):
        assert OLD not in (output / listing).read_text(), listing


def test_renaming_renders_no_run_again(tmp_path):
    """Only the pages that lead on are written, and without the line in the file they go."""
    output, first = build(tmp_path, redirects=())
    _, more = build(tmp_path)
    assert more.written == 6
    assert more.pages == first.pages + 6
    _, again = build(tmp_path)
    assert (again.written, again.removed) == (0, 0)
    _, less = build(tmp_path, redirects=())
    assert less.removed == 6
    assert not (output / "runs" / OLD).exists()


def test_an_archived_run_is_led_to_its_rows(tmp_path):
    """It has no problem pages to lead to."""
    output, _ = build(tmp_path, rules=(RunRule(match=("New",), archive="counts"),))
    text = (output / "runs" / OLD / "HumanEval-1/index.html").read_text()
    assert f'url=../../{NEW}/#problem-HumanEval-1"' in text
    assert every_internal_link_resolves(output)


def test_redirects_that_do_not_fit_are_told_at_once(tmp_path):
    """Nowhere, in a circle, or in the place of a run that is there."""
    redirects = (("a", "b"), ("b", "a"), ("gone", "missing"), (NEW, NEW), (NEW.upper(), NEW))
    with pytest.raises(UsageError) as caught:
        build(tmp_path, redirects=redirects)
    said = caught.value.message
    for line in (
        "redirects.a: leads in a circle",
        "redirects.b: leads in a circle",
        "redirects.gone: the site has no run missing",
        f"redirects.{NEW}: leads in a circle",
        f"redirects.{NEW.upper()}: leads in a circle",
    ):
        assert line in said
    with pytest.raises(UsageError, match=f"its address is that of {re.escape(NEW)}"):
        build(tmp_path, redirects=((NEW.upper(), NEW),))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_is_led_on(chromium, tmp_path, scripts):
    """With scripts to the very line that the old link named; without them to the page."""
    output, _ = build(tmp_path)
    with serving(output, "/results/") as base:
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{base}runs/{OLD}/HumanEval-1/#s1-L2")
        page.wait_for_url(f"{base}runs/{NEW}/HumanEval-1/{'#s1-L2' if scripts else ''}")
        context.close()
