"""The targets that hold where no file is given, and sets of targets that go by a name."""

from collections.abc import Mapping
from dataclasses import replace

from evalsite.stats.targets.parse import parse_targets
from evalsite.stats.targets.schema import Targets

RELATIVE_TOML = """\
format = 1

[[target]]
name = "pass@1 against the baseline"
metric = "degradation@1"   # problem by problem against the baseline run
margin = 10                # points that may be lost

[[target]]
name = "pass@10 against the baseline"
metric = "degradation@10"
margin = 10

[[target]]
name = "time per token against the baseline"
metric = "slowdown"        # of the mean time per output token
margin = 25                # percent that it may be slower
"""
"""The built-in rule as a targets file would say it."""


def _relative() -> Targets:
    """Nothing in them was measured or promised elsewhere: each run is held against its own baseline."""
    wanted = parse_targets(RELATIVE_TOML, "the built-in rule: every run against its baseline")
    first, *others = wanted.rows
    return replace(wanted, rows=(first, *(replace(row, where_possible=True) for row in others)))


DEFAULT_TARGETS = _relative()
"""What holds without a targets file. pass@10 is judged where both runs have ten samples of each problem, time
per token where both measured it."""

QWEN3_CODER_80B_TERNARY = """\
format = 1

[[target]]
name = "HumanEval pass@1"
dataset = "humaneval"
metric = "pass@1"
baseline = 82          # percent, like the threshold
above = 70

[[target]]
name = "HumanEval pass@10"
dataset = "humaneval"
metric = "pass@10"
baseline = 93
above = 83

[[target]]
name = "MBPP pass@1"
dataset = ["mbpp", "mbpp-test", "mbpp-sanitized"]   # any variant; the result names it
metric = "pass@1"
baseline = 75
above = 65

[[target]]
name = "Average latency"
metric = "token_time"  # mean time per output token, in ms
baseline = 40
below = 50

[[target]]
name = "Degradation"
metric = "degradation" # of pass@1, problem by problem against the baseline run
margin = 10            # points that may be lost
"""

NAMED_TOML: Mapping[str, str] = {"qwen3-coder-80b-ternary": QWEN3_CODER_80B_TERNARY}
"""Name -> a targets file that ``evalsite init --targets NAME`` writes."""


def named_targets(name: str) -> Targets:
    """One of :data:`NAMED_TOML`, parsed; raises KeyError for another name."""
    return parse_targets(NAMED_TOML[name], name)
