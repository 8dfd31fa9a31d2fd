"""What pages conclude: the same everywhere, decided in Python, and nothing from a run that is not ready."""

import json
import re

import pytest

from evalsite.rundir.schema import ModelCard
from evalsite.site.build import build_site
from evalsite.site.cards import card_svg
from evalsite.site.evidence import gather
from evalsite.site.judgement import judge_all
from evalsite.site.options import RunRule, SiteOptions
from evalsite.site.subjects import RunSubject
from evalsite.site.views.targets import answer_of, focus_of, targets_page
from evalsite.stats.compare import compare
from evalsite.stats.targets import named_targets, parse_targets
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.serving import serving

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

LOSS_TOML = '[[target]]\nname = "Loss"\nmetric = "degradation"\nmargin = 10\n'
LOSS = parse_targets(LOSS_TOML, "test")
WHOLE = SiteOptions(targets=LOSS, jobs=1)
ARCHIVED = SiteOptions(targets=LOSS, jobs=1, rules=(RunRule(match=("*",), archive=True),))


def judged(folder, options=WHOLE):
    return judge_all(gather(folder, options), options.targets, options.max_pairs)


def just_met():
    """Greedy passes whose loss interval ends between -9.95 and -10 points: to one digit, on the margin."""
    for size in range(20, 600):
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
    write_run(runs, "Base", [10] * 8, card=BASELINE, **own["baseline"])
    write_run(runs, "Cand", [0] * 8, card=CANDIDATE, day="2026-11-21", **own["candidate"])
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
        assert set(re.findall(r'class="mark \w+"><span[^>]*>.</span> (\w+)', text)) & DECISIONS == {
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
        marks = set(re.findall(r'class="mark (\w+)"><span[^>]*>(.)</span> (\w+)', path.read_text()))
        assert {mark for mark in marks if mark[2] in DECISIONS} == {("unsure", "○", "vacuous")}, path
    assert (
        "Left out, since the baseline is too weak to show a loss: Cand." in (out / "index.html").read_text()
    )
    badges = [json.loads(path.read_text()) for path in (out / "badges").glob("*.json")]
    assert {(badge["message"].rpartition(" ")[2], badge["color"]) for badge in badges} == {
        ("vacuous", "yellow")
    }
    (entry,) = (entry for entry in judgement.evidence.entries if entry.model == "Cand")
    card = card_svg(RunSubject.of(entry, judgement), "T")
    assert "Loss: vacuous" in card
    assert "✓" not in card


DECISIONS = {"vacuous", "met", "missed", "inconclusive", "pending"}


def test_a_trial_never_takes_the_front_page(tmp_path):
    """Whoever tries five problems does not want the real candidate's answer gone."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    write_run(tmp_path, "Trial", [10] * 8, card=CANDIDATE, day="2026-11-22", num_problems=5)
    judgement = judged(tmp_path)
    assert focus_of(judgement).model == "Cand"
    assert answer_of(judgement).question == "Is Cand good enough?"


def test_without_anything_else_a_trial_is_asked_about(tmp_path):
    """It is better than nothing, and goes before the baseline."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Trial", [10] * 8, card=CANDIDATE, day="2026-11-22", num_problems=5)
    assert focus_of(judged(tmp_path)).model == "Trial"


