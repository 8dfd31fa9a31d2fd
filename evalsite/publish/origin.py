"""Where things come from: a folder's git remote, and the evalsite that runs, for a workflow to install."""

import configparser
import hashlib
import json
import re
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from evalsite import __version__
from evalsite.publish.values import REPOSITORY
from evalsite.publish.wheel import WHEELS, wheel_name

PACKAGE = "evalsite[cards]"
"""What a site is built with: the extra draws the pictures that links unfold to."""

GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+)")
SECONDS = 20
"""That fetching a release may take."""

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


def repository_in(text: str) -> str:
    """Return ``owner/name`` of what somebody pastes for a repository on GitHub; empty for anything else."""
    if re.fullmatch(REPOSITORY, text):
        return text
    match = GITHUB.fullmatch(_https(text))
    return match["name"] if match else ""


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
        return requirement_from(distribution("evalsite").read_text("direct_url.json"), released_in())
    except PackageNotFoundError:
        return carried()


def released_in() -> str:
    """``owner/name`` of the repository on GitHub where evalsite is released, by its metadata; empty before
    the first release.
    """
    try:
        told = distribution("evalsite").metadata.get_all("Project-URL") or ()
    except PackageNotFoundError:
        return ""
    found = (
        GITHUB.fullmatch(address)
        for label, _, address in (line.partition(", ") for line in told)
        if label == "Source"
    )
    return next((match["name"] for match in found if match), "")


def own_action() -> str:
    """The composite action by its version, as a workflow ``uses`` it; empty before the first release."""
    repository = released_in()
    return f"{repository}@v{__version__}" if repository else ""


def requirement_from(direct_url: str | None, repository: str = "") -> Requirement:
    """Read pip's record of a package's source (PEP 610).

    Without one, it came from an index, or a folder in the place of one. Whose the name is there, nobody knows
    before evalsite is released in ``repository``; from then on that release's wheel is named, with its hash.
    """
    if direct_url is None:
        return (repository and released(repository)) or carried()
    record = json.loads(direct_url)
    url, commit = _https(record.get("url", "")), record.get("vcs_info", {}).get("commit_id", "")
    if not url and "dir_info" in record:
        folder = Path(unquote(urlsplit(record["url"]).path))
        url, commit = origin_of(folder), published_commit(folder)
    if not (url and commit):
        return carried()
    return Requirement(f"{PACKAGE} @ git+{url}@{commit}")


def carried() -> Requirement:
    """The evalsite that runs here, as a wheel in the repository."""
    wheel = f"{WHEELS}/{wheel_name()}"
    return Requirement(f"./{wheel}[cards]", wheel)


def released(repository: str, host: str = "https://github.com") -> Requirement | None:
    """The wheel of this version's release, by its address and hash; None where it cannot be fetched."""
    address = f"{host}/{repository}/releases/download/v{__version__}/{wheel_name()}"
    try:
        with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - the scheme is ours
            digest = hashlib.sha256(answer.read()).hexdigest()
    except OSError:
        return None
    return Requirement(f"{PACKAGE} @ {address}#sha256={digest}")


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
