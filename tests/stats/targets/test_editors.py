"""The schema of targets.toml that editors read: it takes what is read, and knows every key."""

import tomllib

import jsonschema
import pytest

from evalsite.errors import UsageError
from evalsite.stats.targets import NAMED_TOML, parse_targets
from evalsite.stats.targets.editors import KEYS, targets_schema
from evalsite.stats.targets.schema import SELECTORS
from tests.conftest import ROOT

SCAFFOLD = (ROOT / "templates" / "init" / "targets.toml").read_text("utf-8")
WHOLE = """
format = 1
confidence = 0.9
family = "simultaneous"
[[target]]
name = "a"
metric = "degradation@1"
margin = 10
pool = ["humaneval", "mbpp"]
weights = "dataset"
applies_to = { quantization = "ternary", model = "qwen*" }
[[target]]
name = "b"
metric = "degradation@1"
relative = 0.95
dataset = ["humaneval", "mbpp*"]
"""


@pytest.mark.parametrize("text", [SCAFFOLD, WHOLE, *NAMED_TOML.values()])
def test_what_is_read_fits(text):
    parse_targets(text, "targets.toml")
    assert jsonschema.Draft202012Validator(targets_schema()).is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    "change",
    [
        ("format = 1", "format = 2"), ("0.9\n", "1.0\n"), ("simultaneous", "all"),
        ("margin = 10", "margin = -1"),
        ("margin = 10", "margins = 10"), ('["humaneval", "mbpp"]', '["humaneval"]'), ("= 0.95", "= 95"),
        ("quantization", "colour"), ('name = "b"\n', ""), ('"dataset"\n', '"sample"\n'),
    ],
    ids=lambda change: f"{change[0]} to {change[1]}",
)  # fmt: skip
def test_what_is_refused_does_not_fit(change):
    """As far as a schema can tell."""
    text = WHOLE.replace(*change)
    assert text != WHOLE
    with pytest.raises(UsageError):
        parse_targets(text, "targets.toml")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), targets_schema())


def test_every_key_is_known():
    target = targets_schema()["properties"]["target"]["items"]["properties"]
    assert set(target) == set(KEYS)
    assert set(target["applies_to"]["properties"]) == set(SELECTORS)
