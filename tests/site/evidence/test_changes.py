"""Verdicts that a newer run of the same model turned: met is missed now, or the other way round."""

import dataclasses
import xml.etree.ElementTree as ET

from evalsite.site.build import build_site
from evalsite.site.slugs import slug_map
from evalsite.stats.targets import parse_targets
from tests.make import write_run
from tests.site.conftest import OPTIONS
from tests.site.helpers import ATOM


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
    for day, passes in (("18", 1), ("19", 1), ("20", 0), ("21", 1)):
        write_run(runs, "Toy", [passes] * 8, n=1, day=f"2026-11-{day}")
    write_run(runs, "Else", [0] * 8, n=1, day="2026-11-22")
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
