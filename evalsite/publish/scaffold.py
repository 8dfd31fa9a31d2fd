"""A results repository to begin with: settings, targets, a workflow, an issue form, a README."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from evalsite.assets import asset_dir
from evalsite.publish.origin import origin_of
from evalsite.publish.wheel import own_wheel
from evalsite.rundir.json_schema import encode_schema, schema_line, schema_path
from evalsite.site.urls import TARGETS, badge_path
from evalsite.stats.targets import NAMED_TOML
from evalsite.stats.targets.editors import targets_schema

FILES = {
    "evalsite.toml": "evalsite.toml",
    "targets.toml": "targets.toml",
    "requirements.txt": "requirements.txt",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    "runs/README.md": "runs/README.md",
    ".github/workflows/site.yml": "github/workflows/site.yml",
    ".github/ISSUE_TEMPLATE/eval-failure.yml": "github/ISSUE_TEMPLATE/eval-failure.yml",
}
"""Path in the new repository -> its template below ``templates/init/``, where no name begins with a dot."""

SCHEMA = schema_path("targets.toml")
PATHS = (*FILES, SCHEMA)
"""All that a new repository has."""

_GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+)")


@dataclass(frozen=True)
class Names:
    """What the files are filled in with."""

    title: str
    repository: str
    """``owner/name`` on GitHub."""
    site_url: str
    requirement: str
    """What the workflow installs, as pip takes it."""
    wheel: str = ""
    """Path of a wheel of the evalsite that runs here, where the requirement names one."""
    baseline: str = ""
    targets: str = ""
    """A set of targets that goes by a name, or empty for those of the scaffold."""

    @classmethod
    def choose(
        cls, folder: Path, *, title: str = "", repository: str = "", site_url: str = "", **further: str
    ) -> "Names":
        """Take what is given; the rest follows from the folder's git remote, else is ``OWNER/<folder>``."""
        repository = repository or remote_of(folder) or f"OWNER/{_repository_name(folder)}"
        owner, _, name = repository.partition("/")
        host = f"https://{owner.lower()}.github.io/"
        own_page = name.lower() == f"{owner}.github.io".lower()
        return cls(
            title=title or name.replace("-", " ").capitalize(),
            repository=repository,
            site_url=site_url or (host if own_page else f"{host}{name}/"),
            **further,
        )


def _repository_name(folder: Path) -> str:
    """A folder's name as GitHub would take it for a repository's."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-") or "results"


def remote_of(folder: Path) -> str:
    """Return ``owner/name`` of the folder's git remote ``origin`` on GitHub, or an empty string."""
    match = _GITHUB.fullmatch(origin_of(folder))
    return match["name"] if match else ""


def scaffold(names: Names) -> dict[str, bytes]:
    """Return the files of a results repository: path -> content."""
    site = names.site_url.rstrip("/")
    values = {
        # JSON's strings are TOML's basic strings.
        "title": json.dumps(names.title, ensure_ascii=False),
        "site_url": json.dumps(names.site_url),
        "repository": json.dumps(names.repository),
        "baseline": json.dumps(names.baseline, ensure_ascii=False),
        "heading": " ".join(names.title.split()),
        "repository_url": f"https://github.com/{names.repository}",
        "site_link": names.site_url,
        "targets_link": f"{site}/{TARGETS}",
        "targets_badge": quote(f"{site}/{badge_path('targets')}", safe=""),
        "requirement": names.requirement,
    }
    source = asset_dir("templates") / "init"
    files = {path: _filled((source / name).read_text("utf-8"), values) for path, name in FILES.items()}
    if names.wheel:
        files[names.wheel] = own_wheel()
    if names.targets:
        files["targets.toml"] = NAMED_TOML[names.targets].encode()
    files["targets.toml"] = schema_line("targets.toml").encode() + files["targets.toml"]
    files[SCHEMA] = encode_schema(targets_schema()).encode()
    return files


def _filled(text: str, values: dict[str, str]) -> bytes:
    return re.sub(r"@([a-z_]+)@", lambda match: values[match[1]], text).encode()
