"""What the page of two runs says of both."""

import re

import pytest
from msgspec import structs

from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.views.marks import strip_of
from tests.make import loaded_run, write_rows, write_run
from tests.site.helpers import PAIR


def test_how_both_were_asked_and_what_was_cut_off_stands_on_the_page(tmp_path):
    """A loss may be a limit on tokens that the candidate's longer answers meet."""
    runs = tmp_path / "runs"
    runs.mkdir()
    write_run(runs, "base", [3, 2], n=3, day="2026-11-18")
    cut = write_run(runs, "cut", [1, 0], n=3)
    rows = list(cut.verdicts())
    rows[-3:] = [structs.replace(row, verdict=VerdictClass.TRUNCATED) for row in rows[-3:]]
    write_rows(cut, rows)
    build_site(runs, tmp_path / "site", options=SiteOptions(jobs=1))
    (page,) = (tmp_path / "site/compare").glob("*/index.html")
    text = re.sub(r"<[^>]+>", "", page.read_text("utf-8")).replace("\N{NO-BREAK SPACE}", " ")
    asked = "3 samples of each problem, temperature 0.2, prompt chat-v1, at most 256 tokens"
    assert text.count(asked) == 2
    assert text.count(f"{asked}; 50.0 % truncated") == 1
    cut_off = page.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ").partition(f"{asked}; 50.0 % ")[2]
    assert cut_off.startswith('<a href="../../runs/')
    assert cut_off.partition(">")[0].endswith('/failures.html#class=truncated"')


@pytest.mark.parametrize(("problems", "bars"), [(164, 164), (200, 200), (500, 167)])
def test_a_strip_has_no_more_bars_than_its_width(problems, bars):
    """Of more problems, neighbours share one, which has their mean; the label counts all."""
    run = loaded_run([10, 0] * (problems // 2), dataset="mbpp")
    strip = strip_of(run, run.task_ids)
    assert strip.count == bars
    assert strip.passed.count("M") + strip.none.count("M") + strip.absent.count("M") == bars
    assert strip.label == f"{problems // 2} of {problems} problems solved at least once"


def test_names_in_sentences_lead_on(site):
    """Problems to both programs or to all runs on them, classes to the problems that have them."""
    page = (site / PAIR / "index.html").read_text("utf-8")
    said = page[page.index('id="words-h"') : page.index('id="flips-h"')]
    assert '<a href="HumanEval-3/">HumanEval/3</a>' in said
    shift = page[page.index('id="shift-h"') : page.index('<table class="data wide shares shift">')]
    assert '<a href="failures.html#class=' in shift


def test_the_page_shows_difference_gain_and_curves(site):
    """The figure comes before everything else, then what was gained, then the numbers, interval first."""
    page = (site / PAIR / "index.html").read_text("utf-8")
    places = [
        page.index(mark)
        for mark in ('id="difference"', 'id="sides-h"', 'id="gains-h"', 'id="numbers-h"', 'id="curves"')
    ]
    assert places == sorted(places)
    assert "5.06 × less" in page
    head = page[page.index('class="data wide differences"') :]
    assert head.index("Interval") < head.index("Baseline, %")
