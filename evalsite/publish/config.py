"""``evalsite.toml``: how a results repository's site is built, and where it stands.

All mistakes of a file are reported at once, each with its line and key. Paths are taken from the file's own
folder. What a command line says wins over the file, and the file over the defaults.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from evalsite.errors import UsageError
from evalsite.publish.rules import read_patterns, read_redirects, read_rules
from evalsite.publish.values import (
    MistakesError,
    read_count,
    read_flag,
    read_form,
    read_path,
    read_profiles,
    read_repository,
    read_size,
    read_text,
    read_url,
)
from evalsite.rundir.typed import line_of, parse_toml, read_typed
from evalsite.site.options import RunRule

NAME = "evalsite.toml"


def _read_by(reader: Callable[[Any, Path], Any]) -> Any:
    """A key, and how its value is read."""
    return field(default=None, metadata={"read": reader})


@dataclass(frozen=True)
class Config:
    """What the file says; None where it says nothing."""

    title: str | None = _read_by(read_text)
    site_url: str | None = _read_by(read_url)
    """Where the site stands, such as ``https://me.github.io/results/``."""
    repository: str | None = _read_by(read_repository)
    """``owner/name`` on GitHub, or an address, for issue links."""
    issue_form: str | None = _read_by(read_form)
    """The issue form in the repository's ``.github/ISSUE_TEMPLATE/`` that issue links fill in."""
    baseline: str | None = _read_by(read_text)
    """A run's id or a model's name."""
    targets: Path | None = _read_by(read_path)
    runs: Path | None = _read_by(read_path)
    output: Path | None = _read_by(read_path)
    budget: int | None = _read_by(read_size)
    """Bytes that the site may take: it fails above them."""
    site_budget: int | None = _read_by(read_size)
    """Bytes for which the oldest runs are archived, where the site would take more."""
    downloads: bool | None = _read_by(read_flag)
    max_samples_per_problem: int | None = _read_by(read_count)
    max_pairs: int | None = _read_by(read_count)
    exclude: tuple[str, ...] | None = _read_by(read_patterns)
    """Patterns over run ids and models' names: these runs are left out of the site."""
    rules: tuple[RunRule, ...] | None = _read_by(read_rules)
    """How much of which runs is shown."""
    redirects: tuple[tuple[str, str], ...] | None = _read_by(read_redirects)
    """(old run id, new run id) of runs that were renamed."""
    run: dict[str, dict[str, Any]] | None = _read_by(read_profiles)
    """Profile -> options of ``evalsite run``."""


KEYS = {each.name: each.metadata["read"] for each in fields(Config)}
"""Key -> how its value is read."""


def find_config(path: Path | None) -> Config:
    """Read the file named, else ``evalsite.toml`` in the current folder, else return an empty one."""
    if path is not None:
        return read_config(path)
    here = Path(NAME)
    return read_config(here) if here.is_file() else Config()


def read_config(path: Path) -> Config:
    """Read a file. Raises one :class:`UsageError` with every mistake in it."""
    try:
        text = read_typed(path)
    except OSError as exc:
        raise UsageError(
            f"{path}: cannot be read ({exc.strerror})", hint="Make one with: evalsite init"
        ) from exc
    document = parse_toml(text, str(path), "docs/publishing.md shows a whole file.")
    values, mistakes = {}, []
    for key, value in document.items():
        try:
            if key not in KEYS:
                raise MistakesError.of(f"no such key; known are {', '.join(KEYS)}")
            values[key] = KEYS[key](value, path.parent)
        except MistakesError as found:
            mistakes += [(line_of(text, key, inner), f"{key}{inner}", what) for inner, what in found.mistakes]
    if mistakes:
        listed = "\n".join(f"  {path}:{line}: {key}: {what}" for line, key, what in sorted(mistakes))
        count = f"{len(mistakes)} mistakes" if len(mistakes) > 1 else "a mistake"
        raise UsageError(f"{path}: {count}\n{listed}", hint="docs/publishing.md explains every key.")
    return Config(**values)
