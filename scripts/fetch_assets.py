"""Fetches the small bundle of plotly.js and checks it: by hand (``make assets``), and when a wheel is built.

    python scripts/fetch_assets.py

It comes by npm's own client, and is taken only if it is, byte for byte, the one that is named here. Without
npm, or without a network, sites take all of plotly.js as the plotly package has it, three times as large.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION = "plotly.js-basic-dist-min", "4.1.1"
FILE = "plotly-basic.min.js"
SHA256 = "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba"
VENDORED = Path("static/vendor") / FILE
PATIENCE_S = 120


def fetch(target: Path) -> str:
    """Put the bundle at ``target`` unless it is there; returns why it could not be had, or nothing."""
    if target.is_file() and _is_right(target.read_bytes()):
        return ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(
                ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"],
                cwd=folder, check=True, capture_output=True, timeout=PATIENCE_S,
            )  # fmt: skip
            (packed,) = Path(folder).glob("*.tgz")
            with tarfile.open(packed) as archive:
                member = archive.extractfile(f"package/{FILE}")
                content = member.read() if member else b""
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, tarfile.TarError) as error:
            return f"{FILE} {VERSION} cannot be fetched by npm: {error}"
    if not _is_right(content):
        return f"{FILE} is not the one that was published as {VERSION}: its SHA-256 differs"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(target)
    return ""


def _is_right(content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() == SHA256


if __name__ == "__main__":
    sys.exit(fetch(VENDORED) or None)
