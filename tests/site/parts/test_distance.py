"""The page of a distance, and what of it stands on the pages of the two models."""

import logging
from types import SimpleNamespace

import pytest

from evalsite.site.build import build_site
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.distance.flips import correlation_with_flips
from tests.distance.make import write_distance
from tests.make import loaded_run, write_run
from tests.site.helpers import WHOLE, every_internal_link_resolves, pages_of, parse

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two runs, a distance of their models, one of strangers, and one that was changed."""
    path = tmp_path_factory.mktemp("apart")
    write_run(path / "runs", "fp8", [4] * 8, n=4, day="2026-11-18")
    write_run(path / "runs", "ternary", [4, 0, 3, 4, 1, 4, 2, 4], n=4)
    write_distance(path / "runs", "fp8", "ternary", number=10)
    write_distance(path / "runs", HOSTILE, "stranger", problems=1, positions=5)
    changed = write_distance(path / "runs", "fp8", "changed")
    record = (changed.path / "distance.json").read_text()
    (changed.path / "distance.json").write_text(record.replace('"name": "changed"', '"name": "swapped"'))
    return path


@pytest.fixture(scope="module")
def site(folder):
    """The site of it."""
    build_site(folder / "runs", folder / "site", options=WHOLE)
    return folder / "site"


def page(site, name):
    (found,) = (site / "distance").glob(f"*{name}*/index.html")
    return found.read_text("utf-8")


def test_the_page_shows_the_figures_beside_the_noise(site):
    """With kinds of token, the worst places and the code, shaded."""
    text = page(site, "fp8-ternary")
    for words in ("same top token", "KL, 99.9th percentile", "fp8 twice", "Agreement by kind of token",
                  "Farthest apart", "KL at each place", "lower bound", "rank correlation"):  # fmt: skip
        assert words in text, words
    assert text.count('<mark class="kl') > 60
    assert "0 nats" in text


def test_the_two_models_pages_lead_there(site):
    """The comparison of their runs, and the page of both over all; and it leads back."""
    for place in ("compare", "models"):
        pages = [path.read_text("utf-8") for path in (site / place).rglob("index.html")]
        leading = [text for text in pages if "Token by token" in text]
        assert len(leading) == 1, place
        assert "distance/2026-11-21" in leading[0]
    assert "Both runs compared" in page(site, "fp8-ternary")
    assert "Both runs compared" not in page(site, "stranger")


def test_pages_are_valid_and_lead_nowhere_wrong(site):
    """Hostile names stay text."""
    pages = list(pages_of(site))
    assert len([path for path in pages if "distance" in str(path)]) == 2
    every_internal_link_resolves(site)
    for path in (site / "distance").rglob("index.html"):
        parse(path)
    assert HOSTILE not in page(site, "stranger")


def test_one_that_was_changed_is_left_out_and_told(folder, tmp_path, caplog):
    """The others stand; a second build makes nothing."""
    with caplog.at_level(logging.WARNING):
        report = build_site(folder / "runs", tmp_path / "site", options=WHOLE)
    assert "left out" in caplog.text
    assert "swapped" in caplog.text
    assert report.written > 0
    assert build_site(folder / "runs", tmp_path / "site", options=WHOLE).written == 0


@pytest.mark.parametrize(
    ("far", "lost", "rho"),
    [
        ([1, 2, 3, 4, 5], [0, 1, 2, 3, 4], 1.0),
        ([5, 4, 3, 2, 1], [0, 1, 2, 3, 4], -1.0),
        ([1, 1, 2, 2, 3], [4, 4, 2, 2, 0], -1.0),
        ([1, 1, 1, 1, 1], [0, 1, 2, 3, 4], None),
        ([1, 2, 3, 4, 5], [2, 2, 2, 2, 2], None),
        ([1, 2, 3, 4], [0, 1, 2, 3], None),
    ],
    ids=["alike", "turned", "ties", "as far", "as much lost", "few"],
)
def test_ranks_of_what_is_far_and_what_was_lost(far, lost, rho):
    """Spearman's; None of few problems, and where nothing varies."""
    runs = [loaded_run([4] * len(lost), 4, model="fp8"), loaded_run([4 - each for each in lost], 4)]
    kl_of = {f"HumanEval/{place}": each / 10 for place, each in enumerate(far)} | {"Else/0": 9.0}
    found = correlation_with_flips(SimpleNamespace(kl_of=kl_of), compare_runs(*runs))
    assert (found is None) is (rho is None)
    if found:
        assert (found.rho, found.num_problems) == (pytest.approx(rho), 5)
        assert found.sentence.startswith("Over 5 problems, a problem's mean KL and the share of passes")
        assert f"rank correlation of {rho:+.2f} (Spearman)" in found.sentence
