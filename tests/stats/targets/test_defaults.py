"""The targets that hold where no file is given, and sets of targets that go by a name."""

import pytest

from evalsite.stats.targets import NAMED_TOML, RELATIVE_TOML
from tests.stats.targets.helpers import BORN_WITH, TARGETS


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


def test_the_default_targets_are_documented_as_they_are() -> None:
    """The files shown are the built-in rule and the named sets, to the letter."""
    for toml in (RELATIVE_TOML, *NAMED_TOML.values()):
        assert f"```toml\n{toml}```" in TARGETS
