"""Which languages' programs this machine can run, and what installs the others."""

import pytest

from evalsite.grading import languages_here
from evalsite.languages import LANGUAGES

WITH_TOOLS = [language.title for language in LANGUAGES.values() if language.toolchain]


def test_a_missing_tool_is_named_with_its_package(monkeypatch):
    """Of every language that has tools of its own, by what Debian calls it."""
    monkeypatch.setattr(languages_here, "find_tool", lambda tool: "")
    rows = {row.language: row for row in languages_here.languages_here()}
    assert list(rows) == WITH_TOOLS
    assert {row.works for row in rows.values()} == {False}
    assert rows["Go"].detail.startswith("no go")
    assert rows["Go"].setting == "apt-get install golang-go"
    assert rows["Java"].setting.startswith("apt-get install default-jdk-headless")


@pytest.mark.parametrize("installed", [True, False])
def test_what_is_there_has_its_version_and_what_else_is_wanted(monkeypatch, installed):
    """A package that programs commonly use is no reason not to run any."""
    monkeypatch.setattr(languages_here, "find_tool", lambda tool: f"/usr/bin/{tool.name}")
    monkeypatch.setattr(languages_here, "version_of", lambda tool, path: f"{tool.name} 1.2")
    monkeypatch.setattr(languages_here, "_is_installed", lambda package: installed)
    found = next(row for row in languages_here.languages_here() if row.language == "JavaScript")
    assert found.works
    assert found.detail.startswith("node 1.2")
    assert ("node-lodash" in found.detail) == ("node-lodash" in found.setting) == (not installed)


@pytest.mark.parametrize(
    ("says", "installed"), [("install ok installed", True), ("unknown ok not-installed", False), ("", False)]
)
def test_a_package_is_installed_where_debian_says_so(monkeypatch, tmp_path, says, installed):
    """Its words are those of dpkg-query, which is asked with the package's name."""
    dpkg = tmp_path / "dpkg-query"
    dpkg.write_text(f'#!/bin/sh\n[ "$3" = wanted ] && printf %s "{says}"\n')
    dpkg.chmod(0o755)
    monkeypatch.setattr(languages_here.shutil, "which", lambda name: str(dpkg) if name == dpkg.name else None)
    assert languages_here._is_installed("wanted") is installed
    assert not languages_here._is_installed("another")


def test_packages_are_taken_to_be_there_on_other_systems_than_debian(monkeypatch):
    """Nobody can be asked, and nobody is told to install them with a command that is not there."""
    monkeypatch.setattr(languages_here.shutil, "which", lambda name: None)
    assert languages_here._is_installed("wanted")


def test_a_package_is_named_once():
    """Though several tools come with it; nothing is to be installed where nothing is missing."""
    assert languages_here._install(["b", "a", "b"]) == "apt-get install b a"
    assert languages_here._install([]) == ""
