"""Targets: read them, and judge runs by them. ``docs/targets.md`` explains the file and the verdicts."""

from evalsite.stats.targets.defaults import DEFAULT_TARGETS, NAMED_TOML, RELATIVE_TOML, named_targets
from evalsite.stats.targets.families import judge
from evalsite.stats.targets.judge import Result
from evalsite.stats.targets.metrics import Metric, metric_names, parse_metric
from evalsite.stats.targets.parse import parse_targets
from evalsite.stats.targets.schema import Target, Targets
from evalsite.stats.targets.standing import Standing

__all__ = [
    "DEFAULT_TARGETS",
    "NAMED_TOML",
    "RELATIVE_TOML",
    "Metric",
    "Result",
    "Standing",
    "Target",
    "Targets",
    "judge",
    "metric_names",
    "named_targets",
    "parse_metric",
    "parse_targets",
]
