"""What the site offers to machines: indexes, tables, badges, the feed, files for crawlers."""

import csv
import dataclasses
import io
import json
import re
import xml.etree.ElementTree as ET

from evalsite.rundir.schema import ModelCard
from evalsite.site.build import build_site
from evalsite.site.bundle import VENDORED, plotly_source
from evalsite.site.exports.writing import to_csv
from evalsite.site.histogram import histogram
from evalsite.site.slugs import slug_map
from evalsite.stats.targets import parse_targets
from tests.make import write_run
from tests.site.conftest import OPTIONS

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_run_index_is_versioned_and_complete(site, demo_runs):
    """Machines find every run with its path, which is a page."""
    index = json.loads((site / "data/runs.json").read_text())
    assert index["format"] == 1
    assert {run["id"] for run in index["runs"]} == {path.name for path in demo_runs.iterdir()}
    assert all((site / run["path"] / "index.html").is_file() for run in index["runs"])


def test_tables_come_as_csv_too(site):
    """CSV and JSON hold the same rows."""
    for name, key in (("runs", "runs"), ("targets", "targets"), ("comparisons", "comparisons")):
        rows = list(csv.DictReader(io.StringIO((site / f"data/{name}.csv").read_text())))
        assert len(rows) == len(json.loads((site / f"data/{name}.json").read_text())[key])
        assert rows


def test_a_run_takes_its_files_along(site, demo_runs):
    """The run directory's files are published as they are, with a table of its problems."""
    run = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"
    for name in ("run.json", "problems.jsonl", "completions.jsonl", "verdicts.jsonl", "summary.json"):
        source = demo_runs / run.removeprefix("runs/") / name
        assert (site / run / "files" / name).read_bytes() == source.read_bytes()
    rows = list(csv.DictReader((site / run / "problems.csv").open()))
    assert [(row["problem"], row["n"], row["c"]) for row in rows][2] == ("HumanEval/2", "10", "4")


def test_spreadsheets_run_no_formula():
    """A cell that would be a formula is text."""
    assert to_csv([{"a": "=1+1", "b": -0.5, "c": "plain"}]) == b"a,b,c\n'=1+1,-0.5,plain\n"


def test_badges_speak_shields_endpoint_schema(site):
    """Each badge has the four fields that shields.io reads."""
    badges = [json.loads(path.read_text()) for path in (site / "badges").glob("*.json")]
    assert len(badges) >= 5
    for badge in badges:
        assert badge["schemaVersion"] == 1
        assert set(badge) == {"schemaVersion", "label", "message", "color"}
    (one,) = (site / "badges").glob("humaneval-pass-1-Toy-Ternary.json")
    assert json.loads(one.read_text())["message"].startswith("56.2 %")


def test_one_badge_counts_all_targets(site):
    """Its address is known before the first run, for a README; the worst verdict colours it."""
    badge = json.loads((site / "badges" / "targets.json").read_text())
    results = json.loads((site / "data" / "targets.json").read_text())["targets"]
    counts = dict(reversed(part.split(" ", 1)) for part in badge["message"].split(", "))
    verdicts = [result["verdict"] for result in results]
    assert counts == {verdict: str(verdicts.count(verdict)) for verdict in set(verdicts)}
    assert badge["color"] == ("red" if "missed" in counts else "yellow")


