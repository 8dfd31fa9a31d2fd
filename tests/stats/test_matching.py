"""Which runs of two models stand against each other."""

import pytest

from evalsite.errors import UsageError
from evalsite.rundir.levels import Level
from evalsite.rundir.schema import Dataset
from evalsite.stats.matching import matched
from tests.make import loaded_run


def run(model, dataset, **fields):
    return loaded_run(
        [1] * 4, 1, model=model, dataset=dataset, id=f"{model}-{dataset}-{len(fields)}", **fields
    )


RUNS = [
    run("fp8", "humaneval"),
    run("fp8", "mbpp"),
    run("ternary", "mbpp", created_at="2026-11-23T00:00:00Z"),
    run("ternary", "humaneval", status="running", created_at="2026-11-24T00:00:00Z"),
    run("ternary", "humaneval"),
    run("ternary", "go"),
]


def test_each_data_set_that_both_were_asked_is_a_pair():
    """Of several runs the ready one counts; a named pool has its own order."""
    ids = [(base.id, other.id) for base, other in matched(RUNS, "fp8", "ternary")]
    assert ids == [("fp8-humaneval-0", "ternary-humaneval-0"), ("fp8-mbpp-0", "ternary-mbpp-1")]
    named = matched(RUNS, "fp8", "ternary", ["MBPP", "humaneval"])
    assert [base.dataset for base, _ in named] == ["mbpp", "humaneval"]


def test_levels_of_difficulty_are_pooled_where_they_are_named_alone():
    """Or where there is nothing else."""

    def level(model):
        found = Level(of="humaneval", of_sha256="0" * 64, context_tokens=8000)
        name = "humaneval+8000-context"
        return run(model, Dataset(name=name, sha256="1" * 64, num_problems=4, level=found))

    levels = [level("fp8"), level("ternary")]
    both = matched([*RUNS, *levels], "fp8", "ternary")
    assert [base.dataset for base, _ in both] == ["humaneval", "mbpp"]
    named = matched([*RUNS, *levels], "fp8", "ternary", ["humaneval+8000-context"])
    assert named == matched(levels, "fp8", "ternary") == [tuple(levels)]


def test_a_data_set_that_is_named_twice_is_refused():
    """As it is in ``targets.toml``: whether it was meant to weigh twice, nobody can tell."""
    with pytest.raises(UsageError, match="mbpp is named twice"):
        matched(RUNS, "fp8", "ternary", ["mbpp", "humaneval", "MBPP"])


def test_what_either_lacks_is_named():
    """With what both have."""
    with pytest.raises(UsageError, match="not both asked go, with the same problems") as raised:
        matched(RUNS, "fp8", "ternary", ["go", "mbpp"])
    assert "Both have humaneval and mbpp" in raised.value.hint
    with pytest.raises(UsageError, match="no data set in common"):
        matched(RUNS, "fp8", "nobody")
