"""Which run is the baseline."""

import pytest

from evalsite.errors import UsageError
from evalsite.rundir.schema import Model, ModelCard
from evalsite.stats.baseline import pick_baselines
from tests.conftest import make_run

CARD = ModelCard(role="baseline")


def run(name, **changes):
    return make_run(name, **{"model": Model(name="base", card=CARD), "num_problems": 100, **changes})


def test_the_model_card_names_the_baseline():
    """Without one, and without --baseline, there is none."""
    assert pick_baselines([run("a")])["demo"].id == "a"
    assert pick_baselines([run("a", model=Model(name="other"))]) == {}


def test_a_trial_does_not_displace_a_whole_run():
    """Complete before incomplete, all problems before a few, then the newest."""
    whole = run("whole", created_at="2026-01-01T00:00:00Z")
    newer = run("newer", created_at="2026-01-02T00:00:00Z")
    trial = run("trial", num_problems=5, created_at="2026-01-03T00:00:00Z")
    broken = run("broken", status="incomplete", created_at="2026-01-04T00:00:00Z")
    assert pick_baselines([trial, whole, broken])["demo"].id == "whole"
    assert pick_baselines([newer, whole])["demo"].id == "newer"


def test_a_named_baseline_wins_and_a_typo_is_no_silent_none():
    """By model or by run; what is not there is an error that lists the models."""
    runs = [run("a"), run("b", model=Model(name="other"))]
    assert pick_baselines(runs, "other")["demo"].id == "b"
    assert pick_baselines(runs, "a")["demo"].id == "a"
    with pytest.raises(UsageError, match="no such model or run") as caught:
        pick_baselines(runs, "nobody")
    assert "base, other" in caught.value.hint