def test_front_page_and_targets_page_count_alike(tmp_path):
    """A target that a model does not answer yet is one of its pending ones on both."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    judgement = judged(tmp_path, SiteOptions(targets=BORN_WITH))
    view = targets_page(judgement).view
    (answered,) = [each for each in view.judged if each.model == "Cand"]
    assert answered.headline == answer_of(judgement).headline
    assert len(answered.rows) == len(BORN_WITH.rows)
    assert view.open == ()


def test_pages_and_gate_count_the_same_verdicts_on_the_same_candidates(evalsite, tmp_path):
    """Two candidates, a trial and a second run of the baseline: the counts of the gate stand on the pages."""
    runs = tmp_path / "runs"
    write_run(runs, "Base", [10] * 40, card=BASELINE)
    write_run(runs, "Base", [10] * 40, day="2026-11-22")
    write_run(runs, "Ruined", [0] * 40, card=CANDIDATE, day="2026-11-21")
    write_run(runs, "Sound", [10] * 40, card=CANDIDATE, day="2026-11-22")
    write_run(runs, "Trial", [10] * 40, card=CANDIDATE, day="2026-11-23", num_problems=5)
    (tmp_path / "targets.toml").write_text(LOSS_TOML)
    gate = evalsite("check", "--runs", runs, "--targets", tmp_path / "targets.toml").stdout
    judgement = judged(runs)
    assert "Targets: missed (1 missed, 1 met)\n" in gate
    assert answer_of(judgement).among == "2 models judged: missed (1 missed, 1 met)"
    assert answer_of(judgement).headline == "Yes: 1 target met."
    assert "- Sound: Yes: 1 target met." in gate
    view = targets_page(judgement).view
    assert view.counted == "missed (1 missed, 1 met)"
    assert [each.model for each in view.judged] == ["Sound", "Ruined"]
    assert [row.subject for row in view.trials] == ["Trial on humaneval"]
    sides = {
        entry.id[:10]: judgement.side(entry) for entry in judgement.evidence.entries if entry.model == "Base"
    }
    assert sides == {"2026-11-20": "baseline", "2026-11-22": "baseline"}


def test_a_named_baseline_leaves_the_cards_of_other_data_sets_alone(tmp_path):
    """On the site as at the gate, and the page of that data set does not ask for one."""
    write_run(tmp_path, "Named", [10] * 8)
    write_run(tmp_path, "Cand", [10] * 8, day="2026-11-21")
    write_run(tmp_path, "Carded", [10] * 8, card=BASELINE, dataset="mbpp-test", prefix="MBPP")
    write_run(tmp_path, "Other", [10] * 8, day="2026-11-21", dataset="mbpp-test", prefix="MBPP")
    judgement = judged(tmp_path, SiteOptions(targets=LOSS, baseline="Named"))
    held = {entry.model: judgement.baseline_of(entry) for entry in judgement.evidence.entries}
    assert {model: base and base.model for model, base in held.items()} == {
        "Named": None,
        "Cand": "Named",
        "Carded": None,
        "Other": "Carded",
    }
    assert {result.run.model for result in judgement.results if result.run} == {"Cand", "Other"}


def test_each_family_is_held_against_its_own_baseline(tmp_path):
    """Two families on one data set; the board offers no single baseline, and every row says whose it is."""
    for family, day in (("Big", "2026-11-20"), ("Small", "2026-11-21")):
        for role, passes in (("baseline", 10), ("candidate", 9)):
            card = ModelCard(role=role, family=family)
            write_run(tmp_path / "runs", f"{family}-{role}", [passes] * 8, card=card, day=day)
    judgement = judged(tmp_path / "runs")
    held = {entry.model: judgement.baseline_of(entry) for entry in judgement.evidence.entries}
    assert {model: base.model for model, base in held.items() if base} == {
        "Big-candidate": "Big-baseline",
        "Small-candidate": "Small-baseline",
    }
    assert {judgement.side(entry) for entry in judgement.evidence.entries} == {"baseline", "candidate"}
    build_site(tmp_path / "runs", tmp_path / "site", options=ARCHIVED)
    text = (tmp_path / "site/index.html").read_text()
    assert "each family's own" in text.replace("&#39;", "'")
    assert len(re.findall(r'<span class="note">baseline</span>', text)) == 2


def test_runs_on_two_data_sets_of_one_name_are_not_held_against_each_other(tmp_path):
    """No comparison page, no difference, and a target that is pending with the reason."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    run_dir = write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    path = run_dir.path / "run.json"
    path.write_text(path.read_text().replace("ab" * 32, "cd" * 32))
    judgement = judged(tmp_path)
    assert judgement.comparisons == {}
    (result,) = judgement.results
    assert result.decision == "pending"
    assert "asked different problems under the name humaneval (ababab and cdcdcd)" in result.sentence
