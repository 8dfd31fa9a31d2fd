"""The leaderboard: first the answer, then the targets, then the runs of each data set."""

import dataclasses
import json

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.stats.targets import named_targets
from tests.make import write_run
from tests.site.conftest import OPTIONS
from tests.site.helpers import parse

BORN_WITH = named_targets("qwen3-coder-80b-ternary")


def test_answer_and_four_rows_stand_on_the_front_page(site):
    """The shipped targets appear with baseline, target, actual and verdict, pending ones included."""
    text = (site / "index.html").read_text()
    assert "Is Toy-Ternary good enough?" in text
    tree = parse(site / "index.html")
    table = next(element for element in tree.iter("table") if element.get("class") == "targets")
    names = [row.findtext("th").strip() for row in table.iter("tr")][1:]
    assert list(dict.fromkeys(names)) == [target.name for target in BORN_WITH.rows]


def test_numbers_on_the_page_are_those_of_the_data(site):
    """What the table says and what data/runs.json says is the same pass@1."""
    runs = json.loads((site / "data/runs.json").read_text())["runs"]
    text = (site / "index.html").read_text()
    for run in runs:
        assert f"<b>{100 * run['pass_at']['1']:.1f}</b>" in text
    assert {
        run["model"]: run["pass_at"]["1"] for run in runs if run["dataset"] == "humaneval"
    } == pytest.approx({"Toy-FP8": 62 / 80, "Toy-Ternary": 45 / 80, "Other": 6 / 8})


def test_a_baseline_that_is_not_there_is_named(built, caplog):
    """On the page and in the log, with the models there are; what was measured is shown all the same."""
    runs, output = built
    build_site(runs, output, options=dataclasses.replace(OPTIONS, baseline="Toy-FP9"))
    assert "baseline Toy-FP9: no such model or run (models here: Other, Toy-FP8" in caplog.text
    assert "named, &#39;Toy-FP9&#39;, has no run here" in (output / "index.html").read_text("utf-8")


def test_no_runs_make_a_site_that_says_what_to_do(tmp_path):
    """The empty state names the next command."""
    (tmp_path / "runs").mkdir()
    report = build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions())
    page = (tmp_path / "site/index.html").read_text()
    assert report.runs == 0
    assert "No runs yet" in page
    assert "evalsite run --dataset humaneval" in page


def test_one_run_says_what_a_second_would_bring(tmp_path):
    """One run, no baseline: the page says how to get a comparison."""
    (tmp_path / "runs").mkdir()
    write_run(tmp_path / "runs", "Lonely", [1, 0, 1], n=1)
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions())
    page = (tmp_path / "site/index.html").read_text()
    assert "One run only" in page
    assert "No baseline is set" in page
