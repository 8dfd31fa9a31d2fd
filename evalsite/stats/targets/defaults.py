"""The targets that hold where no targets file is given."""

from evalsite.stats.targets.parse import parse_targets

DEFAULT_TOML = """\
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

DEFAULT_TARGETS = parse_targets(DEFAULT_TOML, "built-in defaults")
