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
