"""Data sets by name or by file. A known one is found or fetched: docs/datasets.md says where it may lie."""

import difflib
import logging
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from evalsite.calls.distractors import with_distractors
from evalsite.datasets.catalogue import KNOWN, find
from evalsite.datasets.catalogue.base import Known
from evalsite.datasets.exercises import for_agent
from evalsite.datasets.fetching import fetch, unlike
from evalsite.datasets.keeping import find_kept
from evalsite.datasets.reading import hash_problems, read_problems
from evalsite.errors import DatasetError, UsageError
from evalsite.languages import LANGUAGES
from evalsite.rundir.levels import Level, Wanted
from evalsite.rundir.schema import Dataset, Problem
from evalsite.words.commands import command

log = logging.getLogger("evalsite")

AGENT = "+agent"
"""Ends the name of a data set whose exercises are for an agent; the known ones have names of their own."""
FILE = "FILE"
"""Stands in a command for a data set's file that is not here: its reader has to find it."""


@dataclass(frozen=True)
class LoadedDataset:
    """A data set in memory. ``sha256`` is over the parsed problems, so mirrors of one set agree."""

    name: str
    problems: tuple[Problem, ...]
    sha256: str
    source: str
    level: Level | None = None
    """What it was made from, where it was made harder."""

    def at(self, wanted: Wanted) -> "LoadedDataset":
        """The same, made harder. Raises UsageError where it cannot be."""
        if wanted == Wanted():
            return self
        problems = with_distractors(self.problems, wanted.distractors)
        level = Level(
            of=self.name,
            of_sha256=self.sha256,
            distractors=wanted.distractors,
            context_tokens=wanted.context_tokens,
        )
        name, sha256 = wanted.name(self.name), hash_problems(problems)
        return replace(self, name=name, problems=problems, sha256=sha256, level=level)


def load_dataset(name: str, data_path: Path | None = None) -> LoadedDataset:
    """Load a data set by name, or a file in a shape that is read under a name of your choice.

    A name may end with :data:`AGENT`, and with a level (:mod:`evalsite.rundir.levels`). Raises
    :class:`DatasetError` where it cannot be had or read, and where what lies here under the name of a known
    one is another one; UsageError where it has no such level, and no exercises for an agent.
    """
    name, wanted = Wanted.parse(name)
    if name.endswith(AGENT):
        return _for_agents(name, data_path).at(wanted)
    return _load(name, data_path).at(wanted)


def _for_agents(name: str, data_path: Path | None) -> LoadedDataset:
    """Exercises of one's own, to be worked on by an agent."""
    of = name.removesuffix(AGENT)
    if find(of):
        raise UsageError(
            f"{name!r} would be a second name for what is known by another one",
            hint="For an agent name polyglot-agent-python, polyglot-agent-go or polyglot-agent-rust, or "
            f"exercises of your own under a name of their own: mine{AGENT}, with --data-path FOLDER.",
        )
    dataset = _load(of, data_path)
    problems = tuple(map(for_agent, dataset.problems))
    return replace(dataset, name=name, problems=problems, sha256=hash_problems(problems))


def _load(name: str, data_path: Path | None) -> LoadedDataset:
    if data_path is not None:
        return _load_file(name, data_path)
    known = known_dataset(name)
    kept = find_kept(known) or fetch(name, known).kept
    read = partial(read_problems, *kept.paths, shape=known.shape, keep=known.keep)
    problems = tuple(read(trusted=bool(known.sha256)))
    sha256 = hash_problems(problems)
    if wrong := unlike(name, known, sha256):
        for _ in read():  # not to be trusted: what is wrong with one record says more than the hash of all
            pass
        raise DatasetError(f"{', '.join(map(str, kept.paths))}: {wrong}", hint=kept.remedy(name))
    return LoadedDataset(name=name, problems=problems, sha256=sha256, source=kept.source)


def known_dataset(name: str) -> Known:
    """Return what is known of a name; raises :class:`DatasetError` where it is nobody's."""
    if known := find(name):
        return known
    close = meant(name)
    said = f"; {' or '.join(close)} is meant, perhaps" if close else ""
    raise DatasetError(
        f"there is no data set called {name!r}{said}",
        hint=f"{command('datasets')} lists the known ones. For a file of your own add --data-path FILE.",
    )


def meant(name: str) -> list[str]:
    """The known names that somebody may have meant: a family's where its name is told, else one close by."""
    plain = re.sub(r"[-_ ]+", "-", name.casefold()).replace("+", "-plus").replace("--", "-").strip("-")
    for language in LANGUAGES.values():
        plain = re.sub(rf"(?<=-)(?:{'|'.join(language.written)})(?=-|$)", language.written[0], plain)
    if plain in KNOWN:
        return [plain]
    group, _, last = plain.rpartition("-")
    for whole in (plain, group if last in LANGUAGES else ""):
        if whole and (family := [known for known in KNOWN if known.startswith(f"{whole}-")]):
            return family[:MOST_MEANT]
    if window := next((known for known in KNOWN if plain.startswith(f"{known}-") and KNOWN[known].dated), ""):
        return [f"{window}-2024-08..2025-01"]
    return difflib.get_close_matches(plain, KNOWN, 1)


MOST_MEANT = 12
"""Names that are told."""


def _load_file(name: str, path: Path) -> LoadedDataset:
    """What somebody calls by a known name is so called, but not in silence."""
    known = find(name)
    problems = tuple(
        read_problems(path, shape=known.shape, keep=known.keep) if known else read_problems(path)
    )
    sha256 = hash_problems(problems)
    if known and (wrong := unlike(name, known, sha256)):
        log.warning("%s: %s; give the set a name of its own with --dataset", path, wrong)
    return LoadedDataset(name=name, problems=problems, sha256=sha256, source=path.name)


def needs_file(dataset: Dataset) -> bool:
    """Whether a run's data set is in a file of the user's alone: its name does not lead to its problems."""
    name, sha256 = dataset.name, dataset.sha256
    if dataset.level:
        name, sha256 = dataset.level.of, dataset.level.of_sha256
    known = find(name)
    return known is None or known.sha256 not in ("", sha256)


def file_of(dataset: Dataset) -> str:
    """The file of a data set as a command typed here would name it; :data:`FILE` where it is not here."""
    return dataset.source if dataset.source and Path(dataset.source).is_file() else FILE
