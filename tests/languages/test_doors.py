"""A language is added in one place: a toy that is registered is asked for, found, executed and judged."""

import dataclasses
import re

import pytest
from msgspec import structs

from evalsite.errors import RunFormatError
from evalsite.extraction import extract
from evalsite.grade.engine import Grader, Job
from evalsite.grade.executors.local import LocalExecutor
from evalsite.kinds.prompts import build_prompt
from evalsite.languages import LANGUAGES, language_of
from evalsite.languages.python import PYTHON
from evalsite.languages.python.reading import PythonReading
from evalsite.rundir.schema import Completion
from tests.grade.helpers import QUICK, make_problem

PROBLEM = structs.replace(make_problem(), language="toy")


class ToyReading(PythonReading):
    """Code that is told from prose by a fence of its own."""

    fences = re.compile(r"toy\b")


@pytest.fixture
def toy(monkeypatch):
    language = dataclasses.replace(PYTHON, name="toy", title="Toy", reading=ToyReading())
    monkeypatch.setitem(LANGUAGES, "toy", language)


def program_in(answer):
    return extract(PROBLEM, Completion(problem="Demo/0", sample=0, text=answer, form="response"))


@pytest.mark.sandbox
def test_a_language_is_added_in_one_place(toy):
    """The model is asked for it, its name is told from the code behind it, and that is run and judged."""
    assert "begins with ```toy and" in build_prompt(PROBLEM, "chat-v1").text
    program = program_in("```toy def double(x): return 2 * x\n```\n")
    assert program.source.strip() == "def double(x): return 2 * x"
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert grader.submit(Job(program, PROBLEM)).result().verdict == "passed"


def test_a_language_that_is_not_there_is_told():
    """With those that are."""
    with pytest.raises(RunFormatError, match="'toy'") as caught:
        language_of(PROBLEM)
    assert "python" in caught.value.hint
