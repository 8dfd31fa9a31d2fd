"""Where things come from: a folder's git remote, and the evalsite that runs, for a workflow to install."""

import configparser
import json
import re
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from evalsite import __version__
from evalsite.publish.wheel import wheel_name

PACKAGE = "evalsite[cards]"
"""What a site is built with: the extra draws the pictures that links unfold to."""

_SSH = re.compile(r"(?:ssh://)?[\w.-]+@(?P<host>[\w.-]+)(?::\d+)?[:/](?P<path>[\w./-]+)")


@dataclass(frozen=True)
class Requirement:
    """What pip is asked for."""

    line: str
    wheel: str = ""
    """Path of a wheel that has to lie beside the requirement: nobody else has the evalsite that runs here."""


def origin_of(folder: Path) -> str:
    """Return the https address of the folder's git remote ``origin``, without credentials, or nothing."""
    config = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        config.read(folder / ".git" / "config", "utf-8")
        url = config.get('remote "origin"', "url", fallback="")
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return _https(url)


def published_commit(folder: Path) -> str:
    """Return the commit of a git folder, if its remote has it, too, and no file differs from it."""
    if _git(folder, "status", "--porcelain") != "" or not _git(folder, "branch", "--remotes", "--contains"):
        return ""
    return _git(folder, "rev-parse", "HEAD") or ""


def _git(folder: Path, *words: str) -> str | None:
    """What git says; None where there is none, or no repository."""
    try:
        done = subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def own_requirement() -> Requirement:
    """Return how others install the evalsite that is running, as far as pip wrote it down."""
    try:
        return requirement_from(distribution("evalsite").read_text("direct_url.json"))
    except PackageNotFoundError:
        return requirement_from("{}")


def requirement_from(direct_url: str | None) -> Requirement:
    """Read pip's record of a package's source (PEP 610); without one, it came from a package index."""
    if direct_url is None:
        return Requirement(f"{PACKAGE}=={__version__}")
    record = json.loads(direct_url)
    url, commit = _https(record.get("url", "")), record.get("vcs_info", {}).get("commit_id", "")
    if not url and "dir_info" in record:
        folder = Path(unquote(urlsplit(record["url"]).path))
        url, commit = origin_of(folder), published_commit(folder)
    if not (url and commit):
        wheel = f"wheels/{wheel_name()}"
        return Requirement(f"./{wheel}[cards]", wheel)
    return Requirement(f"{PACKAGE} @ git+{url}@{commit}")


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
