"""evalsite.toml: every key, every mistake at once, and what a size is."""

from dataclasses import fields
from pathlib import Path

import pytest

from evalsite.errors import UsageError
from evalsite.publish.config import KEYS, Config, find_config, read_config
from evalsite.publish.rules import RULE_KEYS
from evalsite.publish.values import parse_size
from evalsite.site.options import RunRule
from tests.conftest import ROOT


def read(tmp_path, text):
    path = tmp_path / "evalsite.toml"
    path.write_text(text)
    return read_config(path)


def test_every_key_is_read(tmp_path):
    """Paths from the file's own folder."""
    found = read(
        tmp_path,
        """
        title = "Ternary"
        site_url = "https://me.github.io/results/"
        repository = "me/results"
        issue_form = "eval-failure.yml"
        baseline = "fp8"
        targets = "targets.toml"
        runs = "runs"
        output = "site"
        budget = "900MB"
        downloads = false
        max_samples_per_problem = 20
        max_pairs = 50
        exclude = ["*--smoke--*"]
        [[rules]]
        match = ["2025-*", "old"]
        archive = true
        [[rules]]
        match = ["big"]
        keep = "failures"
        max_samples_per_problem = 5
        [redirects]
        "old.5" = "new"
        earlier = "later"
        """,
    )
    assert found == Config(
        title="Ternary",
        site_url="https://me.github.io/results/",
        repository="me/results",
        issue_form="eval-failure.yml",
        baseline="fp8",
        targets=tmp_path / "targets.toml",
        runs=tmp_path / "runs",
        output=tmp_path / "site",
        budget=900_000_000,
        downloads=False,
        max_samples_per_problem=20,
        max_pairs=50,
        exclude=("*--smoke--*",),
        rules=(
            RunRule(match=("2025-*", "old"), archive=True),
            RunRule(match=("big",), keep="failures", max_samples_per_problem=5),
        ),
        redirects=(("earlier", "later"), ("old.5", "new")),
    )
    assert set(KEYS) == {field.name for field in fields(Config)}
    assert set(RULE_KEYS) == {field.name for field in fields(RunRule)}


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path):
    """File, line, key, and what would be right."""
    with pytest.raises(UsageError) as caught:
        read(
            tmp_path,
            'title = 5\nsiteurl = "x"\nsite_url = "me.github.io"\nrepository = "results"\n'
            'budget = "much"\ndownloads = "no"\nmax_pairs = -1\nissue_form = "a/b.yml"\n'
            'targets = ""\n[pages]\n',
        )
    said = caught.value.message
    assert "10 mistakes" in said
    for line, key, words in (
        (1, "title", "expected text"),
        (2, "siteurl", "no such key; known are title, site_url"),
        (3, "site_url", "no address such as https://"),
        (4, "repository", "neither owner/name nor an address"),
        (5, "budget", "no size such as 900MB"),
        (6, "downloads", "true or false"),
        (7, "max_pairs", "whole number from 0"),
        (8, "issue_form", "no file name"),
        (9, "targets", "expected a path"),
        (10, "pages", "no such key"),
    ):
        assert f"evalsite.toml:{line}: {key}: " in said
        assert words in said.split(f"toml:{line}: {key}: ")[1].splitlines()[0]


def test_all_mistakes_of_all_rules_are_told_at_once(tmp_path):
    """Each with the line and the key inside of its own rule."""
    with pytest.raises(UsageError) as caught:
        read(
            tmp_path,
            'title = 5\nexclude = "old"\n[[rules]]\nmatch = ["a"]\nkeep = "passes"\narchive = 1\n'
            '[[rules]]\nkeep = "failures"\nmax_samples_per_problem = -1\nonly = 3\n'
            '[[rules]]\nmatch = ["b"]\n[redirects]\nold = "new"\nqwen2.5 = "qwen3"\n',
        )
    said = caught.value.message
    assert "9 mistakes" in said
    for place, words in (
        ("1: title", "expected text"),
        ("2: exclude", "list of patterns"),
        ("5: rules[1].keep", '"all" or "failures"'),
        ("6: rules[1].archive", "true or false"),
        ("7: rules[2]", "lacks match"),
        ("9: rules[2].max_samples_per_problem", "whole number from 0"),
        ("10: rules[2].only", "no such key; known are match, keep"),
        ("11: rules[3]", "changes nothing"),
        ("15: redirects.qwen2", "in quotation marks"),
    ):
        assert f"evalsite.toml:{place}: " in said
        assert words in said.split(f"toml:{place}: ")[1].splitlines()[0]


@pytest.mark.parametrize("key", ["site_url", "repository"])
def test_brackets_in_an_address_are_a_mistake_like_any_other(tmp_path, key):
    """Python's own parser takes them for an IPv6 address, and raises."""
    with pytest.raises(UsageError, match=f":1: {key}: 'https://\\[x/y' is no address"):
        read(tmp_path, f'{key} = "https://[x/y"\n')


def test_broken_toml_is_told(tmp_path):
    """With the parser's own line."""
    with pytest.raises(UsageError, match=r"not valid TOML: .*line 2"):
        read(tmp_path, 'title = "a"\nbaseline = \n')


def test_a_file_that_was_named_has_to_be_there(tmp_path, monkeypatch):
    """The one in the current folder need not."""
    with pytest.raises(UsageError, match=r"cannot be read(.|\n)*evalsite init"):
        find_config(tmp_path / "other.toml")
    monkeypatch.chdir(tmp_path)
    assert find_config(None) == Config()
    Path("evalsite.toml").write_text('title = "here"\n')
    assert find_config(None).title == "here"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("900MB", 900_000_000),
        ("1.5 GB", 1_500_000_000),
        ("20k", 20_000),
        ("200000", 200_000),
        ("3b", 3),
        ("1" + "0" * 400, 10**400),
    ],
)
def test_sizes(text, size):
    """Powers of 1000."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1MB", "900MiB", "1e9"])
def test_no_sizes(text):
    """Refused rather than guessed."""
    with pytest.raises(ValueError, match="no size such as 900MB"):
        parse_size(text)


def test_the_docs_name_every_key():
    """docs/publishing.md explains each."""
    text = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    for key in KEYS:
        assert f"`{key}`" in text, key
