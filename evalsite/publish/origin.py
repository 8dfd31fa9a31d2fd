"""Where things come from: a folder's git remote, and the evalsite that runs, for a workflow to install."""

import configparser
import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from evalsite import __version__

PACKAGE = "evalsite[cards]"
"""What a site is built with: the extra draws the pictures that links unfold to."""

_SSH = re.compile(r"(?:ssh://)?[\w.-]+@(?P<host>[\w.-]+)(?::\d+)?[:/](?P<path>[\w./-]+)")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True)
class Requirement:
    """What pip is asked for."""

    line: str
    certain: bool
    """Whether it is the evalsite that runs here; else it is hoped that a package index has this version."""


def origin_of(folder: Path) -> str:
    """Return the https address of the folder's git remote ``origin``, without credentials, or nothing."""
    config = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        config.read(folder / ".git" / "config", "utf-8")
        url = config.get('remote "origin"', "url", fallback="")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return _https(url)


def commit_of(folder: Path) -> str:
    """Return the commit that is checked out in a git folder, or nothing."""
    git = folder / ".git"
    try:
        head = (git / "HEAD").read_text("utf-8").strip().removeprefix("ref: ")
        if (git / head).is_file():
            head = (git / head).read_text("utf-8").strip()
        elif not _COMMIT.fullmatch(head):
            packed = (git / "packed-refs").read_text("utf-8")
            head = next((line.split()[0] for line in packed.splitlines() if line.endswith(f" {head}")), "")
    except (OSError, UnicodeDecodeError):
        return ""
    return head if _COMMIT.fullmatch(head) else ""


def own_requirement() -> Requirement:
    """Return how others install the evalsite that is running, as far as pip wrote it down."""
    try:
        return requirement_from(distribution("evalsite").read_text("direct_url.json"))
    except PackageNotFoundError:
        return requirement_from("{}")


def requirement_from(direct_url: str | None) -> Requirement:
    """Read pip's record of a package's source (PEP 610); without one, it came from a package index."""
    released = f"{PACKAGE}=={__version__}"
    if direct_url is None:
        return Requirement(released, certain=True)
    record = json.loads(direct_url)
    url, commit = _https(record.get("url", "")), record.get("vcs_info", {}).get("commit_id", "")
    if not url and "dir_info" in record:
        folder = Path(unquote(urlsplit(record["url"]).path))
        url, commit = origin_of(folder), commit_of(folder)
    if not (url and commit):
        return Requirement(released, certain=False)
    return Requirement(f"{PACKAGE} @ git+{url}@{commit}", certain=True)


def _https(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # no address that anybody could reach
        return ""
    if parts.scheme in ("https", "http") and parts.hostname:
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/').removesuffix('.git')}"
    match = _SSH.fullmatch(url)
    return f"https://{match['host']}/{match['path'].strip('/').removesuffix('.git')}" if match else ""
