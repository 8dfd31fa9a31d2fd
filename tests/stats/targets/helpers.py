"""Targets in a few words, and their results."""

from typing import Any

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.targets import Result, Targets, named_targets, parse_targets
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target
from tests.conftest import ROOT

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

TARGETS = (ROOT / "docs" / "targets.md").read_text(encoding="utf-8")
ROWS = {row.name: row for row in BORN_WITH.rows}


WHOLE = """
confidence = 0.9

[[target]]
name = "Ternary keeps pass@10"
dataset = ["humaneval", "mbpp"]
metric = "pass@10"
baseline = 93
above = 83.5
confidence = 0.99
applies_to = { quantization = "tern*", model = "*-3b" }

[[target]]
name = "Loss"
metric = "degradation@5"
baseline_run = "fp8"
margin = 3

[[target]]
name = "Slowest answers"
metric = "request_time.p95"
below = 900
"""


def against(base: LoadedRun, *runs: LoadedRun) -> dict[str, LoadedRun]:
    """All of the runs, and the baseline itself, are held against the baseline."""
    return {run.id: base for run in (base, *runs)}


def only(name: str) -> Targets:
    return Targets((ROWS[name],), "test")


def target(*lines: str) -> Targets:
    return parse_targets("\n".join(("[[target]]", 'name = "T"', *lines)), "test")


def one(results: tuple[Result, ...]) -> Result:
    (result,) = results
    return result


def about(metric: str, **changes: Any) -> Target:
    fields = {"threshold": 10, "direction": "below", **changes}
    return Target(name="x", metric=parse_metric(metric), **fields)
