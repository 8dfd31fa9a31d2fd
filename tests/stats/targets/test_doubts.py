"""What speaks against a run, or against two of them, stands in every verdict on them."""

from typing import Any

import pytest
from msgspec import structs

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.times import distribution
from evalsite.rundir.schema import Model
from evalsite.stats.compare.suites import compare_suites
from evalsite.stats.targets import judge
from tests.make import loaded_run
from tests.stats.targets.helpers import against, one, target

TIMES = {"token_s": distribution({f"HumanEval/{i}": [0.04, 0.05] for i in range(60)})}


def answered(model: str, by: str, **changes: Any) -> LoadedRun:
    """A run of 60 problems, all passed, whose answers came under a model id."""
    run = loaded_run([1] * 60, 1, model=model, times=TIMES, **changes)
    named = structs.replace(run.run, model=Model(name=model, endpoints=("http://gpu:8081/v1",)))
    return LoadedRun(run.dir, named, structs.replace(run.summary, answered_by={by: 60}))


LIMITS = {"pass@1": "above = 70", "degradation": "margin = 10", "slowdown": "margin = 25"}


@pytest.mark.parametrize("metric", LIMITS)
def test_answers_of_another_model_are_told(metric: str) -> None:
    """Whatever is asked of the run, also where no baseline is."""
    base, run = answered("fp8", "fp8"), answered("ternary", "llama-7b")
    result = one(judge(target(f'metric = "{metric}"', LIMITS[metric]), [run], against(base, run)))
    assert result.decision == "met"
    told = "ternary: Every answer came from a model that calls itself llama-7b; ternary was asked for."
    assert told in result.sentence


@pytest.mark.parametrize("metric", ["degradation", "slowdown"])
def test_one_model_asked_twice_is_told(metric: str) -> None:
    """It loses nothing, and takes no longer."""
    base, run = answered("fp8", "fp8"), answered("fp8-ternary", "fp8")
    result = one(judge(target(f'metric = "{metric}"', LIMITS[metric]), [run], against(base, run)))
    assert "Both runs were answered by fp8 at http://gpu:8081/v1: it may be one model" in result.sentence


def test_over_several_data_sets_it_is_told_of_each() -> None:
    """In the comparison, and so in a target with a pool."""
    pairs = [
        (answered("fp8", "fp8", dataset=name), answered("fp8-ternary", "fp8", dataset=name))
        for name in ("humaneval", "mbpp")
    ]
    found = compare_suites(pairs)
    assert found is not None
    for name in ("humaneval", "mbpp"):
        assert any(told.startswith(f"{name}: Both runs were answered by fp8 at") for told in found.caveats)
    assert any("Both runs were answered by fp8 at" in note for note in found.notes)
