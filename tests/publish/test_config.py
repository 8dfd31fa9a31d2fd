"""evalsite.toml: every key, every mistake at once, and what a size is."""

from dataclasses import fields
from pathlib import Path

import pytest

from evalsite.errors import UsageError
from evalsite.publish.config import KEYS, Config, find_config
from evalsite.publish.rules import RULE_KEYS
from evalsite.site.options import RunRule
from tests.conftest import ROOT
from tests.publish.helpers import read


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
            RunRule(match=("2025-*", "old"), archive="packed"),
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


def test_the_docs_name_every_key():
    """docs/publishing.md explains each."""
    text = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    for key in KEYS:
        assert f"`{key}`" in text, key
