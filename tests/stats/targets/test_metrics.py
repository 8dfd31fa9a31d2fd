"""What a target can be about: the metrics by name, with their units and usual direction."""

from evalsite.stats.targets import metric_names, parse_metric
from evalsite.stats.targets.editors import KEYS
from evalsite.stats.targets.schema import SELECTORS
from tests.stats.targets.helpers import TARGETS


def test_every_documented_metric_parses() -> None:
    """The names in messages and documentation are real ones."""
    forms = metric_names()
    assert len(forms) > 5
    for form in forms:
        name = (
            form.replace("K", "5")
            .replace("[.p50|.p95]", ".p95")
            .replace("[.CLASS]", ".timeout")
            .replace("[.SYMPTOM]", ".loop")
        )
        name = name.replace("[.TIME]", ".request_time")
        assert parse_metric(name).name == name
        stem = name.partition(".")[0]
        assert stem == "kl" or parse_metric(stem).label  # a divergence is a mean or a percentile


def test_every_key_metric_and_selector_is_documented() -> None:
    """Nothing that a targets file may hold is missing from its page."""
    for word in (*KEYS, *SELECTORS, *(name.partition("[")[0] for name in metric_names())):
        assert f"`{word}`" in TARGETS, word
