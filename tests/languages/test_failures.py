"""What each language's tools say of a failure, and what is read in it: their words alone, no tools run."""

import json

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.failures import (
    PROGRAM,
    TESTS,
    Ended,
    Failures,
    Frame,
    Report,
    clip,
    clip_lines,
    is_of_tests,
    line_of_tests,
    one_line,
)
from evalsite.languages.rust.toolchain import lines_before

THE_TESTS = "a\n  check one, 'too small'\nc\n"
THE_PROGRAM = "the program\nof two lines\n"
P, T = "<program>", "<tests>"
RUST_BEFORE = lines_before(THE_PROGRAM)


def ended(output="", said=None, *, compiling=False):
    """How a command has ended; ``said`` is what its driver says by a descriptor of its own."""
    words = b"" if said is None else json.dumps(said).encode()
    return Ended(compiling, 1, words, output, THE_PROGRAM, THE_TESTS)


CASES = {
    "an error of g++": (
        "cpp", ended(f"{P}:2:9: error: no x\n{P}:3:1: error: y", compiling=True),
        ("compile", "", "no x", 2, []), "compile_error", "", "",
    ),
    "an error of g++ in the tests": (
        "cpp", ended(f"{T}:2:9: error: no f", compiling=True),
        ("compile", "", "in the tests: no f", None, [(T, 2)]), "compile_error", "", "check one, 'too small'",
    ),
    "an error of nothing": (
        "cpp", ended("ld:\n undefined", compiling=True),
        ("compile", "", "ld: undefined", None, []), "compile_error", "", "",
    ),
    "no header": (
        "cpp", ended(f"{P}:1:9: fatal error: boost/x.h: No such file or directory", compiling=True),
        ("compile", "", "boost/x.h: No such file or directory", 1, []), "missing_module", "boost/x.h", "",
    ),
    "an assertion in C++": (
        "cpp", ended(f"x: {T}:2: int main(): Assertion `f(1) == 2' failed."),
        ("assertion", "AssertionError", "f(1) == 2", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "a program's own assertion in C++": (
        "cpp", ended(f"x: {P}:7: int f(): Assertion `0' failed."),
        ("run", "Assertion", "0", None, [(P, 7)]), None, "", "",
    ),
    "an exception in C++": (
        "cpp", ended("terminate called after throwing an instance of 'E'\n  what():  no\n"),
        ("run", "E", "no", None, []), None, "", "",
    ),
    "an exception in C++ that the tests throw": (
        "cpp", ended("terminate called after throwing an instance of 'E'\n  what():  too small\n"),
        ("assertion", "E", "too small", None, []), "wrong_answer", "", "",
    ),
    "no memory in C++": (
        "cpp", ended("terminate called after throwing an instance of 'std::bad_alloc'\n"),
        ("memory", "std::bad_alloc", "", None, []), "memory_limit", "", "",
    ),
    "no words in C++": ("cpp", ended("3"), None, None, "", ""),
    "an error of Go's": (
        "go", ended(f"./{P}:2:9: undefined: x", compiling=True),
        ("compile", "", "undefined: x", 2, []), "compile_error", "", "",
    ),
    "no package in Go": (
        "go", ended(f"{P}:2:9: could not import a.b/c (file not found)", compiling=True),
        ("compile", "", "could not import a.b/c (file not found)", 2, []), "missing_module", "a.b/c", "",
    ),
    "a panic": (
        "go", ended(f"panic: no\n\ngoroutine 1:\nf()\n\t/x/{P}:2 +0x1\nmain()\n\t{T}:1 +0x2\n"),
        ("run", "panic", "no", None, [(T, 1), (P, 2)]), None, "", "a",
    ),
    "a panic of the tests": (
        "go", ended(f"panic: too small\n\t{T}:2 +0x1\n"),
        ("assertion", "panic", "too small", None, [(T, 2)]), "wrong_answer", "", "check one, 'too small'",
    ),
    "a deep panic": (
        "go", ended("panic: no\n" + "".join(f"\t{P}:{line} +0x1\n" for line in range(1, 31))),
        ("run", "panic", "no", None, [(P, line) for line in range(20, 0, -1)]), None, "", "",
    ),
    "no memory in Go": (
        "go", ended("runtime: out of memory: cannot allocate\nfatal error: out of memory\n"),
        ("memory", "fatal error", "out of memory: cannot allocate", None, []), "memory_limit", "", "",
    ),
    "a stack in Go": (
        "go", ended(f"runtime: goroutine stack exceeds 1-byte limit\n\t{P}:2 +0x1\n"),
        ("run", "fatal error", "goroutine stack exceeds 1-byte limit", None, [(P, 2)]), None, "", "",
    ),
    "a failed test in Go": (
        "go", ended("--- FAIL: TestF\n    assertion failed at <tests>:2: got 1\n"),
        ("assertion", "AssertionError", "got 1", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "a failed test in Go in its own words": (
        "go", ended("--- FAIL: TestF\n    x/<tests>:2: got 1\n"),
        ("assertion", "AssertionError", "got 1", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "a failed test in Go without words": (
        "go", ended("--- FAIL: TestF\n"),
        ("assertion", "AssertionError", "", None, []), "wrong_answer", "", "",
    ),
    "no words in Go": ("go", ended("3"), None, None, "", ""),
    "an error of javac": (
        "java", ended(f"{P}:2: error: ';' expected", compiling=True),
        ("compile", "", "';' expected", 2, []), "compile_error", "", "",
    ),
    "no package in Java": (
        "java", ended(f"{P}:2: error: package a.b does not exist", compiling=True),
        ("compile", "", "package a.b does not exist", 2, []), "missing_module", "a.b", "",
    ),
    "an exception in Java": (
        "java", ended(said={"exception": "E", "message": "no", "frames": [
            {"file": P, "line": 2, "function": "f"}, {"file": "X", "line": 1, "function": "g"},
            {"file": T, "line": 1, "function": "main"},
        ]}),
        ("run", "E", "no", None, [(T, 1, "main"), (P, 2, "f")]), None, "", "a",
    ),
    "an assertion in Java": (
        "java", ended(said={"exception": "java.lang.AssertionError", "frames": [
            {"file": T, "line": 2, "function": "main"},
        ]}),
        ("assertion", "java.lang.AssertionError", "", None, [(T, 2, "main")]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "a program's own assertion in Java": (
        "java", ended(said={"exception": "java.lang.AssertionError", "frames": [
            {"file": P, "line": 2, "function": "f"}, {"file": T, "line": 2, "function": "main"},
        ]}),
        ("run", "java.lang.AssertionError", "", None, [(T, 2, "main"), (P, 2, "f")]),
        None, "", "check one, 'too small'",
    ),
    "what Java's tests throw": (
        "java", ended(said={"exception": "E", "message": "too small. Rest", "frames": [
            {"file": T, "line": 2, "function": "main"},
        ]}),
        ("assertion", "E", "too small. Rest", None, [(T, 2, "main")]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "no memory in Java": (
        "java", ended(said={"exception": "java.lang.OutOfMemoryError", "message": "Java heap space"}),
        ("memory", "java.lang.OutOfMemoryError", "Java heap space", None, []), "memory_limit", "", "",
    ),
    "no memory for Java": (
        "java", ended("There is insufficient memory for the Java Runtime Environment"),
        ("memory", "java.lang.OutOfMemoryError", "", None, []), "memory_limit", "", "",
    ),
    "no words in Java": ("java", ended("3"), None, None, "", ""),
    "an error of node's": (
        "javascript",
        ended(said={"stage": "compile", "exception": "SyntaxError", "message": "no", "line": 2}),
        ("compile", "SyntaxError", "no", 2, []), "syntax_error", "", "",
    ),
    "an assertion in JavaScript": (
        "javascript",
        ended(said={"stage": "tests", "exception": "E", "message": "no", "assertion": True, "test": 2}),
        ("tests", "AssertionError", "no", None, [(T, 2)]), "wrong_answer", "", "check one, 'too small'",
    ),
    "an error in JavaScript": (
        "javascript", ended(said={"stage": "tests", "exception": "E", "message": "no", "line": 5, "test": 2}),
        ("tests", "E", "no", None, [(T, 2), (P, 5)]), None, "", "check one, 'too small'",
    ),
    "what JavaScript's tests throw": (
        "javascript", ended(said={"stage": "tests", "message": "too small", "test": 2}),
        ("tests", "AssertionError", "too small", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "what JavaScript's program throws": (
        "javascript", ended(said={"stage": "tests", "message": "too large", "test": 2}),
        ("tests", "", "too large", None, [(T, 2)]), None, "", "check one, 'too small'",
    ),
    "no module in JavaScript": (
        "javascript",
        ended(said={"stage": "run", "exception": "Error", "message": "Cannot find module 'node:x'"}),
        ("run", "Error", "Cannot find module 'node:x'", None, []), "missing_module", "x", "",
    ),
    "no memory for node": (
        "javascript", ended("FATAL ERROR: JavaScript heap out of memory"),
        ("run", "RangeError", "out of memory", None, []), "memory_limit", "", "",
    ),
    "no memory in JavaScript": (
        "javascript",
        ended(said={"stage": "run", "exception": "RangeError", "message": "Array buffer allocation failed"}),
        ("run", "RangeError", "Array buffer allocation failed", None, []), "memory_limit", "", "",
    ),
    "no words in JavaScript": ("javascript", ended("3"), None, None, "", ""),
    "an error of tsc": (
        "typescript", ended(f"{P}:2: error: TS2307: Cannot find module 'x' or", compiling=True),
        ("compile", "", "TS2307: Cannot find module 'x' or", 2, []), "missing_module", "x", "",
    ),
    "an error of tsc in a type": (
        "typescript", ended(f"{P}:2: error: TS1: no", compiling=True),
        ("compile", "", "TS1: no", 2, []), "compile_error", "", "",
    ),
    "an assertion in TypeScript": (
        "typescript",
        ended(said={"stage": "tests", "exception": "E", "message": "no", "assertion": True, "test": 2}),
        ("tests", "AssertionError", "no", None, [(T, 2)]), "wrong_answer", "", "check one, 'too small'",
    ),
    "no module behind TypeScript": (
        "typescript", ended(said={"stage": "run", "exception": "Error", "message": "Cannot find module 'y'"}),
        ("run", "Error", "Cannot find module 'y'", None, []), "missing_module", "y", "",
    ),
    "an error of rustc": (
        "rust", ended("<anon>:2:5: error[E0425]: cannot find x", compiling=True),
        ("compile", "", "cannot find x", 2, []), "compile_error", "", "",
    ),
    "an error of rustc in the program's last line": (
        "rust", ended(f"<anon>:{RUST_BEFORE}:5: error: no", compiling=True),
        ("compile", "", "no", RUST_BEFORE, []), "compile_error", "", "",
    ),
    "an error of rustc in the tests": (
        "rust", ended(f"<anon>:{RUST_BEFORE + 1}:5: error: no", compiling=True),
        ("compile", "", "in the tests: no", None, [(T, 1)]), "compile_error", "", "a",
    ),
    "no crate": (
        "rust", ended("<anon>:1:5: error[E0432]: unresolved import `rand`", compiling=True),
        ("compile", "", "unresolved import `rand`", 1, []), "missing_module", "rand", "",
    ),
    "a panic in Rust": (
        "rust", ended("thread 'main' panicked at 'no', <anon>:2:5"),
        ("run", "panic", "no", None, [(P, 2)]), None, "", "",
    ),
    "an assertion in Rust": (
        "rust", ended(f"thread 'main' panicked at 'assertion failed: x', <anon>:{RUST_BEFORE + 2}:5"),
        ("assertion", "AssertionError", "assertion failed: x", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "a program's own assertion in Rust": (
        "rust", ended("thread 'main' panicked at 'assertion failed: x', <anon>:1:5"),
        ("run", "panic", "assertion failed: x", None, [(P, 1)]), None, "", "",
    ),
    "a panic of the tests in newer words": (
        "rust", ended(f"thread 'main' panicked at <anon>:{RUST_BEFORE + 2}:5:\ntoo small\n"),
        ("assertion", "AssertionError", "too small", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "a panic in the library": (
        "rust", ended("thread 'main' panicked at 'no', /rustc/x.rs:2:5"),
        ("run", "panic", "no", None, []), None, "", "",
    ),
    "no memory in Rust": (
        "rust", ended("memory allocation of 8 bytes failed"),
        ("memory", "", "memory allocation failed", None, []), "memory_limit", "", "",
    ),
    "no words in Rust": ("rust", ended("3"), None, None, "", ""),
    "an error of PHP's": (
        "php",
        ended(said={"stage": "compile", "exception": "ParseError", "message": "no", "frames": [(P, 2, "")]}),
        ("compile", "ParseError", "no", 2, [(P, 2)]), "syntax_error", "", "",
    ),
    "an exception in Ruby": (
        "ruby", ended(said={"stage": "tests", "exception": "E", "message": "no", "frames": [
            (P, 2, "f"), ("x", 1, "g"), (T, 1, ""),
        ]}),
        ("run", "E", "no", None, [(T, 1), (P, 2, "f")]), None, "", "a",
    ),
    "what Ruby's tests raise": (
        "ruby",
        ended(said={"stage": "tests", "exception": "E", "message": "too small", "frames": [(T, 2, "")]}),
        ("assertion", "E", "too small", None, [(T, 2)]), "wrong_answer", "", "check one, 'too small'",
    ),
    "what Ruby's program raises in the same words": (
        "ruby",
        ended(said={"stage": "tests", "exception": "E", "message": "too small", "frames": [(P, 2, "")]}),
        ("run", "E", "too small", None, [(P, 2)]), None, "", "",
    ),
    "no library in Ruby": (
        "ruby",
        ended(said={"stage": "run", "exception": "LoadError", "message": "cannot load such file -- x"}),
        ("run", "LoadError", "cannot load such file -- x", None, []), "missing_module", "x", "",
    ),
    "no memory in Ruby": (
        "ruby", ended(said={"stage": "run", "exception": "NoMemoryError", "message": "x"}),
        ("memory", "NoMemoryError", "x", None, []), "memory_limit", "", "",
    ),
    "Ruby's last words": (
        "ruby", ended("x\n[FATAL] no\n"), ("run", "", "no", None, []), None, "", "",
    ),
    "PHP's last words": (
        "php", ended("PHP Fatal error:  no in /x/y on line 3\n"), ("run", "", "no", None, []), None, "", "",
    ),
    "no memory for PHP": (
        "php", ended("Fatal error: Allowed memory size of 8 bytes exhausted"),
        ("memory", "", "out of memory", None, []), "memory_limit", "", "",
    ),
    "no program in Perl": (
        "perl",
        ended(said={"stage": "run", "message": "syntax error at <program> line 2.", "frames": [(P, 2, "")]}),
        ("compile", "", "syntax error at <program> line 2.", 2, [(P, 2)]), "syntax_error", "", "",
    ),
    "what Perl's tests say": (
        "perl",
        ended(said={"stage": "tests", "message": "too small at <tests> line 2.\n", "frames": [(T, 2, "")]}),
        ("assertion", "", "too small at <tests> line 2.\n", None, [(T, 2)]),
        "wrong_answer", "", "check one, 'too small'",
    ),
    "no words in Perl": ("perl", ended("3"), None, None, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_tools_say_is_read(case):
    """Stage, name, message, line and frames; and with them the class, the module, and the failed test."""
    language, end, expected, verdict, module, test = CASES[case]
    failures = LANGUAGES[language].failures
    found = failures.report_of(end)
    if expected is None:
        assert found is None
        return
    stage, exception, message, line, frames = expected
    assert (found.stage, found.exception, found.message, found.line) == (stage, exception, message, line)
    assert [(each.file, each.line, each.function) for each in found.frames] == [
        (*each, "") if len(each) == 2 else each for each in frames
    ]
    assert failures.classify(found, short_of_memory=False) == verdict
    assert failures.missing_module(found) == module
    assert failures.failed_test(found, THE_TESTS) == test


@pytest.mark.parametrize(
    "case",
    [
        "an assertion in C++",
        "no memory in C++",
        "no memory for Java",
        "no memory for node",
        "a panic in Rust",
        "no memory in Rust",
        "no memory for PHP",
    ],
)
def test_who_ends_by_a_signal_after_such_words_is_explained_by_them(case):
    """Else it would count as crashed."""
    language, end, *_ = CASES[case]
    assert LANGUAGES[language].failures.report_of(end).explains_signal


@pytest.mark.parametrize("case", ["a panic", "an exception in Java", "Ruby's last words"])
def test_who_ends_by_a_signal_after_other_words_has_crashed(case):
    """As these do not end by one."""
    language, end, *_ = CASES[case]
    assert not LANGUAGES[language].failures.report_of(end).explains_signal


def test_drivers_words_are_told_as_their_languages_do():
    """What was raised, then where, the innermost first."""
    java = CASES["an exception in Java"]
    ruby = CASES["an exception in Ruby"]
    told = [LANGUAGES[each[0]].failures.report_of(each[1]).text for each in (java, ruby)]
    assert told == [
        f"E: no\n\tat f({P}:2)\n\tat main({T}:1)",
        f"E: no\n    {P}:2 f\n    {T}:1",
    ]
    perl, end, *_ = CASES["what Perl's tests say"]
    assert LANGUAGES[perl].failures.report_of(end).text.startswith("too small at")


THROWN = {
    "throw new Error('expected 1')": "expected 1",
    "  throw `no way`": "no way",
    "f(); throw 'x'": "",
    "throw message": "",
}


@pytest.mark.parametrize("line", THROWN)
def test_what_tests_in_javascript_were_about_to_throw_is_read_in_them(line):
    """Where they name a variable that nobody has."""
    said = {"stage": "tests", "exception": "ReferenceError", "message": "x is not defined", "test": 2}
    end = Ended(False, 1, json.dumps(said).encode(), "", THE_PROGRAM, f"a\n{line}\nc")
    found = LANGUAGES["javascript"].failures.report_of(end)
    told = THROWN[line]
    assert (found.exception, found.message) == (
        ("AssertionError", told) if told else ("ReferenceError", "x is not defined")
    )


def report(**fields):
    """A report of little."""
    return Report(**{"stage": "run", "exception": "E", "message": "m", **fields})


def test_a_language_of_which_nothing_is_known_tells_little():
    """Name and message, or its own words; a syntax error where it does not compile."""
    failures = Failures()
    frames = (Frame(file=PROGRAM, line=2, function=""), Frame(file=PROGRAM, line=3, function=""))
    assert failures.traceback(report(), "", "") == "E: m"
    assert failures.traceback(report(message=""), "", "") == "E"
    assert failures.traceback(report(text="a\nb"), "", "") == "a\nb"
    assert failures.program_line(report(line=7, frames=frames)) == 7
    assert failures.program_line(report(frames=(*frames, Frame(file=TESTS, line=1, function="")))) == 3
    assert failures.program_line(report()) is None
    assert failures.classify(report(stage="compile"), short_of_memory=False) == "syntax_error"
    assert failures.classify(report(), short_of_memory=True) is None
    assert failures.report_of(ended("x", compiling=True)) is None
    assert failures.failing_call(report(), THE_TESTS) is None
    assert (failures.missing_module(report()), failures.failed_test(report(), THE_TESTS)) == ("", "")


@pytest.mark.parametrize(("line", "told"), [(0, ""), (1, "a"), (3, "c"), (4, "")])
def test_a_line_of_the_tests_is_one_that_they_have(line, told):
    """The innermost, as a forged report may name any."""
    frames = (Frame(file=TESTS, line=2, function=""), Frame(file=TESTS, line=line, function=""))
    assert (
        line_of_tests(report(frames=(*frames, Frame(file=PROGRAM, line=1, function=""))), THE_TESTS) == told
    )
    assert line_of_tests(report(), THE_TESTS) == ""


@pytest.mark.parametrize(
    ("message", "told"),
    [(" one, ", True), ("one,", True), ("one", False), ("two lines", False), ("a\nb", False)],
)
def test_words_of_the_tests_are_theirs_alone(message, told):
    """Four characters at least, which they hold and the program does not."""
    assert is_of_tests(message, ended()) is told
    tests = f"{THE_TESTS}two lines"
    assert not is_of_tests("two lines", Ended(False, 1, b"", "", THE_PROGRAM, tests))


def test_what_is_told_has_bounds():
    """A name, a text and the lines of a traceback, of which the last count."""
    assert one_line("a\n b  c") == "a b c"
    assert len(one_line("x" * 201)) == 200
    assert (clip("x" * 2000), clip("x" * 2001)) == ("x" * 2000, "x" * 2000 + " …")
    assert clip("abc", 2) == "ab …"
    assert clip_lines(["x" * 998] * 8) == ["x" * 998] * 8
    lines = [str(number) * 999 for number in range(10)]
    assert clip_lines(lines) == ["[left out]", *lines[2:]]
    assert clip_lines(["x" * 1000] * 9) == ["[left out]", *["x" * 1000] * 7]
    assert clip_lines(["x" * 7999]) == ["x" * 7999]
    assert clip_lines(["x" * 8000]) == ["[left out]"]
