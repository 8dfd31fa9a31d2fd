"""Reading ``targets.toml``: what a good file gives, and how all mistakes of a bad one are told."""

import pytest

from evalsite.errors import UsageError
from evalsite.stats.targets import metric_names, named_targets, parse_metric, parse_targets
from tests.make import loaded_run

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

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

MISTAKEN = """\
format = 2
confidence = 95
strict = true
[[target]]
name = "a"
metric = "pass@ten"
[[target]]
metric = "pass@1"
above = 0.7
[[target]]
name = "a"
metric = "degradation"
above = 10
baseline = "fp8"
[[target]]
name = "b"
metric = "error_share.timeouts"
below = true
dataset = 3
baseline_run = 4
applies_to = { quantisation = "x", model = 3 }
[[target]]
name = "c"
metric = "token_time"
below = -1
[[target]]
name = "d"
metric = "pass@1"
above = 170
[[target]]
name = "e"
"""


def test_every_key_arrives() -> None:
    """A whole file, value by value."""
    targets = parse_targets(WHOLE, "targets.toml")
    assert targets.source == "targets.toml"
    keeps, loss, slowest = targets.rows
    assert (keeps.name, keeps.metric.kind, keeps.metric.k) == ("Ternary keeps pass@10", "pass", 10)
    assert (keeps.threshold, keeps.direction, keeps.baseline) == (83.5, "above", 93.0)
    assert (keeps.datasets, keeps.confidence) == (("humaneval", "mbpp"), 0.99)
    assert keeps.applies_to == (("quantization", "tern*"), ("model", "*-3b"))
    assert (loss.metric.k, loss.threshold, loss.direction, loss.baseline_run) == (5, 3.0, "below", "fp8")
    assert (loss.confidence, loss.metric.unit) == (0.9, "points")
    assert (slowest.metric.field, slowest.metric.statistic, slowest.metric.unit) == ("latency_s", "p95", "ms")


def test_the_default_targets_are_the_projects_own() -> None:
    """Four rows that the project was born with, and degradation under 10 points."""
    assert [
        (row.name, row.metric.name, row.baseline, row.direction, row.threshold) for row in BORN_WITH.rows
    ] == [
        ("HumanEval pass@1", "pass@1", 82.0, "above", 70.0),
        ("HumanEval pass@10", "pass@10", 93.0, "above", 83.0),
        ("MBPP pass@1", "pass@1", 75.0, "above", 65.0),
        ("Average latency", "token_time", 40.0, "below", 50.0),
        ("Degradation", "degradation", None, "below", 10.0),
    ]


@pytest.mark.parametrize("variant", ["mbpp", "mbpp-test", "mbpp-sanitized"])
def test_the_default_mbpp_row_takes_any_variant(variant: str) -> None:
    """A data set's name is matched exactly; the default row lists all three."""
    humaneval, _, mbpp, latency, _ = BORN_WITH.rows
    assert mbpp.wants_dataset(variant)
    assert not humaneval.wants_dataset(variant)
    assert latency.wants_dataset(variant)


def test_data_set_names_are_exact_but_for_their_case() -> None:
    """``mbpp`` alone does not stand for its variants, nor ``humaneval`` for HumanEval+."""
    humaneval = BORN_WITH.rows[0]
    assert humaneval.wants_dataset("HumanEval")
    assert not humaneval.wants_dataset("humaneval-plus")
    (row,) = parse_targets('[[target]]\nname="a"\ndataset="mbpp"\nmetric="pass@1"\nabove=1', "t").rows
    assert not row.wants_dataset("mbpp-test")


def test_patterns_select_runs() -> None:
    """All patterns have to fit; ``*`` stands for anything."""
    keeps = parse_targets(WHOLE, "t").rows[0]
    card = loaded_run([1], 1).run.model.card
    ternary = type(card)(quantization="ternary")
    assert keeps.selects(loaded_run([1], 1, model="smol-3b", card=ternary).run)
    assert not keeps.selects(loaded_run([1], 1, model="smol-7b", card=ternary).run)
    assert not keeps.selects(loaded_run([1], 1, model="smol-3b").run)


def test_all_mistakes_are_told_at_once_with_line_and_key() -> None:
    """One error, as many lines as mistakes, in the file's order."""
    with pytest.raises(UsageError) as caught:
        parse_targets(MISTAKEN, "my/targets.toml")
    lines = caught.value.message.splitlines()
    assert lines[0] == "my/targets.toml: 17 mistakes"
    found = [tuple(line.strip().split(": ")[:2]) for line in lines[1:]]
    assert found == [
        ("my/targets.toml:1", "format"),
        ("my/targets.toml:2", "confidence"),
        ("my/targets.toml:3", "strict"),
        ("my/targets.toml:6", "target 1, metric"),
        ("my/targets.toml:7", "target 2, name"),
        ("my/targets.toml:9", "target 2, above"),
        ("my/targets.toml:11", "target 3, name"),
        ("my/targets.toml:13", "target 3, above"),
        ("my/targets.toml:14", "target 3, baseline"),
        ("my/targets.toml:17", "target 4, metric"),
        ("my/targets.toml:19", "target 4, dataset"),
        ("my/targets.toml:20", "target 4, baseline_run"),
        ("my/targets.toml:21", "target 4, applies_to"),
        ("my/targets.toml:21", "target 4, applies_to"),
        ("my/targets.toml:25", "target 5, below"),
        ("my/targets.toml:29", "target 6, above"),
        ("my/targets.toml:30", "target 7, metric"),
    ]
    assert "docs/targets.md" in caught.value.hint


def test_a_share_instead_of_percent_is_caught() -> None:
    """0.7 is taken for what it surely was meant to be, and refused."""
    with pytest.raises(UsageError, match="write 70 for 70 %"):
        parse_targets('[[target]]\nname="a"\nmetric="pass@1"\nabove=0.7', "t")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[target]\n", r"t\.toml: not valid TOML: .*line 1"),
        ("", "no .*target.* table"),
        ('target = "x"', "write each target as"),
        ("[target]\nname = 'x'", "write each target as"),
        ('[[target]]\nname="a"\nmetric="pass@1"', "takes above or below$"),
        ('[[target]]\nname="a"\nmetric="pass@1"\nabove=1\nbelow=2', "not above and below"),
        ('[[target]]\nname="a"\nmetric="token_time.max"\nbelow=2', "not .max"),
        ('[[target]]\nname="a"\nmetric="errors@3"\nbelow=2', "only pass and degradation"),
        ('[[target]]\nname="a"\nmetric="speed"\nbelow=2', "no such metric; there are pass@K"),
        ('[[target]]\nname="a"\nmetric="pass@1"\nabove=1\napplies_to="x"', "must be a table"),
        ('[[target]]\nname="a"\nmetric="pass@1"\nabove=inf', "must be a number"),
    ],
)
def test_each_mistake_has_its_message(text: str, message: str) -> None:
    """Files that cannot be meant, one at a time."""
    with pytest.raises(UsageError, match=f"(?m){message}"):
        parse_targets(text, "t.toml")


def test_every_documented_metric_parses() -> None:
    """The names in messages and documentation are real ones."""
    forms = metric_names()
    assert len(forms) > 5
    for form in forms:
        name = form.replace("K", "5").replace("[.p50|.p95]", ".p95").replace("[.CLASS]", ".timeout")
        name = name.replace("[.TIME]", ".request_time")
        assert parse_metric(name).name == name
        assert parse_metric(name.partition(".")[0]).label
