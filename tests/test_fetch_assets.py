"""The small bundle of plotly.js: taken only as it was published, and never needed."""

import hashlib
import io
import os
import subprocess
import sys
import tarfile

import pytest

from scripts import fetch_assets
from tests.conftest import ROOT


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Put an npm of our own before any other: it packs what it is given, and notes that it was asked."""
    tools = tmp_path / "tools"
    tools.mkdir()

    def serve(content):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            entry = tarfile.TarInfo(f"package/{fetch_assets.FILE}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        (tools / "packed.tgz").write_bytes(packed.getvalue())
        script = tools / "npm"
        lines = "#!/bin/sh", f'echo "$@" >> {tools}/asked', f"cp {tools}/packed.tgz bundle.tgz", ""
        script.write_text("\n".join(lines), newline="\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        monkeypatch.setattr(fetch_assets, "SHA256", hashlib.sha256(b"right").hexdigest())
        return tools / "asked"

    return serve


def test_the_bundle_that_is_named_is_taken_once(npm, tmp_path):
    """By its version; what lies there already is not asked for again."""
    asked, target = npm(b"right"), tmp_path / "there" / "it.js"
    assert fetch_assets.fetch(target) == ""
    assert target.read_bytes() == b"right"
    assert fetch_assets.fetch(target) == ""
    assert asked.read_text().split("\n") == [
        f"pack --silent {fetch_assets.PACKAGE}@{fetch_assets.VERSION}", "",
    ]  # fmt: skip


def test_another_one_is_refused(npm, tmp_path):
    """Whoever serves it; nothing of it is kept."""
    npm(b"wrong")
    assert "SHA-256 differs" in fetch_assets.fetch(tmp_path / "it.js")
    assert not (tmp_path / "it.js").exists()


def test_without_npm_it_is_said_and_nothing_more(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "cannot be fetched by npm" in fetch_assets.fetch(tmp_path / "it.js")


@pytest.mark.linux
def test_a_wheel_s_build_asks_for_it_and_goes_on_without(npm, tmp_path):
    """What came is checked there, too: a wrong one stays out, and the checkout as it is."""
    asked, before = npm(b"wrong"), (ROOT / fetch_assets.VENDORED).exists()
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "out", ROOT],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert before or asked.exists()
    assert before or "SHA-256 differs" in done.stdout + done.stderr
    assert (ROOT / fetch_assets.VENDORED).exists() == before
    assert len(list((tmp_path / "out").glob("*.whl"))) == 1
