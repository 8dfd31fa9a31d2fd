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


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757])
def test_a_folder_that_others_may_write_to_is_not_taken(demo, monkeypatch, tmp_path, mode):
    """What programs are compiled with would be theirs to change; the next one is taken, or none."""
    monkeypatch.setattr(toolchains, "_FOR_OTHERS", str(tmp_path))
    cache, other = tmp_path / "cache", tmp_path / f"evalsite-cache-{os.geteuid()}"
    cache.mkdir()
    cache.chmod(mode)
    folder = Path(toolchains.find("demo").place.cache)
    assert (folder.parent, list(cache.iterdir())) == (other, [])
    assert other.stat().st_mode & 0o777 == 0o755
    other.chmod(mode)
    toolchains.find.cache_clear()
    with pytest.raises(SandboxError, match=r"cache is not ours alone; .* is not ours alone") as caught:
        toolchains.find("demo")
    assert caught.value.hint == f"Let this user write to {cache} or {tmp_path}."


def test_a_folder_of_somebody_else_is_not_taken(demo, monkeypatch, tmp_path):
    """Nor what a process that was broken off has left in one's own."""
    monkeypatch.setattr(toolchains, "_FOR_OTHERS", str(tmp_path))
    folder = Path(toolchains.find("demo").place.cache)
    (folder / ".done").unlink()
    (folder / "half").touch()
    toolchains.find.cache_clear()
    assert not (Path(toolchains.find("demo").place.cache) / "half").exists()
    own = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: own + 1)
    toolchains.find.cache_clear()
    with pytest.raises(SandboxError, match="is not ours alone"):
        toolchains.find("demo")


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("echo node v20.1.3", "tool 20.1.3"),
        ("echo 'perl 5, version 36 (v5.36.0)'", "tool 5.36.0"),
        ("echo 1.2 >&2", "tool 1.2"),
        ("echo 7; exit 1", "tool"),
    ],
)
def test_a_version_is_the_first_number_with_a_dot(tmp_path, says, told):
    """Wherever a tool says it, and however it ends."""
    path = tmp_path / "tool"
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    assert toolchains.version_of(Tool("tool", "package"), str(path)) == told


def test_what_tools_say_of_a_failure_is_told(demo, monkeypatch, tmp_path):
    """The end of it, with the tool's name."""
    monkeypatch.setattr(toolchains, "_FOR_OTHERS", str(tmp_path))

    def fail(place):
        raise toolchains.subprocess.CalledProcessError(1, ["cc", "x"], stderr=b"a" * 600 + b"z")

    monkeypatch.setattr(demo, "prepare", fail)
    with pytest.raises(SandboxError) as caught:
        toolchains.find("demo")
    told = "cc: " + "a" * 499 + "z"
    assert caught.value.message == f"what Demo programs share cannot be made: {told}; {told}"
