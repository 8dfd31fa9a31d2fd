"""Tests of Go: which functions are tests, the files of program and tests, and the one that calls them."""

import pytest

from evalsite.languages.go.tests import as_file, as_is, is_built, of, refused, without_main

TESTS = 'package p\n\nimport "testing"\n\nfunc TestF(t *testing.T) {\n\tf()\n}\n'
MAIN = "package main\n\nfunc main() {\n\tf()\n}\n"

NAMES = {
    TESTS: ("TestF",),
    f"{TESTS}func TestG( u  *testing.T ) {{ g() }}\n": ("TestF", "TestG"),
    "func BenchmarkF(b *testing.B) {}\nfunc TestMain(m *testing.M) {}\n": (),
    "func check(t *testing.T) {}\n": (),
    "// func TestF(t *testing.T) {}\n": (),
    "func (s *S) TestF(t *testing.T) {}\n": (),
    MAIN: (),
}


@pytest.mark.parametrize("source", NAMES)
def test_a_test_is_a_function_that_takes_one(source):
    """By its name and its parameter."""
    assert of(source).names == NAMES[source]


def test_tests_are_called_by_name():
    """By what the package testing has for it, and a failure is the process's own."""
    text = of(f"{TESTS}func TestG(t *testing.T) {{ g() }}\n").main()
    assert text.startswith("package main\n\nimport (\n")
    imported = text[text.index("(") : text.index(")")]
    assert imported.split() == [
        "(",
        '"evalsite/told"',
        '"program"',
        '"os"',
        '"testing"',
        '"testing/internal/testdeps"',
    ]
    assert '{{"TestF", program.TestF}, {"TestG", program.TestG}}' in text
    assert "if code != 0 { os.Exit(code) }\n\ttold.Say()\n}\n" in text


def test_a_main_is_called_where_there_is_no_test():
    """By a name that can be called from another package, and nothing else is imported."""
    tests = of(MAIN)
    assert tests.main() == (
        'package main\n\nimport (\n\t"evalsite/told"\n\t"program"\n)\n\n'
        "func main() {\n\tprogram.TestsOfTheProblem()\n\ttold.Say()\n}\n"
    )
    head = "package program; \n//line <tests>:1\n"
    assert tests.file("") == f"{head}\n\nfunc TestsOfTheProblem() {{\n\tf()\n}}\n\n"


def test_a_main_beside_tests_stays():
    """As its name is its own."""
    assert "func main() {}" in of(f"{TESTS}func main() {{}}\n").file("")


def test_the_tests_file_has_what_it_uses():
    """Its lines are those of the tests."""
    head, line, *rest = of(TESTS).file("").split("\n")
    assert (head, line) == ("package program; ", "//line <tests>:1")
    assert rest[:5] == ["", "", 'import "testing"', "", "func TestF(t *testing.T) {"]


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("func f() int { len := 1; return len }\n", []),
        ("func len(a []int) int { return 0 }\n", ["len"]),
        ("const true = 0 == 1\ntype any int\nvar x int\n", ["any", "true"]),
        ("func (s S) len() int { return 0 }\n", []),
    ],
)
def test_who_gives_the_languages_names_another_meaning_does_not_compile(program, names):
    """At the top level, where the tests would mean it."""
    lines = "".join(f"\nvar _ = the_program_defines_{name}_anew" for name in names)
    assert refused(program) == lines
    assert of(TESTS).file(program) == as_file("<tests>", TESTS + lines)


def test_a_programs_main_is_out_of_the_way():
    """Not what only begins like it, or stands within something."""
    source = "func main() {\n}\nfunc mainly() {}\nvar x = func() { main() }\n"
    assert without_main(source) == source.replace("func main()", "func mainOfTheProgram()")


