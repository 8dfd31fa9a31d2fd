# ruff: noqa: E501 - programs stand here as they are
"""Exercises of several files, run in the sandbox: right and wrong told apart, and no pass by a trick."""

import pytest

from evalsite.edits.exercise import decode_files, encode_files
from evalsite.errors import UsageError
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.kinds import kind_of
from evalsite.languages import language_of
from evalsite.rundir.schema import Program
from tests.edits.exercises import PROBLEMS
from tests.languages.judged import LIMITS, MARKS, lacking

pytestmark = MARKS


def only(language):
    missing = [] if language in ("python", "several") else lacking(language)
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}; make test installs it")


@pytest.fixture(scope="module")
def grader():
    with Grader(LocalExecutor(LIMITS, workers=1)) as grader:
        yield grader


def verdict_of(grader, which, source):
    problem = PROBLEMS[which]
    program = Program(problem=problem.task_id, sample=0, source=source, rule="test")
    return grader.submit(Job(program, problem)).result()


def with_text(which, text, path=""):
    """The reference with another text in the first file, or in the one that is named."""
    files = decode_files(PROBLEMS[which].reference)
    return encode_files({**files, path or next(iter(sorted(files, key="Cargo.toml".__eq__))): text})


@pytest.mark.parametrize("which", [pytest.param(each, marks=only(each)) for each in PROBLEMS])
def test_the_reference_passes_and_the_files_as_given_do_not(grader, which):
    """With files of tests that use one another, those that are not built, and tests that are ignored."""
    problem = PROBLEMS[which]
    passed = verdict_of(grader, which, problem.reference)
    assert (passed.verdict, passed.in_process) == ("passed", which == "several"), passed
    given = kind_of(problem).stubs(problem, language_of(problem).running)["stub"]
    assert verdict_of(grader, which, given).verdict in ("wrong_answer", "runtime_error")


WRONG = {
    "python": ("def add(a, b):\n    return a - b\n", "wrong_answer", "-1 != 7"),
    "several": ("def add(a, b):\n    return 7\n", "wrong_answer", "7 != 8"),
    "go": ("package add\n\nfunc Add(a, b int) int {\n\treturn a - b\n}\n", "wrong_answer", "got -1, not 7"),
    "rust": (
        "pub fn add(a: i32, b: i32) -> i32 { a - b }",
        "wrong_answer",
        "assertion",
    ),
}
BROKEN = {
    "python": ("def add(a, b:\n", "syntax_error"),
    "several": ("def add(a, b:\n", "runtime_error"),
    "go": ('package add\n\nimport "os"\n\nfunc Add(a, b int) int {\n\treturn a + b\n}\n', "compile_error"),
    "rust": ("pub fn add(a: i32) -> i32 { b }", "compile_error"),
}


@pytest.mark.parametrize("which", [pytest.param(each, marks=only(each)) for each in PROBLEMS])
def test_what_is_wrong_is_told_by_its_class_and_words(grader, which):
    """As for any program; an import without a use is an error of Go's."""
    text, expected, said = WRONG[which]
    path = "pack/add.py" if which == "several" else ""
    wrong = verdict_of(grader, which, with_text(which, text, path))
    assert wrong.verdict == expected, wrong
    assert said in wrong.message
    text, expected = BROKEN[which]
    assert verdict_of(grader, which, with_text(which, text, path)).verdict == expected


TRICKS = {
    "python": [
        "import os\nos._exit(0)\n",
        "import sys\nsys.exit(0)\n",
        "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\ndef add(a, b): return 0\n",
        "open('add_test.py', 'w').write('')\nopen('helper.py', 'w').write('SEVEN = 0')\nadd = max\n",
        "class Any:\n    def __eq__(self, other): return True\ndef add(a, b): return Any()\n",
    ],
    "several": [
        "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\ndef add(a, b): return 0\n",
        "import unittest\nunittest.TestCase.run = lambda self, r=None: r\ndef add(a, b): return 0\n",
        "import unittest\nunittest.TestSuite.run = lambda self, r, debug=False: r\ndef add(a, b): return 0\n",
        "import unittest\nunittest.TestLoader.getTestCaseNames = lambda s, c: []\ndef add(a, b): return 0\n",
        "import unittest\nunittest.TestResult.addFailure = lambda *a: None\ndef add(a, b): return 0\n",
        "import builtins\nbuiltins.issubclass = lambda *a: False\ndef add(a, b): return 0\n",
        "import os\ndef add(a, b): os._exit(0)\n",
        "import sys\ndef add(a, b): sys.exit(0)\n",
    ],
    "go": [
        'package add\n\nimport "os"\n\nfunc init() { os.Exit(0) }\nfunc Add(a, b int) int { return 0 }\n',
        'package add\n\nimport "os"\n\nfunc Add(a, b int) int { os.Exit(0); return 0 }\n',
        "package add\n\nconst false = true\n\nfunc Add(a, b int) int { return 0 }\n",
        'package add\n\nimport "os"\n\nfunc Add(a, b int) int { os.Remove("add_test.go"); return 0 }\n',
        'package add\n\nimport "flag"\n\nfunc init() { flag.Set("test.run", "X") }\nfunc Add(a, b int) int { return 0 }\n',
        'package add\n\nimport ("os"; "testing")\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\nvar Add = func(a, b int) int { return 0 }\n',
    ],
    "rust": [
        "pub fn add(a: i32, b: i32) -> i32 { std::process::exit(0) }",
        "#[macro_export] macro_rules! assert_eq { ($($t:tt)*) => {} }\npub fn add(_: u8, _: u8) -> u8 { 0 }",
        'const S: &str = include_str!("../tests/add.rs");\npub fn add(_: i32, _: i32) -> i32 { S.len() as i32 }\n',
        "pub use std::stringify as assert_eq;\npub fn add(a: i32, b: i32) -> i32 { 0 }",
    ],
}


@pytest.mark.parametrize(
    ("which", "number"),
    [
        pytest.param(which, number, marks=only(which))
        for which, each in TRICKS.items()
        for number in range(len(each))
    ],
)
def test_no_trick_passes(grader, which, number):
    """Leaving early, changing what tests are made of, and changing tests on the disk."""
    path = "pack/add.py" if which == "several" else ""
    verdict = verdict_of(grader, which, with_text(which, TRICKS[which][number], path))
    assert verdict.verdict != "passed"
    assert verdict.verdict in ("wrong_answer", "early_exit", "compile_error", "runtime_error", "crashed"), (
        verdict
    )


def test_only_edits_answer_an_exercise():
    """A style that asks for a program says so."""
    problem = PROBLEMS["go"]
    kind = kind_of(problem)
    with pytest.raises(UsageError, match="asks for edits of files"):
        kind.to_answer(problem, language_of(problem))
    with pytest.raises(UsageError, match="asks for edits of files"):
        kind.to_continue(problem, language_of(problem).asking)
