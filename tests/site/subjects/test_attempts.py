"""A problem's page where very many runs were asked: the newest of them, and pages in time order."""

import re

import pytest

from evalsite.site.build import build_site
from evalsite.site.evidence import judgement
from evalsite.site.options import SiteOptions
from evalsite.site.subjects import attempts
from evalsite.site.views import problem
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import every_internal_link_resolves

OPTIONS = SiteOptions(jobs=1, max_pairs=0)


def models(page):
    """Models in a page's table of runs."""
    return set(re.findall(r'<th scope="row"><a href="[^"]*">(M\d)</a>', page.read_text()))


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Five runs, a day apart, of which two would fit a page; the first is the baseline."""
    for module in (attempts, problem):
        monkeypatch.setattr(module, "WINDOW", 2)
    folder = tmp_path / "runs"
    folder.mkdir()
    for day in range(1, 6):
        card = BASELINE if day == 1 else CANDIDATE
        write_run(folder, f"M{day}", [day % 3], card=card, day=f"2026-11-{day:02}")
    return folder


def test_a_page_shows_the_newest_and_counts_all(runs, tmp_path):
    """The baseline stands among them; all runs stand on further pages, in the order of their days."""
    build_site(runs, tmp_path / "site", options=OPTIONS)
    above = tmp_path / "site/problems/HumanEval-0"
    page = above / "index.html"
    assert models(page) == {"M1", "M4", "M5"}
    assert "4 of 5 runs solved it at least once." in page.read_text()
    assert "The newest 2 of 5 runs, and the baselines." in page.read_text()
    older = sorted(above.glob("*/index.html"))
    assert [models(one) for one in older] == [{"M1", "M2"}, {"M3", "M4"}]
    every_internal_link_resolves(tmp_path / "site")


def test_a_further_run_changes_no_page_of_older_ones(runs, tmp_path, monkeypatch):
    """So that the thousandth run costs what the hundredth did: no p-value is corrected for it either."""
    monkeypatch.setattr(judgement, "MOST_TOGETHER", 3)
    build_site(runs, tmp_path / "site", options=OPTIONS)
    write_run(runs, "M6", [1], card=CANDIDATE, day="2026-11-06")
    report = build_site(runs, tmp_path / "site", options=OPTIONS)
    made = {one.what: (one.count, one.total) for one in report.made}
    assert made["pages of older runs"] == (1, 3)
    assert made["runs"] == (1, 6)
    assert made["comparisons"] == (1, 5)
    compared = list((tmp_path / "site/compare").glob("*/index.html"))
    assert len(compared) == 5
    for page in compared:
        assert "of this comparison alone" in page.read_text()
