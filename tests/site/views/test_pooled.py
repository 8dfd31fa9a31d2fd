"""Two models over several data sets: the verdict, and each data set's difference beside the pooled one."""

import re

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.urls import TARGETS
from evalsite.site.views.pooled import forest
from evalsite.site.views.targets import targets_pages
from evalsite.stats.compare.suites import compare_suites
from evalsite.stats.targets import parse_targets
from tests.make import BASELINE, CANDIDATE, loaded_run, write_run
from tests.site.helpers import every_internal_link_resolves, judged

POOL = """[[target]]
name = "Loss over all"
metric = "degradation"
pool = ["humaneval", "mine"]
margin = 10
weights = "{weights}"
"""
SIZE = re.compile(r'transform="scale\(([\d.]+)\)"')


def suite(weights="problem", lost=(2, 20), sizes=(90, 30), missing=0):
    """A baseline that solves everything, and a candidate that loses some, or lacks samples."""
    pairs = []
    for name, gone, size in zip(("python", "rust"), lost, sizes, strict=True):
        ids = [f"{name}/{index}" for index in range(size)]
        kept = [0] * gone + [1] * (size - gone)
        sides = (("fp8", [1] * size, 0), ("<q4>", kept, missing))
        pairs.append(
            tuple(
                loaded_run(
                    passes, 1, model=model, dataset=name, task_ids=ids, missing=[0, lacking] + [0] * 98
                )
                for model, passes, lacking in sides
            )
        )
    return compare_suites(pairs, weights)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A candidate that lost one data set and kept the other; a third one was asked of the baseline alone."""
    folder = tmp_path_factory.mktemp("runs")
    for model, card, day in (("Base", BASELINE, "18"), ("Cand", CANDIDATE, "20")):
        kept = [1] * 30 if card is BASELINE else [0] * 25 + [1] * 5
        write_run(folder, model, [1] * 30, n=1, card=card, day=f"2026-11-{day}", dataset="humaneval")
        write_run(folder, model, kept, n=1, card=card, day=f"2026-11-{day}", dataset="mine", prefix="Mine")
    write_run(folder, "Base", [1] * 9, n=1, card=BASELINE, dataset="theirs", prefix="Theirs")
    return folder


def options(weights):
    return SiteOptions(targets=parse_targets(POOL.format(weights=weights), "test"), jobs=1)


@pytest.mark.parametrize(
    ("weights", "told"),
    [("problem", "each problem counts the same"), ("dataset", "each data set counts the same")],
)
def test_a_pooled_target_is_drawn_below_its_model(runs, weights, told):
    """Verdict, weights, where the loss is, and each data set's figures, as the table has them."""
    (judged_one,) = next(targets_pages(judged(runs, options(weights)))).view.judged
    (row,), (shown,) = judged_one.rows, judged_one.pooled
    assert shown.drawn.title == "Loss over all: each data set, and all together"
    assert shown.mark.word == row.mark.word == "missed"
    assert told in shown.headline
    assert told in shown.drawn.summary
    assert "The loss is in mine; humaneval lost nothing that shows." in shown.drawn.summary
    assert [cells[0] for cells in shown.drawn.rows] == ["humaneval", "mine", "all together"]
    assert shown.drawn.rows[-1][4] in row.actual
    assert [name for name, _ in shown.pages] == ["humaneval", "mine"]


@pytest.mark.parametrize(
    ("ways", "lines"),
    [
        ("relative = 0.95", ["95 % kept −5.0"]),
        ("margin = 10\ntwo_sided = true", ["allowed −10", "allowed +10"]),
    ],
)
def test_the_picture_of_a_pool_that_is_asked_otherwise_asks_the_same(runs, ways, lines):
    """Its mark and headline are the target's, and its lines stand at what is allowed."""
    asked = POOL.format(weights="problem").replace("margin = 10", ways)
    with_it = SiteOptions(targets=parse_targets(asked, "test"), jobs=1)
    (judged_one,) = next(targets_pages(judged(runs, with_it))).view.judged
    (row,), (shown,) = judged_one.rows, judged_one.pooled
    assert shown.mark.word == row.mark.word == "missed"
    assert lines[0] in shown.drawn.svg
    assert lines[-1] in shown.drawn.svg
    assert ("Of the baseline's score" in shown.headline) == ("relative" in ways)


def test_every_page_stays_sound_with_it(runs, tmp_path):
    """The page of targets shows the picture once for each pooled target, and its links lead somewhere."""
    build_site(runs, tmp_path, options=options("problem"))
    page = (tmp_path / TARGETS).read_text("utf-8")
    assert page.count('id="forest-m1-1"') == 1
    assert "Problem by problem:" in page
    assert every_internal_link_resolves(tmp_path) > 20


@pytest.mark.parametrize(("weights", "times"), [("problem", 3**0.5), ("dataset", 1.0)])
def test_a_square_is_as_large_as_what_its_data_set_counts(weights, times):
    """Its area by the number of problems, or the same for each."""
    python, rust = map(float, SIZE.findall(forest(suite(weights)).svg))
    assert python / rust == pytest.approx(times, rel=0.02)


def test_words_are_made_safe_and_figures_are_those_of_the_table():
    """Whatever a model is called; each row of the picture says what its row of the table says."""
    found = suite()
    drawn = forest(found)
    assert "<q4>" not in drawn.svg
    assert "&lt;q4&gt;" in drawn.svg
    assert len(drawn.rows) == 3
    for name, *_, difference, limits, _ in drawn.rows:
        assert f"{name}: {difference} ({limits})" in drawn.svg


def test_missing_samples_are_a_thin_line():
    """What they could make of the verdict is drawn, and the legend says so."""
    assert "thin line" not in forest(suite()).summary
    drawn = forest(suite(lost=(2, 10), missing=20))
    assert "thin line" in drawn.summary
    assert 'class="range possible"' in drawn.svg
