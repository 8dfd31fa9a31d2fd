"""Reading ``targets.toml``: what a good file gives, and how all mistakes of a bad one are told."""

import pytest

from evalsite.errors import UsageError
from evalsite.stats.targets import parse_targets
from tests.stats.targets.helpers import WHOLE

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


def rows(*lines: str) -> str:
    return "\n".join(("[[target]]", 'name = "a"', *lines))


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (('metric = "pass@1"', "above = 0"), 0.0),
        (('metric = "pass@1"', "above = 1"), 1.0),
        (('metric = "pass@1"', "above = 100"), 100.0),
        (('metric = "error_share"', "below = 0.5"), 0.5),
        (('metric = "degradation"', "margin = 0.5"), 0.5),
        (('metric = "degradation"', "margin = 100"), 100.0),
        (('metric = "slowdown"', "margin = 150"), 150.0),
        (('metric = "slowdown"', "margin = 0.5", "baseline = 900"), 0.5),
        (('metric = "token_time"', "below = 900"), 900.0),
        (('metric = "tokens_per_s"', "above = 0.5"), 0.5),
    ],
)
def test_figures_that_can_be_meant_are_taken(lines: tuple[str, ...], value: float) -> None:
    """Each in its unit: shares end at 100, times and rates do not."""
    (row,) = parse_targets(rows(*lines), "t").rows
    assert row.threshold == value
    assert isinstance(row.threshold, float)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (('metric = "pass@1"', "above = -1"), "t:4: target 1, above: must lie between 0 and 100 %"),
        (('metric = "pass@1"', "above = 100.5"), "t:4: target 1, above: must lie between 0 and 100 %"),
        (
            ('metric = "degradation"', "margin = 101"),
            "t:4: target 1, margin: must lie between 0 and 100 points",
        ),
        (('metric = "slowdown"', "margin = -1"), "t:4: target 1, margin: must not be negative"),
        (('metric = "token_time"', "below = -1"), "t:4: target 1, below: must not be negative"),
        (
            ('metric = "degradation"', "margin = 1", "baseline = 101"),
            "t:5: target 1, baseline: must lie between 0 and 100 %",
        ),
        (
            ('metric = "pass@1"', "above = 1", "baseline = 0.82"),
            "t:5: target 1, baseline: is in percent: write 82 for 82 %",
        ),
        (('metric = "pass@1"', 'above = "7"'), "t:4: target 1, above: must be a number, not '7'"),
        (('metric = "pass@1"', "above = true"), "t:4: target 1, above: must be a number, not True"),
        (
            ('metric = "pass@1"', "margin = 7"),
            "t:4: target 1, margin: pass@1 takes above or below, not margin",
        ),
        (('metric = "slowdown"', "above = 7"), "t:4: target 1, above: slowdown takes margin, not above"),
        (('metric = "degradation"',), "t:1: target 1: degradation takes margin or relative"),
        (
            ('metric = "pass@1"', "above = 1", "confidence = 0.49"),
            "t:5: target 1, confidence: must be a share from 0.5 to below 1, such as 0.95, not 0.49",
        ),
        (
            ('metric = "pass@1"', "above = 1", "confidence = true"),
            "t:5: target 1, confidence: must be a share from 0.5 to below 1, such as 0.95, not True",
        ),
        (
            ('metric = "pass@1"', "above = 1", "confidence = 1"),
            "t:5: target 1, confidence: must be a share from 0.5 to below 1, such as 0.95, not 1",
        ),
        (
            ('metric = "pass@1"', "above = 1", 'dataset = ["a", ""]'),
            "t:5: target 1, dataset: must be a name, or a list of names of which any will do",
        ),
        (
            ('metric = "pass@1"', "above = 1", 'dataset = ["a", 3]'),
            "t:5: target 1, dataset: must be a name, or a list of names of which any will do",
        ),
        (
            ('metric = "pass@1"', "above = 1", "[target.applies_to]", 'x = "y"'),
            (
                "t:5: target 1, applies_to: no field 'x'; there are model, run, role, family, parameters, "
                "quantization, server, server_version, kv_cache, hardware"
            ),
        ),
        (
            ('metric = "pass@1"', "above = 1", "applies_to = { model = 3 }"),
            "t:5: target 1, applies_to: model must be a text, with * for anything",
        ),
        (
            ('metric = "pass@1"', "above = 1", "wrong = 3"),
            (
                "t:5: target 1, wrong: no such key; there are name, dataset, pool, weights, metric, above, "
                "below, margin, relative, two_sided, judged_by, family, baseline, baseline_run, confidence, "
                "applies_to"
            ),
        ),
    ],
)
def test_a_mistake_is_told_word_by_word(lines: tuple[str, ...], message: str) -> None:
    """Alone, with its line, its key, and what would be right."""
    with pytest.raises(UsageError) as caught:
        parse_targets(rows(*lines), "t")
    assert caught.value.message == f"t: a mistake\n  {message}"
    assert caught.value.hint == "docs/targets.md explains every key."


def test_a_half_is_the_least_confidence_and_a_files_own_holds_for_all() -> None:
    """Where a target says nothing else."""
    text = "confidence = 0.5\n" + rows('metric = "pass@1"', "above = 1", 'dataset = "humaneval"')
    (row,) = parse_targets(text, "t").rows
    assert (row.confidence, row.datasets, row.direction) == (0.5, ("humaneval",), "above")
    (row,) = parse_targets(rows('metric = "pass@1"', "below = 1"), "t").rows
    assert (row.confidence, row.datasets, row.direction, row.name) == (0.95, (), "below", "a")


def test_a_name_is_taken_by_the_first_that_bears_it() -> None:
    """Blanks around it are nobody's; names of nothing but blanks are none."""
    text = "\n".join(rows('metric = "pass@1"', "above = 1") for _ in range(3))
    with pytest.raises(UsageError) as caught:
        parse_targets(text, "t")
    assert caught.value.message.splitlines()[1:] == [
        "  t:6: target 2, name: 'a' is taken by target 1 already",
        "  t:10: target 3, name: 'a' is taken by target 1 already",
    ]
    (row,) = parse_targets(text.partition("\n[[")[0].replace('"a"', '" a "'), "t").rows
    assert row.name == "a"
    with pytest.raises(UsageError, match="t:2: target 1, name: is needed"):
        parse_targets(text.partition("\n[[")[0].replace('"a"', '"  "'), "t")


def test_a_mistake_outside_of_all_targets_is_sought_there() -> None:
    """Not in a table that has a key of the same name; keys may stand in quotes."""
    text = rows('metric = "pass@1"', "above = 1", "confidence = 0.9")
    with pytest.raises(UsageError, match="t:1: confidence: must be a share"):
        parse_targets(f'"confidence" = 3\n{text}', "t")
    with pytest.raises(UsageError, match=r"t:1: format: this evalsite reads format 1, not 2"):
        parse_targets(f"format = 2\n{text}", "t")
    (row,) = parse_targets(f"format = 1\n{text}", "t").rows
    assert row.confidence == 0.9


@pytest.mark.parametrize(("rest", "told"), [("below = 5\n", "a mistake"), ("typo = 7\n", "2 mistakes")])
def test_mistakes_are_counted_from_two_on(rest: str, told: str) -> None:
    """One is one."""
    with pytest.raises(UsageError) as caught:
        parse_targets(f'[[target]]\nname = "T"\nmetric = "luck"\n{rest}', "my/targets.toml")
    assert caught.value.message.splitlines()[0] == f"my/targets.toml: {told}"
