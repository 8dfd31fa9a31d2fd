"""Exercises: files that are to be changed, so that tests pass which are files, too."""

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import ClassVar

import msgspec
from msgspec import structs

from evalsite.edits.asking import ToEdit
from evalsite.edits.exercise import KIND, decode_files, encode_files, exercise_of, judged_of
from evalsite.errors import UsageError
from evalsite.kinds.editing import found_edit
from evalsite.kinds.judging import ByChatAlone, ByRunning, Found, Judging, RunAs, Wants
from evalsite.languages import LANGUAGES, language_of
from evalsite.languages.exercises import Exercises, ExercisesAsSource
from evalsite.languages.reading import Reading
from evalsite.languages.running import Running
from evalsite.rundir.schema import AnswerForm, Problem


class ExerciseByEdit(ByChatAlone, ByRunning):
    """As in Exercism's tracks. A program is the files that were to be changed, as JSON."""

    name: ClassVar[str] = KIND
    title: ClassVar[str] = "exercise"
    asks_for: ClassVar[str] = "edits of files, and not for one program"
    wants: ClassVar[Wants] = Wants.EDITS
    style: ClassVar[str] = "edit-whole-v1"

    def read(self, problem: Problem, form: AnswerForm, text: str, reading: Reading) -> Found | None:
        """The files as an edit leaves them; a whole program is the files as they are."""
        if form == "solution":
            return Found(text, "solution")
        found, files = found_edit(text, problem.edit_format, self.to_edit(problem))
        return replace(found, source=encode_files(files)) if files else found

    def to_edit(self, problem: Problem) -> ToEdit:
        """Instructions and files; of those that stay as they are, the sources. Tests are not shown."""
        exercise = exercise_of(problem)
        suffixes = {PurePosixPath(path).suffix for path in exercise.solution}
        shown = {
            path: text
            for path, text in exercise.other.items()
            if PurePosixPath(path).suffix in suffixes and not _TEST.search(path)
        }
        tests = ", ".join(exercise.tests)
        return ToEdit(
            task=f"{exercise.instructions.strip()}\n\nThe tests ({tests}) have to pass, and are not shown.",
            files=exercise.solution,
            language=problem.language,
            shown=shown,
            given=(*exercise.tests, *exercise.other),
        )

    def files_of(self, problem: Problem, program: str) -> dict[str, str]:
        """Those that it is; none of what is no such text, which may have been imported."""
        try:
            return decode_files(program)
        except msgspec.DecodeError:
            return {}

    def edited(self, problem: Problem, program: str) -> Problem:
        """With these files to be changed."""
        return structs.replace(problem, faulty=program) if program else problem

    def judging(self, problem: Problem) -> Judging:
        """The exercise's tests, which no edit changes."""
        how = exercises_of(problem)
        if not isinstance(how, ExercisesAsSource):
            return Judging(problem.tests, RunAs.FILES)
        return _judging(problem.language, problem.faulty, problem.tests)

    def source_of(self, problem: Problem, program: str) -> str:
        """The files as JSON, or what the language makes of them."""
        how = exercises_of(problem)
        if not isinstance(how, ExercisesAsSource) or not program:
            return program
        judged = judged_of(problem.tests)
        return how.program(decode_files(program), judged.tests, judged.other)

    def stubs(self, problem: Problem, running: Running) -> dict[str, str]:
        """The files as they are given."""
        return {"stub": encode_files(exercise_of(problem).solution), "idle": ""}


_TEST = re.compile(r"(?:^|/)(?:tests?|benches)/|_test\.|(?:^|/)test_")
"""Paths of what belongs to tests."""


@lru_cache(maxsize=256)
def _judging(language: str, solution: str, judged_by: str) -> Judging:
    how, judged, files = LANGUAGES[language].exercises, judged_of(judged_by), decode_files(solution)
    assert isinstance(how, ExercisesAsSource)
    given = (files, judged.tests, judged.other)
    return Judging(how.tests(*given), in_process=how.shares_process(*given))


def exercises_of(problem: Problem) -> Exercises:
    """How a problem's language runs exercises; raises UsageError where it does not."""
    how = language_of(problem).exercises
    if how is None:
        known = ", ".join(each.title for each in LANGUAGES.values() if each.exercises)
        raise UsageError(
            f"{problem.task_id} is an exercise in {language_of(problem).title}, and none are run in that",
            hint=f"Exercises can be in {known}.",
        )
    return how
