"""What a caller may choose about a build, and what a build tells afterwards."""

import dataclasses
import json
import re

from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from tests.make import CANDIDATE, write_run
from tests.site.conftest import OPTIONS
from tests.site.helpers import every_internal_link_resolves


def test_shown_samples_can_be_limited_and_all_are_counted(tmp_path):
    """Failures are kept first, and the page says how many there are."""
    (tmp_path / "runs").mkdir()
    write_run(tmp_path / "runs", "Many", [8, 10], card=CANDIDATE)
    options = SiteOptions(max_samples_per_problem=3)
    build_site(tmp_path / "runs", tmp_path / "site", options=options)
    page = (tmp_path / "site/runs/2026-11-20T10-00-00Z--many--humaneval/HumanEval-0/index.html").read_text()
    assert "3 of 10 shown, all counted" in page
    assert 'id="s8"' in page
    assert 'id="s9"' in page
    assert "8 of 10 samples passed" in page


def test_a_run_can_be_left_out(built):
    """By its id or its model's name; nobody else's pages go, and no address changes."""
    runs, output = built
    before = {path.relative_to(output) for path in output.rglob("*.html")}
    build_site(runs, output, options=dataclasses.replace(OPTIONS, exclude=("Oth*",)))
    after = {path.relative_to(output) for path in output.rglob("*.html")}
    gone = before - after
    assert gone
    assert all("2026-11-16T10-00-00Z--other--humaneval" in str(path) for path in gone)
    assert not after - before
    assert [run["model"] for run in json.loads((output / "data/runs.json").read_text())["runs"]] == [
        "Toy-FP8",
        "Toy-Ternary",
        "Toy-Ternary",
    ]
    build_site(runs, output, options=dataclasses.replace(OPTIONS, exclude=("*fp8*",), baseline="Toy-FP8"))
    assert "named, &#39;Toy-FP8&#39;, has no run here" in (output / "index.html").read_text("utf-8")


def test_a_run_can_be_thinned_to_its_failures(tmp_path):
    """The rule that fits first counts, and beats the site's own limit; every sample is counted."""
    (tmp_path / "runs").mkdir()
    write_run(tmp_path / "runs", "Many", [8, 10], card=CANDIDATE)
    rules = (
        RunRule(match=("no-such",), archive="counts"),
        RunRule(match=("many", "2026-11-20*"), keep="failures", max_samples_per_problem=0),
        RunRule(match=("*",), archive="counts"),
    )
    build_site(
        tmp_path / "runs", tmp_path / "site", options=SiteOptions(max_samples_per_problem=1, rules=rules)
    )
    run = tmp_path / "site/runs/2026-11-20T10-00-00Z--many--humaneval"
    failed = (run / "HumanEval-0/index.html").read_text()
    assert "8 of 10 samples passed" in failed
    assert "2 of 10 shown, all counted" in failed
    assert re.findall(r'<article[^>]* id="(s\d+)"', failed) == ["s8", "s9"]
    solved = (run / "HumanEval-1/index.html").read_text()
    assert "0 of 10 shown, all counted" in solved
    assert "No sample of this problem" not in solved
    assert "2 of 20 samples shown, all counted." in (run / "index.html").read_text()


def test_an_archived_run_keeps_its_page_and_counts_alone(built):
    """No problem pages, no files; what leads or led to its problems leads to their rows on its page."""
    runs, output = built
    archived = "2026-11-18T10-00-00Z--toy-fp8--humaneval"
    options = dataclasses.replace(OPTIONS, rules=(RunRule(match=("Toy-FP8",), archive="counts"),))
    scores = json.loads((output / "data/runs.json").read_text())
    build_site(runs, output, options=options)
    left = {
        str(path.relative_to(output / "runs" / archived)) for path in (output / "runs" / archived).rglob("*")
    }
    pages = {name for name in left if name.startswith("HumanEval-")}
    assert left - pages - {"card.png"} == {"index.html", "problems.csv"}
    onward = (output / "runs" / archived / "HumanEval-3/index.html").read_text()
    assert '<a id="to" href="../#problem-HumanEval-3">' in onward
    assert json.loads((output / "data/runs.json").read_text()) == scores
    page = (output / "runs" / archived / "index.html").read_text()
    assert "Archived: its samples are counted, and not shown." in page
    assert '<tr id="problem-HumanEval-3">' in page
    assert 'href="#problem-HumanEval-3"' in page
    across = (output / "problems/HumanEval-3/index.html").read_text()
    assert f'href="../../runs/{archived}/#problem-HumanEval-3"' in across
    every_internal_link_resolves(output)