FILES = {
    "all is used": (
        'package p\n\nimport "fmt"\n\nfunc f() { fmt.Println() }',
        "", '\n\nimport "fmt"\n\nfunc f() { fmt.Println() }',
    ),
    "one is not used": (
        'package p\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc f() { fmt.Println() }',
        "", '\nimport (\n\t"fmt"\n\t_ "os"\n)\n\nfunc f() { fmt.Println() }',
    ),
    "one by another name": (
        'import m "math"\nimport n "net"\nfunc f() { m.Abs(1) }', "",
        'import m "math"\nimport _ "net"\nfunc f() { m.Abs(1) }',
    ),
    "one for what it does": (
        'import _ "embed"\nimport . "fmt"\nfunc f() {}', "",
        'import _ "embed"\nimport . "fmt"\nfunc f() {}',
    ),
    "one is lacking": ("func f() { fmt.Println() }", 'import "fmt"; ', "func f() { fmt.Println() }"),
    "two are lacking": (
        "func f() { sort.Ints(fmt.Sprint()) }", 'import "fmt"; import "sort"; ',
        "func f() { sort.Ints(fmt.Sprint()) }",
    ),
    "another's path ends so": (
        'import "crypto/rand"\nfunc f() { rand.Read() }', "",
        'import "crypto/rand"\nfunc f() { rand.Read() }',
    ),
    "a version's": (
        'import "math/rand/v2"\nfunc f() { rand.Int() }', "",
        'import "math/rand/v2"\nfunc f() { rand.Int() }',
    ),
    "several on a line": (
        'import ("fmt"; "os")\nfunc f() { fmt.Println(); os.Exit(1) }',
        "", 'import ("fmt"; "os")\nfunc f() { fmt.Println(); os.Exit(1) }',
    ),
    "a variable of the file": ("var sort T\nfunc f() { sort.x() }", "", "var sort T\nfunc f() { sort.x() }"),
    "a variable": ("func f() { sort := g(); sort.x() }", "", "func f() { sort := g(); sort.x() }"),
    "a parameter": ("func f(sort T) { sort.x() }", "", "func f(sort T) { sort.x() }"),
    "a text on a line of its own": (
        'func f() string { return "a" +\n"os"\n}', "", 'func f() string { return "a" +\n"os"\n}',
    ),
    "a text that looks like one": (
        'func f() string { return `\nimport "os"\n` }', "", 'func f() string { return `\nimport "os"\n` }',
    ),
}  # fmt: skip
"""What it is -> a program, the imports that it gets, and its own text."""


@pytest.mark.parametrize("what", FILES)
def test_a_file_imports_what_it_uses(what):
    """On its first line, so that the program's lines are where they were."""
    program, lacking, text = FILES[what]
    assert as_file("<program>", program) == f"package program; {lacking}\n//line <program>:1\n{text}\n"


@pytest.mark.parametrize("clause", ["package other", "  package  other ;"])
def test_a_file_of_an_exercise_is_as_it_is_but_for_its_package(clause):
    """Also its imports."""
    source = f'// About f.\n{clause}\n\nimport "os"\n'
    assert as_is("f.go", source) == '//line f.go:1\n// About f.\npackage program\n\nimport "os"\n\n'


def test_the_first_clause_names_the_package():
    """What looks like another one is a text."""
    source = "package a\nvar x = `\npackage b\n`\n"
    assert as_is("f.go", source) == "//line f.go:1\npackage program\nvar x = `\npackage b\n`\n\n"
    assert as_file("f.go", source) == "package program; \n//line f.go:1\n\nvar x = `\npackage b\n`\n\n"


BUILT = {
    "": True,
    "linux": True,
    "unix": True,
    "gc": True,
    "cgo": True,
    "go1": True,
    "go1.18": True,
    "windows": False,
    "ignore": False,
    "go1x18": False,
    "!windows": True,
    "!linux": False,
    "linux && !race": True,
    "linux && race": False,
    "darwin || linux": True,
    "darwin || windows": False,
    "!(darwin || windows) && linux": True,
    "!(darwin || linux)": False,
    "linux &&": False,
    "(linux": False,
    "linux linux": False,
}  # fmt: skip


@pytest.mark.parametrize("constraint", BUILT)
def test_a_file_is_built_where_its_constraint_holds(constraint):
    """Of a plain build on Linux; what is no constraint does not hold."""
    line = f"//go:build {constraint}\n" if constraint else ""
    assert is_built(f"// About f.\n\n{line}\npackage p\n") is BUILT[constraint]


@pytest.mark.filterwarnings("ignore:'bool' object is not callable")
def test_a_constraint_calls_nothing():
    """Which two words side by side would."""
    assert is_built("//go:build linux (linux)\npackage p\n") is False


def test_a_constraint_stands_before_the_package():
    """Behind it, such a line is a comment."""
    assert is_built("package p\n\n//go:build windows\n") is True
    assert is_built("//go:build windows\n\npackage p\n\n//go:build linux\n") is False
    assert is_built("// see //go:build windows\npackage p\n") is True
