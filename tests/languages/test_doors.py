"""A language is added in one place: a toy that is registered is asked for, found, executed and judged."""

import dataclasses
import re

import pytest
from msgspec import structs

from evalsite.datasets.catalogue import KNOWN
from evalsite.datasets.source import meant
from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.kinds.prompts import build_prompt
from evalsite.languages import LANGUAGES
from evalsite.languages.failures import Failures
from evalsite.languages.python import PYTHON
from evalsite.languages.python.reading import PythonReading
from evalsite.rundir.schema import Completion
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from tests.grading.helpers import QUICK
from tests.languages.helpers import PROBLEM
from tests.make import write_rows, write_run


class ToyReading(PythonReading):
    """Code that is told from prose by a fence of its own."""

    fences = re.compile(r"toy\b")


class ToyFailures(Failures):
    """Tracebacks that name their lines in another way."""

    trace_line = re.compile(r"toy (\d+)")


@pytest.fixture
def toy(monkeypatch):
    language = dataclasses.replace(
        PYTHON,
        name="toy",
        title="Toy",
        lexer="text",
        comment=";;",
        suffix="toy",
        written=("toy", "toylang"),
        reading=ToyReading(),
        failures=ToyFailures(),
    )
    monkeypatch.setitem(LANGUAGES, "toy", language)


def test_a_data_set_may_be_called_after_it(toy, monkeypatch):
    """As it is called there, or as people write it."""
    monkeypatch.setitem(KNOWN, "mine-toy", KNOWN["humaneval"])
    assert meant("mine-toylang") == ["mine-toy"]


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


def test_pages_ask_a_language_how_it_is_shown(toy, tmp_path):
    """The run's page says what is not valid, a problem's page how to paste its code and where it is cut."""
    run_dir = write_run(tmp_path / "runs", "m", [0, 1], n=1)
    run_dir.write_problems([structs.replace(problem, language="toy") for problem in run_dir.problems()])
    long = f"{'x' * 100}\n" * 250
    wrong = [
        structs.replace(row, verdict=VerdictClass.SYNTAX_ERROR, program=long, line=3, traceback="at toy 3")
        for row in run_dir.verdicts()
        if row.problem == "HumanEval/0"
    ]
    right = [row for row in run_dir.verdicts() if row.problem != "HumanEval/0"]
    write_rows(run_dir, [*wrong, *right])
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    pages = tmp_path / "site" / "runs" / run_dir.path.name
    assert "the program is not valid Toy" in (pages / "index.html").read_text("utf-8")
    page = (pages / "HumanEval-0" / "index.html").read_text("utf-8")
    assert "```toy\n" in page
    assert "\n;; [shortened" in page
    assert '<a href="#s0-L3">toy 3</a>' in page
    across = (tmp_path / "site" / "problems" / "HumanEval-0" / "index.html").read_text("utf-8")
    assert '<span class="k">def</span>' not in across
