"""Runs and changed decisions as an Atom feed."""

import dataclasses
import xml.etree.ElementTree as ET

from evalsite.site.exports.feed import feed
from evalsite.site.options import SiteOptions
from tests.site.conftest import OPTIONS
from tests.site.helpers import ATOM, judged


def test_the_feed_lists_runs_newest_first(site):
    """Readers of feeds see every run with its verdicts, under its permanent address."""
    feed = ET.parse(site / "feed.atom").getroot()
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    assert len(links) == 4
    assert links[0] == "https://example.org/results/runs/2026-11-21T10-00-00Z--toy-ternary--mbpp-test/"
    assert "HumanEval pass@1: " in feed.findall(f"{ATOM}entry/{ATOM}summary")[1].text
    assert feed.findtext(f"{ATOM}updated") == "2026-11-21T11:00:00Z", "the end of the newest"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [
        "https://example.org/results/", "https://example.org/results/feed.atom",
    ]  # fmt: skip
    assert feed.findall(f"{ATOM}entry/{ATOM}title")[1].text == "Toy-Ternary on humaneval: pass@1 56.2 %"


def test_the_feed_holds_the_newest_fifty_runs(demo_runs, tmp_path):
    """And none where there are none."""
    judgement = judged(demo_runs, OPTIONS)
    evidence = dataclasses.replace(judgement.evidence, entries=judgement.evidence.entries * 20)
    many = ET.fromstring(feed(dataclasses.replace(judgement, evidence=evidence), OPTIONS))
    dates = [entry.findtext(f"{ATOM}updated") for entry in many.findall(f"{ATOM}entry")]
    assert len(dates) == 50
    assert dates == sorted(dates, reverse=True)
    assert dates[0] == "2026-11-21T11:00:00Z"
    none = ET.fromstring(feed(judged(tmp_path, SiteOptions()), OPTIONS))
    assert none.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert none.findall(f"{ATOM}entry") == []
