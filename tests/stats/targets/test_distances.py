"""Targets about how far a model is from its baseline, token by token."""

import re

import pytest

from evalsite.counts.loaded import load_run
from evalsite.stats.targets import judge, parse_targets
from tests.distance.make import write_distance
from tests.make import write_run

TARGETS = """
[[target]]
name = "{metric}"
metric = "{metric}"
{bound}
"""

JUDGED = [
    ("same_top_token", "above = 1", "met", "%"),
    ("same_top_token", "above = 95", "missed", "%"),
    ("kl.mean", "below = 50", "met", "nats"),
    ("kl.mean", "below = 0.001", "missed", "nats"),
    ("kl.p99", "below = 0.01", "missed", "nats"),
    ("code_perplexity_ratio", "below = 1000", "met", "times"),
]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A baseline and a candidate, with a distance that counts and one of another baseline."""
    folder = tmp_path_factory.mktemp("targets")
    found = [
        write_run(folder, name, [4] * 8, n=4, day=day)
        for name, day in (("fp8", "2026-11-18"), ("ternary", "2026-11-20"), ("lonely", "2026-11-20"))
    ]
    write_distance(folder, "fp8", "ternary")
    write_distance(folder, "another", "ternary", weights=0.0)
    return [load_run(run) for run in found]


@pytest.mark.parametrize(("metric", "bound", "decision", "unit"), JUDGED)
def test_each_figure_is_judged_by_its_interval(runs, metric, bound, decision, unit):
    """With its unit in the sentence."""
    base, run, _ = runs
    targets = parse_targets(TARGETS.format(metric=metric, bound=bound), "test")
    (result,) = judge(targets, [base, run], {base.id: base, run.id: base})
    assert (result.run.model, result.decision) == ("ternary", decision)
    number = r"\d+\.\d" if unit == "%" else r"\d+\.\d{4}"  # a tenth of a nat is a lot
    assert re.search(rf"\b{number} and {number} {unit}", result.sentence), result.sentence
    assert result.interval.low < result.actual <= result.interval.high


def test_without_a_distance_a_target_waits(runs):
    """And says which command measures it."""
    base, _, lonely = runs
    targets = parse_targets(TARGETS.format(metric="kl.mean", bound="below = 1"), "test")
    (result,) = judge(targets, [base, lonely], {base.id: base, lonely.id: base})
    assert result.decision == "pending"
    assert "evalsite distance" in result.sentence


def test_no_such_figure_is_told_with_what_there_is():
    """By name."""
    with pytest.raises(Exception, match=r"kl\.p99"):
        parse_targets(TARGETS.format(metric="kl.p50", bound="below = 1"), "test")
