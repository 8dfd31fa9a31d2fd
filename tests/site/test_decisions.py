"""What all pages conclude alike, decided in Python, and never from a run that is not ready."""

import json
import re

import pytest

from evalsite.site.build import build_site
from evalsite.site.cards.faces import run_card
from evalsite.site.subjects.runs import RunSubject
from evalsite.site.views.targets import answer_of
from evalsite.stats.compare.numbers import compare
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import ARCHIVED, judged
from tests.site.serving import serving


def just_met():
    """Greedy passes whose loss interval ends between -9.95 and -10 points: to one digit, on the margin."""
    for size in range(61, 600):  # fewer problems have none
        for broken in range(1, size // 8):
            base, candidate = [1] * size, [0] * broken + [1] * (size - broken)
            low = compare([1] * size, base, [1] * size, candidate).main.interval.low
            if -0.1 < low < -0.0995:
                return base, candidate
            if low <= -0.1:
                break
    raise AssertionError("no such interval")


@pytest.mark.browser
def test_the_page_shows_what_python_decided_for_another_baseline_too(chromium, tmp_path):
    """A loss of at most 9.96 points is met, also where somebody chose the baseline on the page."""
    good, worse = just_met()
    write_run(tmp_path / "runs", "Good", good, n=1)
    write_run(tmp_path / "runs", "Worse", worse, n=1, card=BASELINE, day="2026-11-21")
    build_site(tmp_path / "runs", tmp_path / "site", options=ARCHIVED)
    with serving(tmp_path / "site") as base:
        page = chromium.new_page()
        page.goto(base)
        page.select_option("select[name=base]", label="Good, 2026-11-20")
        cell = page.locator("tr[data-run*=worse] .delta")
        assert cell.locator(".mark").inner_text().split() == ["✓", "met"]
        assert "−9.97 to" in cell.inner_text()  # another digit, lest it seem to reach the margin
        assert page.locator("tr[data-run*=good] .delta").inner_text() == "baseline"
        page.select_option("select[name=base]", label="Worse, 2026-11-21")
        assert page.locator("tr[data-run*=worse] .delta").inner_text() == "baseline"
        page.close()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"num_problems": 7}, "asks only 7 of the 8 problems"),
        ({"status": "incomplete"}, "is incomplete"),
        ({"status": "running"}, "has not ended"),
    ],
)
@pytest.mark.parametrize("side", ["baseline", "candidate"])
def test_every_page_says_pending_of_a_run_that_is_not_ready(tmp_path, side, changes, reason):
    """Leaderboard, comparison, targets, run page and data agree, with the reason."""
    own = {"baseline": {}, "candidate": {}, side: changes}
    runs, out = tmp_path / "runs", tmp_path / "site"
    write_run(runs, "Base", [1] * 8, n=1, card=BASELINE, **own["baseline"])
    write_run(runs, "Cand", [0] * 8, n=1, card=CANDIDATE, day="2026-11-21", **own["candidate"])
    build_site(runs, out, options=ARCHIVED)
    (compared,) = json.loads((out / "data/comparisons.json").read_text())["comparisons"]
    assert (compared["decision"], compared["mirrored_decision"]) == ("pending", "pending")
    assert reason in compared["pending"]
    (target,) = json.loads((out / "data/targets.json").read_text())["targets"]
    assert target["decision"] == target["verdict"] == "pending"
    assert reason in target["sentence"]
    for path in ("index.html", f"{compared['path']}index.html", "targets.html"):
        text = (out / path).read_text()
        assert reason in text, path
        assert set(re.findall(r'class="mark \w+"><span[^>]*>.</span>&nbsp;(\w+)', text)) & DECISIONS == {
            "pending"
        }, path


def test_no_page_shows_a_tick_where_the_baseline_is_too_weak(tmp_path):
    """Everything lost of 6 %: leaderboard, comparison, targets, run page, card, badges, front and data."""
    runs, out = tmp_path / "runs", tmp_path / "site"
    write_run(runs, "Base", [1] + [0] * 15, n=1, card=BASELINE)
    write_run(runs, "Cand", [0] * 16, n=1, card=CANDIDATE, day="2026-11-21")
    build_site(runs, out, options=ARCHIVED)
    judgement = judged(runs)
    assert answer_of(judgement).headline == "Proves nothing: 1 target vacuous."
    (compared,) = json.loads((out / "data/comparisons.json").read_text())["comparisons"]
    assert (compared["decision"], compared["mirrored_decision"]) == ("vacuous", "vacuous")
    (target,) = json.loads((out / "data/targets.json").read_text())["targets"]
    assert target["decision"] == "vacuous"
    (run_page,) = (path for path in out.glob("runs/*cand*/index.html"))
    for path in (out / "index.html", out / compared["path"] / "index.html", out / "targets.html", run_page):
        marks = set(re.findall(r'class="mark (\w+)"><span[^>]*>(.)</span>&nbsp;(\w+)', path.read_text()))
        assert {mark for mark in marks if mark[2] in DECISIONS} == {("unsure", "○", "vacuous")}, path
    assert (
        "Left out, since the baseline is too weak to show a loss: Cand." in (out / "index.html").read_text()
    )
    badges = [json.loads(path.read_text()) for path in (out / "badges").glob("*.json")]
    assert {(badge["message"].rpartition(" ")[2], badge["color"]) for badge in badges} == {
        ("vacuous", "yellow")
    }
    (entry,) = (entry for entry in judgement.evidence.entries if entry.model == "Cand")
    card = run_card(RunSubject.of(entry, judgement), "T")
    assert "Loss: vacuous" in card
    assert "✓" not in card


DECISIONS = {"vacuous", "met", "missed", "inconclusive", "pending"}
