"""Runs and changed decisions as an Atom feed."""

import xml.etree.ElementTree as ET

from tests.site.helpers import ATOM


def test_the_feed_lists_runs_newest_first(site):
    """Readers of feeds see every run with its verdicts, under its permanent address."""
    feed = ET.parse(site / "feed.atom").getroot()
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    assert len(links) == 4
    assert links[0] == "https://example.org/results/runs/2026-11-21T10-00-00Z--toy-ternary--mbpp-test/"
    assert "HumanEval pass@1: " in feed.findall(f"{ATOM}entry/{ATOM}summary")[1].text
