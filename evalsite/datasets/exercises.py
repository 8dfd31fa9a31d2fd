"""Exercises of several files: records as of aider's polyglot benchmark, and folders of Exercism's shape."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import structs

from evalsite.datasets.base import Shape
from evalsite.edits.exercise import KIND as EXERCISE
from evalsite.edits.exercise import Exercise, to_problem
from evalsite.edits.paths import fault_of
from evalsite.errors import DatasetError, UsageError
from evalsite.languages import LANGUAGES
from evalsite.rundir.agents import KIND as AGENT
from evalsite.rundir.schema import Problem

LANGUAGE_OF = {f".{each.suffix}": each.name for each in LANGUAGES.values() if each.exercises}
"""Suffix of a file that is to be changed -> language."""
MOST_FILES, MOST_BYTES = 500, 4_000_000
"""Files of one exercise, and what they may take together."""


class ExerciseRecord(msgspec.Struct):
    """One exercise; each of its fields but the first three is ``{path: text}``."""

    task_id: str
    language: str
    instructions: str
    solution: dict[str, str]
    """Files that are to be changed, as they are at first."""
    tests: dict[str, str]
    other: dict[str, str] = {}
    example: dict[str, str] = {}
    """A solution: files by the names of ``solution``, or by others with the same suffixes, in that order."""

    def __post_init__(self) -> None:
        if self.language not in LANGUAGE_OF.values():
            known = ", ".join(LANGUAGE_OF.values())
            raise ValueError(f"`language` {self.language!r} is none of those that exercises run in: {known}")


def exercise_problem(record: ExerciseRecord) -> Problem:
    """Line ends are made plain; the example takes the names of the files that it solves."""
    exercise = Exercise(
        instructions=_plain(record.instructions),
        solution=_all_plain(record.solution),
        tests=_all_plain(record.tests),
        other=_all_plain(record.other),
        reference=_reference(_all_plain(record.solution), _all_plain(record.example)),
    )
    return to_problem(record.task_id, exercise, record.language)


def for_agent(problem: Problem) -> Problem:
    """An exercise, to be worked on by an agent. Raises UsageError for a problem of another kind."""
    if problem.kind != EXERCISE:
        raise UsageError(
            f"{problem.task_id} is no exercise of files and tests, which an agent could work on",
            hint="Leave +agent out of --dataset.",
        )
    return structs.replace(problem, kind=AGENT)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _all_plain(files: Mapping[str, str]) -> dict[str, str]:
    return {path: _plain(text) for path, text in files.items()}


def _reference(solution: dict[str, str], example: dict[str, str]) -> dict[str, str]:
    """The files of a solution with an example's texts in them; nothing where there is no example."""
    if not example:
        return {}
    found = {path: text for path, text in example.items() if path in solution}
    open_paths = [path for path in solution if path not in found]
    for path, text in example.items():
        suffix = PurePosixPath(path).suffix
        fitting = next((each for each in open_paths if PurePosixPath(each).suffix == suffix), None)
        if path not in solution and fitting is not None:
            found[fitting] = text
            open_paths.remove(fitting)
    return {path: found.get(path, text) for path, text in solution.items()}


def exercise_faults(record: ExerciseRecord) -> Iterator[tuple[str, str]]:
    """What could not be laid out in a folder, or what no answer could pass with."""
    suffix = next(suffix for suffix, name in LANGUAGE_OF.items() if name == record.language)
    for field in ("solution", "tests", "other", "example"):
        files = getattr(record, field)
        for path in files:
            if fault := fault_of(path):
                yield field, f"the path {path[:100]!r} {fault}"
    every = [*record.solution, *record.tests, *record.other]
    if twice := next((path for path in every if every.count(path) > 1), None):
        yield "other", f"the path {twice!r} stands in more than one field"
    folders = {str(parent) for path in every for parent in PurePosixPath(path).parents}
    if clash := next((path for path in every if path in folders), None):
        yield "other", f"{clash!r} is a file and a folder"
    for field in ("solution", "tests"):
        if not any(path.endswith(suffix) for path in getattr(record, field)):
            yield field, f"holds no file that ends with {suffix}"
    texts = [text for files in (record.solution, record.tests, record.other) for text in files.values()]
    if len(texts) > MOST_FILES or sum(map(len, texts)) > MOST_BYTES:
        yield "other", f"all files together are more than {MOST_FILES} or {MOST_BYTES / 1e6:g} MB"


SHAPE: Shape[Any] = Shape(
    lambda fields: {"instructions", "solution", "tests"} <= fields.keys(),
    ExerciseRecord,
    exercise_problem,
    exercise_faults,
    reference_field="example",
)


AGENTS: Shape[Any] = replace(
    SHAPE, fits=lambda _fields: False, to_problem=lambda record: for_agent(exercise_problem(record))
)
"""The same records, under a name that says that they are for agents."""


