"""Tools of other languages: found on this machine, or named with the package that brings them."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from evalsite.errors import SandboxError
from evalsite.grading import toolchains
from evalsite.languages import LANGUAGES
from evalsite.languages.toolchain import Tool, Toolchain

pytestmark = pytest.mark.linux


class Demo(Toolchain):
    """Tools that need nothing but a shell."""

    tools = (Tool("sh", "dash"),)

    def __init__(self):
        self.made = 0

    def prepare(self, place):
        self.made += 1
        Path(place.cache, "shared").write_text("made")

    def steps(self, program, tests, place):
        return ()


@pytest.fixture
def demo(monkeypatch, tmp_path):
    toolchain = Demo()
    monkeypatch.setitem(
        LANGUAGES, "demo", replace(LANGUAGES["javascript"], name="demo", title="Demo", toolchain=toolchain)
    )
    monkeypatch.setattr(toolchains, "CACHE", tmp_path / "cache")
    toolchains.find.cache_clear()
    yield toolchain
    toolchains.find.cache_clear()


def test_what_samples_share_is_made_once(demo, tmp_path):
    """Where programs of any user may read it; another process finds it there."""
    found = toolchains.find("demo")
    toolchains.find.cache_clear()
    assert toolchains.find("demo").place.cache == found.place.cache
    assert demo.made == 1
    folder = Path(found.place.cache)
    assert (folder.parent, folder.stat().st_mode & 0o777) == (tmp_path / "cache", 0o755)
    assert (folder / "shared").read_text() == "made"
    assert found.place.tools["sh"] == os.path.realpath("/bin/sh")
    assert {found.place.cache, found.place.tools["sh"]} < set(found.readable)


def test_what_samples_share_is_the_same_beside_any_packages(demo, tmp_path):
    """Their folder is known to commands alone; a header that is compiled anew for each takes 150 MB."""
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "tiny").touch()
    beside = toolchains.find("demo", str(tmp_path / "packages")).place
    assert (beside.packages, beside.package_files) == (str(tmp_path / "packages"), ("tiny",))
    assert beside.cache == toolchains.find("demo").place.cache
    assert demo.made == 1


def test_a_missing_tool_is_named_with_its_package(demo, monkeypatch):
    """The command that installs it works as printed."""
    monkeypatch.setattr(Demo, "tools", (Tool("sh", "dash"), Tool("no-such-tool", "its-package")))
    with pytest.raises(SandboxError) as caught:
        toolchains.find("demo")
    assert caught.value.message == "Demo programs need no-such-tool, and this machine has no such program"
    assert "apt-get install its-package)" in caught.value.hint
    assert caught.value.exit_code == 6


def test_what_cannot_be_made_is_told_with_the_tools_words(demo, monkeypatch, tmp_path):
    """And the next one begins anew."""

    def fail(place):
        raise PermissionError("no room for it")

    monkeypatch.setattr(demo, "prepare", fail)
    with pytest.raises(SandboxError, match="what Demo programs share cannot be made: no room for it"):
        toolchains.find("demo")
    monkeypatch.delattr(demo, "prepare")
    assert (Path(toolchains.find("demo").place.cache) / "shared").read_text() == "made"
