"""MultiPL-E's record shape (Cassano et al. 2023, arXiv 2208.08227): HumanEval or MBPP in another language.

There a completion ends before the brace that closes the function, with which the tests begin. Here it is a
whole function, as in other data sets, so that chat answers are judged by the same tests.
"""

import re
from collections.abc import Iterator

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.clusters import humaneval_cluster, mbpp_cluster
from evalsite.languages import LANGUAGES
from evalsite.rundir.schema import Problem

_LANGUAGES = {language.suffix: language.name for language in LANGUAGES.values()} | {"go_test.go": "go"}
"""As records call it -> language."""
_NAME = re.compile(r"[^_]+_\d+_(\w+)")
_JAVA_ASSERT = re.compile(r"^(\s*)assert\s*\((.*)\);[ \t]*$", re.MULTILINE)
_RUBY_RUN = """
Test::Unit::AutoRunner.need_auto_run = false
raise "a test failed" unless Test::Unit::AutoRunner.run
"""
_JAVA_MAIN = re.compile(r"\s*(public static void main\b.*)\}\s*\Z", re.DOTALL)


class MultiplERecord(msgspec.Struct):
    """One row of a language's file. It has no solution."""

    name: str
    """Such as ``HumanEval_0_has_close_elements``."""
    language: str
    prompt: str
    tests: str

    def __post_init__(self) -> None:
        if self.language not in _LANGUAGES:
            known = ", ".join(_LANGUAGES)
            raise ValueError(f"`language` is {self.language!r}, which is none of {known}")


def to_problem(record: MultiplERecord) -> Problem:
    """The prompt is code that the completion continues to the end of the function."""
    language = _LANGUAGES[record.language]
    prompt = record.prompt.replace("\r\n", "\n")
    return Problem(
        task_id=record.name,
        prompt=prompt,
        kind="code",
        entry_point=_entry_point(record.name, prompt),
        tests=_tests(record.tests.replace("\r\n", "\n"), language),
        reference="",
        language=language,
    )


def _entry_point(name: str, prompt: str) -> str:
    """The function that a name speaks of, as its language writes names; empty where the prompt has none."""
    found = _NAME.fullmatch(name)
    snake = found[1] if found else name
    first, *others = snake.split("_")
    camel = first + "".join(part[:1].upper() + part[1:] for part in others)
    return next((each for each in (snake, camel) if re.search(rf"\b{each}\b", prompt)), "")


def _tests(tests: str, language: str) -> str:
    """The tests of a whole function: without the brace that closes it, Java's in a class of their own.

    What there takes a switch (Java's assertions) or the end of the process (Ruby's cases) to be looked at, is
    looked at here in any case.
    """
    if language == "ruby" and "Test::Unit" in tests:
        return f"{tests.rstrip()}\n{_RUBY_RUN}"
    if not tests.lstrip().startswith("}"):
        return tests
    tests = tests.lstrip().removeprefix("}")
    if language == "java" and (main := _JAVA_MAIN.fullmatch(tests)):
        body = _JAVA_ASSERT.sub(r"\1if (!(\2)) throw new AssertionError();", main[1].rstrip())
        return f"\npublic class Main extends Problem {{\n    {body}\n}}\n"
    return tests


def faults(record: MultiplERecord) -> Iterator[tuple[str, str]]:
    """Tests that nothing would look at."""
    language = _LANGUAGES[record.language]
    if language == "java" and re.search(r"^\s*assert\b", _tests(record.tests, language), re.MULTILINE):
        yield "tests", "holds Java that asserts in a way that is not read"


SHAPE = Shape(
    lambda fields: {"name", "language", "prompt", "tests"} <= fields.keys(),
    MultiplERecord,
    to_problem,
    faults,
    reference_field="tests",
    cluster=lambda task_id: humaneval_cluster(task_id) or mbpp_cluster(task_id),
)