class _Roles(msgspec.Struct):
    solution: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    example: tuple[str, ...] = ()
    exemplar: tuple[str, ...] = ()


class _Config(msgspec.Struct):
    """What Exercism's ``.meta/config.json`` says of an exercise's files."""

    files: _Roles


CONFIG = ".meta/config.json"
_SHAPE_TOLD = (
    "An exercise is a folder with .meta/config.json, as Exercism's tracks have them, or with the folders "
    "solution and tests (other, example) and instructions.md. docs/agents.md shows both."
)
_TEXTS = ("introduction.md", "instructions.md", "instructions.append.md")


def read_folder(folder: Path) -> Iterator[tuple[str, msgspec.Raw]]:
    """Yield ``(place, record)`` for every exercise at or below a folder, in the order of their paths.

    Raises :class:`DatasetError` for what cannot be read, such as links and devices among an exercise's files.
    """
    found = False
    for path in sorted(_exercises(folder)):
        found = True
        record = _of_config(path) if (path / CONFIG).is_file() else _of_folders(path)
        yield str(path), msgspec.Raw(msgspec.json.encode(record))
    if not found:
        raise DatasetError(f"{folder}: holds no exercise", hint=_SHAPE_TOLD)


def _exercises(folder: Path, depth: int = 4) -> Iterator[Path]:
    if (folder / CONFIG).is_file() or ((folder / "solution").is_dir() and (folder / "tests").is_dir()):
        yield folder
    elif depth:
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink() and not each.name.startswith("."):
                yield from _exercises(each, depth - 1)


def _of_config(folder: Path) -> dict[str, Any]:
    place = folder / CONFIG
    try:
        roles = msgspec.json.decode(place.read_bytes(), type=_Config).files
    except (OSError, msgspec.DecodeError) as exc:
        raise DatasetError(f"{place}: cannot be read ({exc})", hint=_SHAPE_TOLD) from exc
    example = roles.example or roles.exemplar
    files = _read_files(folder, hidden=False)
    told = {*roles.solution, *roles.test}
    if missing := next((path for path in roles.solution + roles.test if path not in files), None):
        raise DatasetError(f"{place}: names {missing!r}, which is not there", hint=_SHAPE_TOLD)
    return _record(
        folder,
        instructions="\n".join(filter(None, (_text(folder / ".docs" / name) for name in _TEXTS))),
        solution={path: files[path] for path in roles.solution},
        tests={path: files[path] for path in roles.test},
        other={path: text for path, text in files.items() if path not in told},
        example={path: _text(folder / path) for path in example if not fault_of(path)},
    )


def _of_folders(folder: Path) -> dict[str, Any]:
    instructions = next(filter(None, (_text(folder / name) for name in (*_TEXTS[1:], "README.md"))), "")
    roles = {
        name: _read_files(folder / name, hidden=True) if (folder / name).is_dir() else {}
        for name in ("solution", "tests", "other", "example")
    }
    return _record(folder, instructions=instructions, **roles)


def _record(folder: Path, *, instructions: str, **files: Any) -> dict[str, Any]:
    suffixes = [PurePosixPath(path).suffix for path in files["solution"]]
    language = next((LANGUAGE_OF[suffix] for suffix in suffixes if suffix in LANGUAGE_OF), "")
    if not language:
        raise DatasetError(
            f"{folder}: no file to be changed ends with {', '.join(LANGUAGE_OF)}", hint=_SHAPE_TOLD
        )
    if not instructions.strip():
        raise DatasetError(f"{folder}: has no instructions", hint=_SHAPE_TOLD)
    name = folder.resolve().name
    return {"task_id": f"{language}/{name}", "language": language, "instructions": instructions, **files}


def _read_files(folder: Path, *, hidden: bool) -> dict[str, str]:
    """The texts of all files below a folder; what is hidden (``.meta``) only where that is asked for."""
    found: dict[str, str] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not hidden and any(part.startswith(".") for part in name.split("/")):
            continue
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise DatasetError(
                f"{path}: is no plain file", hint="Links and devices are not followed: take it out."
            )
        if path.is_dir():
            continue
        size += path.stat().st_size
        if len(found) >= MOST_FILES or size > MOST_BYTES:
            raise DatasetError(
                f"{folder}: holds more than {MOST_FILES} files, or {MOST_BYTES / 1e6:g} MB",
                hint="Name the folder of one exercise, or of several; what is built or fetched goes out.",
            )
        found[name] = _text(path)
    return found


def _text(path: Path) -> str:
    """A file's text; empty where there is none."""
    if path.is_symlink() or not path.is_file():
        return ""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise DatasetError(f"{path}: cannot be read ({exc})", hint="Exercises hold text, in UTF-8.") from exc
