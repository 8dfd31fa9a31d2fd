"""The schema of evalsite.toml that editors read: it takes what is read, and knows every key."""

import tomllib

import jsonschema
import pytest

from evalsite.errors import UsageError
from evalsite.publish.config import KEYS
from evalsite.publish.editors import config_schema
from evalsite.publish.rules import RULE_KEYS
from tests.publish.helpers import read

WHOLE = """
title = "Results"
site_url = "https://me.github.io/results/"
repository = "me/results"
issue_form = "eval-failure.yml"
baseline = "fp8"
targets = "targets.toml"
runs = "runs"
output = "site"
budget = "1.5 GB"
site_budget = 900_000_000
downloads = false
max_samples_per_problem = 20
max_pairs = 0
exclude = ["*--trial-*"]

[[rules]]
match = ["2025-*", "old-model"]
archive = "counts"

[[rules]]
match = ["big-model"]
keep = "failures"
max_samples_per_problem = 20

[redirects]
"2026--old" = "2026--new"

[run.candidate]
model-endpoint = "http://localhost:8000"
num-samples = 10
temperature = 0.8
stream = false
header-env = ["X-KEY=KEY"]
proxy = "env"
"""
OTHERS = (
    "",
    'site_url = ""\n',
    'repository = "https://example.org/me/results"\n',
    "rules = []\n",
    "budget = 5\n",
)


def fits(text):
    return jsonschema.Draft202012Validator(config_schema()).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("text", [WHOLE, *OTHERS])
def test_what_is_read_fits(tmp_path, text):
    read(tmp_path, text)
    assert fits(text)


@pytest.mark.parametrize(
    "change",
    [
        ("title", "tilte"), ('"Results"', "7"), ("https://me", "me"), ('"me/results"', '"results"'),
        ('"eval-failure.yml"', '"eval failure"'), ('"targets.toml"', '""'), ('"1.5 GB"', '"much"'),
        ("900_000_000", "-1"), ("downloads = false", 'downloads = "no"'), ("pairs = 0", "pairs = 1.5"),
        ('["*--trial-*"]', "[]"), ('"counts"', '"all"'), ('"failures"', '"none"'),
        ('match = ["big-model"]\n', ""),
        ('archive = "counts"\n', ""), ("keep =", "keeps ="), ('"2026--new"', "3"),
        ("[run.candidate]", "[run]"),
    ],
    ids=lambda change: f"{change[0]} to {change[1]}",
)  # fmt: skip
def test_what_is_refused_does_not_fit(tmp_path, change):
    """As far as a schema can tell."""
    text = WHOLE.replace(*change, 1)
    assert text != WHOLE
    with pytest.raises(UsageError):
        read(tmp_path, text)
    assert not fits(text)


def test_every_key_is_known_and_told():
    keys = config_schema()["properties"]
    assert set(keys) == set(KEYS)
    rule = keys["rules"]["items"]["properties"]
    assert set(rule) == set(RULE_KEYS)
    assert all(each["description"] for each in (*keys.values(), *rule.values()))


@pytest.mark.parametrize("secret", ["header", "proxy"])
def test_no_secret_fits(secret):
    """A profile names an environment variable, here as when it is read."""
    assert fits(f'[run.a]\n{secret} = "env"\n')
    assert not fits(f'[run.a]\n{secret} = "http://me:secret@example.org"\n')
