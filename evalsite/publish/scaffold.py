"""A results repository to begin with: settings, targets, a workflow, an issue form, a README."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from evalsite.assets import asset_dir
from evalsite.publish.editors import config_schema
from evalsite.publish.origin import origin_of, repository_in
from evalsite.publish.wheel import WHEELS, own_wheel
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

SCHEMAS = {"evalsite.toml": config_schema, "targets.toml": targets_schema}
"""File that people edit -> its schema."""
PATHS = (*FILES, *map(schema_path, SCHEMAS))
"""All that a new repository has."""
SUMS = f"{WHEELS}/SHA256SUMS"
WORKFLOW = ".github/workflows/site.yml"

_BY_HAND = re.compile(r"^ *# begin: (?P<command>\w+)\n(?P<steps>.*?)^ *# end\n", re.MULTILINE | re.DOTALL)
"""Steps that evalsite's action has, too."""


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
    action: str = ""
    """evalsite's composite action, such as ``owner/evalsite@v1.2.3``, once it was released."""
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
    return repository_in(origin_of(folder))


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
    files[WORKFLOW] = _BY_HAND.sub(
        lambda found: _steps(found, names.action), files[WORKFLOW].decode()
    ).encode()
    if names.wheel:
        files[names.wheel] = own_wheel()
        files[SUMS] = sums_of(names.wheel, files[names.wheel])
    if names.targets:
        files["targets.toml"] = NAMED_TOML[names.targets].encode()
    for name, schema in SCHEMAS.items():
        files[name] = schema_line(name).encode() + files[name]
        files[schema_path(name)] = encode_schema(schema()).encode()
    return files


def sums_of(path: str, wheel: bytes) -> bytes:
    """What ``sha256sum --check`` reads, in the wheel's own folder."""
    return f"{hashlib.sha256(wheel).hexdigest()}  {path.rpartition('/')[2]}\n".encode()


def _steps(found: re.Match[str], action: str) -> str:
    """Steps as they stand in the template, or the action that has them."""
    if not action:
        return found["steps"]
    return f"      - uses: {action}\n        with:\n          command: {found['command']}\n"


def _filled(text: str, values: dict[str, str]) -> bytes:
    return re.sub(r"@([a-z_]+)@", lambda match: values[match[1]], text).encode()
