"""Each language in the sandbox: right and wrong told apart, each failure by its name, no pass by a trick.

What is tried stands in ``judged.txt`` in each language's folder.
"""

import functools

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.judged import MARKS, Judged, lacking, verdicts

pytestmark = MARKS

OF_TOOLS = [name for name, language in LANGUAGES.items() if language.toolchain]
JUDGED = {name: Judged(name) for name in OF_TOOLS}


def where_tools_are(language):
    """A mark that leaves a test out, with the tools' names, where they are missing."""
    missing = lacking(language)
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}; make test installs it")


@functools.cache
def found(language):
    return JUDGED[language].verdicts()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        pytest.param(each, name, marks=where_tools_are(each))
        for each in OF_TOOLS
        for name in JUDGED[each].expected
    ],
)
def test_each_program_is_judged_by_what_it_does(language, name):
    """As the verdict's class says."""
    verdict = found(language)[name]
    assert verdict.verdict == JUDGED[language].expected[name], verdict


@pytest.mark.skipif(bool(lacking("go")), reason="needs go; make test installs it")
def test_what_a_compiler_leaves_is_there_without_a_sandbox_too():
    """Beside the private folder, which is emptied after each command."""
    go = JUDGED["go"]
    programs = {name: go.programs[name] for name in ("right", "wrong")}
    found = verdicts("go", go.tests, programs, sandbox="process")
    assert [found[name].verdict for name in programs] == ["passed", "wrong_answer"]


TOLD = {
    "javascript": ("TypeError", "no", 2, "console.assert(f(1) === 2)"),
    "typescript": ("TypeError", "no", 5, "let actual_1 = f(1);"),
    "java": ("java.lang.IllegalStateException", "no", 3, "s.f(1) == 2,"),
    "go": ("panic", "no [recovered]", 2, "assert.Equal(2, F(1))"),
    "cpp": ("std::runtime_error", "no", None, ""),
    "rust": ("panic", "no", 2, ""),
    "php": ("LogicException", "no", 2, "$x0 = f(1);"),
    "ruby": ("ArgumentError", "no", 2, "x = f(1)"),
    "perl": ("", "no at <program> line 1.\n", 1, ""),
}
"""What is told of an error: its name, its words, the program's line, the tests' line."""


@pytest.mark.parametrize("language", [pytest.param(each, marks=where_tools_are(each)) for each in OF_TOOLS])
def test_what_failed_and_where_is_told(language):
    """As far as the language itself tells it."""
    name = "it dies" if language == "perl" else "an error"
    told = found(language)[name]
    test = told.failed_test if TOLD[language][3] else ""
    assert (told.exception, told.message, told.line, test) == TOLD[language]


@pytest.mark.parametrize("language", [pytest.param(each, marks=where_tools_are(each)) for each in OF_TOOLS])
def test_what_is_wrong_names_the_test(language):
    """The line of the tests that has failed."""
    told = found(language)["wrong"]
    assert told.verdict == "wrong_answer"
    assert told.failed_test
    assert told.failed_test.strip() in JUDGED[language].tests