def test_badges_have_the_signs_of_pages_and_none_hides_another(tmp_path):
    """Two runs of one model with different cards, and two targets on one metric: each has its badge.

    The address that they would share shows the worst of them; points lost are negative.
    """
    text = "".join(
        f'[[target]]\nname = "{name}"\nmetric = "{metric}"\n'
        for name, metric in (
            ("loss", 'degradation"\nmargin = 10 #'),
            ("high", 'pass@1"\nabove = 60 #'),
            ("low", 'pass@1"\nabove = 20 #'),
        )
    )
    runs = tmp_path / "runs"
    write_run(runs, "fp8", [10] * 40, card=ModelCard(role="baseline"))
    for day, passes, weights in (("2026-11-21", 0, "Q2"), ("2026-11-22", 10, "Q8")):
        write_run(runs, "Toy", [passes] * 40, day=day, card=ModelCard(role="candidate", quantization=weights))
    options = dataclasses.replace(OPTIONS, targets=parse_targets(text, "targets.toml"))
    build_site(runs, tmp_path / "site", options=options)
    made = (tmp_path / "site/badges").glob("*Toy*")
    shown = {path.stem: json.loads(path.read_text())["message"] for path in made}
    bad, good = "2026-11-21T10-00-00Z--toy--humaneval", "2026-11-22T10-00-00Z--toy--humaneval"
    lost = "humaneval-degradation-Toy"
    assert shown[lost] == shown[f"{lost}-{bad}"] == "−100.0 points, missed"
    assert shown[f"{lost}-{good}"] == "0.0 points"
    passed = "humaneval-pass-1-Toy"
    assert shown[passed] == shown[f"{passed}-high-{bad}"] == "0.0 %, missed"
    assert shown[f"{passed}-low-{good}"] == shown[f"{passed}-high-{good}"] == "100.0 %"
    assert len(shown) == 8


def test_the_feed_lists_runs_newest_first(site):
    """Readers of feeds see every run with its verdicts, under its permanent address."""
    feed = ET.parse(site / "feed.atom").getroot()
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    assert len(links) == 4
    assert links[0] == "https://example.org/results/runs/2026-11-21T10-00-00Z--toy-ternary--mbpp-test/"
    assert "HumanEval pass@1: " in feed.findall(f"{ATOM}entry/{ATOM}summary")[1].text


def test_the_feed_tells_of_verdicts_that_changed(tmp_path):
    """Against the model's previous run on the same problems; a run that changes nothing adds nothing."""
    runs = tmp_path / "runs"
    runs.mkdir()
    text = """[[target]]
name = "HumanEval pass@1"
dataset = "humaneval"
metric = "pass@1"
above = 50
"""
    options = dataclasses.replace(OPTIONS, targets=parse_targets(text, "targets.toml"))
    for day, passes in (("18", 10), ("19", 10), ("20", 0), ("21", 10)):
        write_run(runs, "Toy", [passes] * 8, day=f"2026-11-{day}")
    write_run(runs, "Else", [0] * 8, day="2026-11-22")
    build_site(runs, tmp_path / "site", options=options)
    feed = ET.parse(tmp_path / "site/feed.atom").getroot()
    titles = [title.text for title in feed.findall(f"{ATOM}entry/{ATOM}title")]
    assert len(titles) == 7
    assert titles[1] == "Toy on humaneval: HumanEval pass@1 is met, was missed"
    assert titles[3] == "Toy on humaneval: HumanEval pass@1 is missed, was met"
    ids = [one.text for one in feed.findall(f"{ATOM}entry/{ATOM}id")]
    assert len(set(ids)) == 7
    assert ids[1] == f"{ids[2]}#verdict-{slug_map(['HumanEval pass@1'])['HumanEval pass@1']}"
    assert "it was missed." in feed.findall(f"{ATOM}entry/{ATOM}summary")[1].text


def test_crawlers_are_sent_to_overviews_only(site):
    """The sitemap names leaderboard, runs and comparisons, and no page with problems."""
    text = (site / "sitemap.xml").read_text()
    assert "https://example.org/results/runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/<" in text
    assert "HumanEval-" not in text
    assert "Sitemap: https://example.org/results/sitemap.xml" in (site / "robots.txt").read_text()
    assert (site / ".nojekyll").is_file()


def test_the_small_plotly_is_preferred(tmp_path):
    """A vendored bundle is taken as it is; without one the package's own, made to keep the page's policy."""
    whole = plotly_source(tmp_path)
    assert len(whole) > 1_000_000
    assert not re.search(rb"document\.head\.appendChild\(e\)\}\}", whole)
    (tmp_path / "vendor").mkdir()
    (tmp_path / VENDORED).write_bytes(b"small")
    assert plotly_source(tmp_path) == b"small"


def test_histograms_count_everything_once():
    """The bars of a histogram add up to the samples."""
    drawn = histogram("t", [float(x) for x in (1, 2, 2, 3, 50, 50)], lambda value: f"{value:.0f}")
    assert sum(int(row[2]) for row in drawn.rows) == 6
    assert histogram("t", [1.0, 1.0], str) is None
