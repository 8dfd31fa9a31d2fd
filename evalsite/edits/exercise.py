"""An exercise: instructions, files to be changed, and files that are not: tests, and what they need."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from evalsite.errors import RunFormatError
from evalsite.rundir.schema import Problem

KIND = "exercise"
"""The kind's name, as in ``problems.jsonl``."""

Files = Mapping[str, str]
"""Path within the exercise's folder -> text."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What an exercise is judged by: a problem's ``tests``, as JSON. No edit changes it."""

    tests: dict[str, str]
    other: dict[str, str] = {}
    """What else lies there: helpers of tests, sources that are given, data."""


class Exercise(msgspec.Struct, frozen=True, kw_only=True):
    """One problem, read. Paths are plain (:func:`evalsite.edits.paths.fault_of`)."""

    instructions: str
    solution: dict[str, str]
    """Files that are to be changed, as they are at first (stubs); no others may be."""
    tests: dict[str, str]
    other: dict[str, str] = {}
    reference: dict[str, str] = {}
    """The files of ``solution`` as they pass; empty where no solution is known."""


def to_problem(task_id: str, exercise: Exercise, language: str) -> Problem:
    """Put an exercise into a row of the run format: instructions are its prompt, files stand as JSON."""
    return Problem(
        task_id=task_id,
        prompt=exercise.instructions,
        kind=KIND,
        entry_point="",
        faulty=encode_files(exercise.solution),
        tests=msgspec.json.encode(Judged(tests=exercise.tests, other=exercise.other)).decode(),
        reference=encode_files(exercise.reference) if exercise.reference else "",
        language=language,
    )


def exercise_of(problem: Problem) -> Exercise:
    """Read a problem's exercise; raises RunFormatError where it holds none."""
    try:
        judged = judged_of(problem.tests)
        return Exercise(
            instructions=problem.prompt,
            solution=decode_files(problem.faulty),
            tests=judged.tests,
            other=judged.other,
            reference=decode_files(problem.reference) if problem.reference else {},
        )
    except (msgspec.DecodeError, RecursionError) as exc:
        raise RunFormatError(
            f"{problem.task_id}: the files of a problem of kind {KIND!r} cannot be read ({exc})",
            hint="Put problems.jsonl back if you have it, or run the data set anew.",
        ) from exc


def encode_files(files: Files) -> str:
    """Files as JSON, one text for the same files; half characters, which no file can keep, become ``?``."""
    text = {path: text.encode("utf-8", "replace").decode() for path, text in sorted(files.items())}
    return msgspec.json.encode(text).decode()


def decode_files(text: str) -> dict[str, str]:
    """What :func:`encode_files` made. Raises msgspec.DecodeError."""
    return msgspec.json.decode(text, type=dict[str, str])


@lru_cache(maxsize=256)
def judged_of(tests: str) -> Judged:
    """Read a problem's ``tests``. Raises msgspec.DecodeError."""
    return msgspec.json.decode(tests, type=Judged)
