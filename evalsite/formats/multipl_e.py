"""MultiPL-E's ``*.results.json``: an object a problem, with the programs that were run and how each ended."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode
from evalsite.languages import language_of
from evalsite.rundir.schema import Problem


class _Result(msgspec.Struct):
    program: str | None = None
    status: str | None = None
    exit_code: int | None = None


class _Results(msgspec.Struct):
    name: str
    results: list[msgspec.Raw]
    language: str = "py"
    tests: str = ""


def begins_multipl_e(first: Any) -> bool:
    """Whether it names a problem, and holds the results of its programs."""
    return isinstance(first, dict) and "results" in first and "name" in first


def read_multipl_e(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the programs, without the tests that were put behind each; ``OK`` is a claim that it passed."""
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        with tasks.record():
            found = decode(place, raw, _Results)
            problem = tasks.find(f"{place}: field `name`", found.name)
            refuse_language(place, found.language, problem)
            results = [decode(f"{place}: field `results`", each, _Result) for each in found.results]
            for result, program in tasks.there(problem, results, lambda result: result.program):
                ended = result.status == "OK" if result.status else result.exit_code == 0
                known = result.status is not None or result.exit_code is not None
                yield tasks.sample(
                    problem,
                    _without_tests(program, found.tests),
                    "solution",
                    read_from="program",
                    claimed=ended if known else None,
                )


def refuse_language(place: str, name: object, problem: Problem) -> None:
    """Raise :class:`DatasetError` for programs in another language than the problem's, however it is called.

    MultiPL-E calls Go ``go_test.go``.
    """
    language = language_of(problem)
    if not language.reading.fences.match(str(name).partition("_")[0]):
        raise DatasetError(
            f"{place}: field `language`: {name!r}, and {problem.task_id} is to be solved in {language.title}"
        )


def _without_tests(program: str, tests: str) -> str:
    """A program without what its own tests are; those of the data set count."""
    before, found, behind = program.rpartition(tests.strip()) if tests.strip() else (program, "", "")
    return before if found and not behind.strip() else program
