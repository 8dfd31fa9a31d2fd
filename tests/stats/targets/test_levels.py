"""Targets about a level of difficulty: what was lost since the easiest one beyond what the baseline lost."""

import pytest

from evalsite.counts.loaded import load_run
from evalsite.errors import UsageError
from evalsite.rundir.finding import find_runs
from evalsite.stats.cliffs import cliffs
from evalsite.stats.targets import judge, parse_targets
from tests.make import write_levels, write_run

LOST = ((2, 3, 4), (3, 4, 45))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two models on three levels; the candidate falls at the hardest."""
    folder = tmp_path_factory.mktemp("levels")
    write_levels(folder, LOST, size=140)
    return [load_run(each) for each in find_runs(folder)]


def judged(runs, dataset="calls+*", margin=10, more=""):
    text = (
        f'[[target]]\nname = "Cliff"\nmetric = "degradation.level"\ndataset = ["{dataset}"]\n'
        f"margin = {margin}\n{more}"
    )
    return judge(parse_targets(text, "test"), runs, baselines_of(runs))


def baselines_of(runs):
    bases = {run.dataset_key: run for run in runs if run.model == "Toy-FP8"}
    return {run.id: bases[run.dataset_key] for run in runs if run.dataset_key in bases}


def test_each_level_is_judged_as_its_curve_is(runs):
    """With the figures, interval and verdict of the page of levels; the easiest is no level to judge."""
    (cliff,) = cliffs(runs, {k: v for k, v in baselines_of(runs).items() if v.id != k})
    found = {result.dataset: result for result in judged(runs, "calls*")}
    assert set(found) == {"calls+8-tools", "calls+32-tools"}
    harder = cliff.steps[1:]
    assert harder
    for step in harder:
        result = found[f"calls+{step.level}-tools"]
        assert result.actual == pytest.approx(-100 * step.further.value)
        assert result.interval.low == pytest.approx(-100 * step.further.interval.high)
        assert result.decision == step.further.decision
        assert result.delta == pytest.approx(100 * step.further.value)
    assert found["calls+8-tools"].decision == "met"
    assert found["calls+32-tools"].decision == "missed"
    sentence = found["calls+32-tools"].sentence
    assert "since calls: " in sentence
    assert "beyond the baseline's loss" in sentence
    assert "All of that misses the target (less than 10 points lost)." in sentence


def test_a_pattern_of_the_name_chooses_levels(runs):
    """As of any target."""
    (result,) = judged(runs, "calls+8-*")
    assert result.dataset == "calls+8-tools"


def test_what_lacks_is_said(runs):
    """An easier level that both were asked, or a baseline; nothing is concluded then."""
    hardest = [run for run in runs if run.dataset == "calls+32-tools"]
    (result,) = judged(hardest)
    assert result.decision == "pending"
    assert "were not both asked an easier level than calls+32-tools, such as calls" in result.sentence
    (result,) = judged([run for run in runs if run.model == "Toy-Ternary" and run.dataset == "calls+8-tools"])
    assert result.decision == "pending"
    assert "No baseline run on calls+8-tools" in result.sentence


def test_a_margin_beyond_what_can_be_lost_proves_nothing(tmp_path):
    """Where both score little."""
    write_levels(tmp_path, ((135, 135, 135), (135, 135, 135)), size=140)
    results = judged([load_run(each) for each in find_runs(tmp_path)], margin=20)
    assert {result.decision for result in results} == {"vacuous"}
    assert "scores too little" in results[0].sentence


@pytest.mark.parametrize("more", ["two_sided = true", 'judged_by = "posterior"', 'pool = ["a", "b"]'])
def test_it_is_asked_in_no_other_way(runs, more):
    """A difference of differences has neither a posterior nor a pool here."""
    with pytest.raises(UsageError):
        judged(runs, more=more)


def test_data_sets_without_levels_have_no_such_target(tmp_path):
    """Whatever their name: there is nothing to judge, and the target waits."""
    write_run(tmp_path, "Toy-FP8", [1, 1], n=1, day="2026-11-18")
    write_run(tmp_path, "Toy-Ternary", [1, 0], n=1, day="2026-11-19")
    (result,) = judged([load_run(each) for each in find_runs(tmp_path)], "*")
    assert (result.decision, result.run) == ("pending", None)
