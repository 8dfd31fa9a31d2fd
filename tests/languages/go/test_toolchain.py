"""What commands a sample in Go is: which files are compiled, as what, and what may be called."""

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.toolchain import Place

GC = LANGUAGES["go"].toolchain
PROGRAM = "package main\n\nfunc F() int { return 1 }\n"
TESTS = 'package main\n\nimport "testing"\n\nfunc TestF(t *testing.T) { F() }\n'


@pytest.fixture
def place(tmp_path):
    """A prepared folder, of which only the list of packages is read."""
    (tmp_path / "known").write_text("packagefile fmt=/fmt.a\n")
    return Place(tools={}, cache=str(tmp_path), work="/work", built="/built")


def test_a_sample_is_a_package_a_program_a_link_and_a_run(place):
    """Each leaves what the next wants."""
    package, main, link, run = GC.steps(PROGRAM, TESTS, place)
    cache = place.cache
    compiling = (f"{cache}/bin/compile", "-p")
    assert package.words == (
        *compiling, "program", "-complete", "-c", "1", "-importcfg", f"{cache}/known",
        "-o", "program.a", "program.go", "tests.go",
    )  # fmt: skip
    assert main.words == (
        *compiling, "main", "-complete", "-c", "1", "-importcfg", "config", "-o", "main.a", "main.go",
    )  # fmt: skip
    assert link.words == (
        f"{cache}/bin/link", "-s", "-w", "-importcfg", "/built/config", "-o", "program", "/built/main.a",
    )  # fmt: skip
    assert run.words == ("/built/program",)
    assert [step.keeps for step in (package, main, link, run)] == [
        ("program.a",),
        ("main.a", "config"),
        ("program",),
        (),
    ]
    assert [step.compiles for step in (package, main, link, run)] == [True, True, True, False]
    assert (run.is_told, run.keeps_head, run.on_all_processors) == (True, True, False)
    assert not any(step.is_told for step in (package, main, link))
    assert package.variables == {"GOROOT": f"{cache}/goroot", "GOMAXPROCS": "1", "GOGC": "400"}
    assert (package.variables, package.variables) == (main.variables, link.variables)


def test_the_package_does_not_know_what_tells_of_the_end(place):
    """Only the program that calls the tests does, and it is linked with both."""
    package, main, *_ = GC.steps(PROGRAM, TESTS, place)
    assert set(package.files) == {"program.go", "tests.go"}
    assert main.files["config"].decode().splitlines() == [
        "packagefile fmt=/fmt.a",
        f"packagefile evalsite/told={place.cache}/told.a",
        "packagefile program=/built/program.a",
    ]
    assert b'{"TestF", program.TestF}' in main.files["main.go"]


def test_program_and_tests_are_files_of_one_package(place):
    """Each with its own lines; the program's main is another function."""
    files = GC.steps(f"{PROGRAM}func main() {{}}\n", TESTS, place)[0].files
    assert files["program.go"].decode() == (
        "package program; \n//line <program>:1\n\n\nfunc F() int { return 1 }\nfunc mainOfTheProgram() {}\n\n"
    )
    assert files["tests.go"].decode().startswith("package program; \n//line <tests>:1\n\n\nimport")


DIRECTIVES = {
    "//go:linkname words evalsite/told.words": "// go:linkname words evalsite/told.words",
    "//line <tests>:7": "// line <tests>:7",
    "//export f": "// export f",
    "//lines of text": "//lines of text",
    "// go:linkname": "// go:linkname",
}


@pytest.mark.parametrize("line", DIRECTIVES)
def test_a_program_gives_the_compiler_no_directives(place, line):
    """They are comments like others, in samples and in exercises."""
    source = f"package main\n{line}\nfunc F() {{}}\n"
    sample = GC.steps(source, TESTS, place)[0].files["program.go"].decode()
    exercise = GC.steps_of_files({"f.go": source}, {"f_test.go": TESTS}, {}, place)[0].files["f.go"].decode()
    assert sample.split("\n")[3] == DIRECTIVES[line]
    assert exercise.split("\n")[2] == DIRECTIVES[line]


@pytest.fixture
def exercise(place):
    """The commands of an exercise: a function that returns its files, and the last command."""

    def of(files, tests, other):
        package, *_, run = GC.steps_of_files(files, tests, other, place)
        return {name: text.decode() for name, text in package.files.items()}, run

    return of


def test_an_exercise_is_its_files_beside_each_other(exercise):
    """Those in folders and those for other systems are not built; what runs finds them all."""
    files = {"f.go": PROGRAM, "g/g.go": "package g\n", "w.go": "//go:build windows\n\npackage main\n"}
    other = {"go.mod": "module f\n", "cases_test.go": "package main\n\nvar cases = 1\n"}
    tests = {"f_test.go": TESTS}
    built, run = exercise(files, tests, other)
    assert set(built) == {"f.go", "cases_test.go", "f_test.go", "zz_refused.go"}
    assert built["f.go"] == "//line <program>:1\npackage program\n\nfunc F() int { return 1 }\n\n"
    assert built["f_test.go"].startswith("//line <tests>:1\npackage program\n")
    assert built["cases_test.go"].startswith("//line cases_test.go:1\npackage program\n")
    assert built["zz_refused.go"] == "package program\n\n"
    assert {name: text.decode() for name, text in run.files.items()} == {**other, **tests, **files}
    assert (run.variables, run.on_all_processors, run.is_told) == ({"GOMAXPROCS": "2"}, True, True)


def test_of_several_files_each_goes_by_its_own_name(exercise):
    """None of them is the program, nor the tests."""
    built, _ = exercise(
        {"a.go": "package a\n", "b.go": "package a\n"}, {"a_test.go": TESTS, "b_test.go": ""}, {}
    )
    assert [text.split("\n")[0] for name, text in built.items() if name != "zz_refused.go"] == [
        "//line a_test.go:1",
        "//line b_test.go:1",
        "//line a.go:1",
        "//line b.go:1",
    ]


def test_a_program_replaces_what_was_given_but_no_test(exercise):
    """A file of the same name is the program's; tests are those of all files that hold some."""
    built, _ = exercise(
        {"f.go": PROGRAM}, {"f_test.go": TESTS}, {"f.go": "package old\n", "h.go": "package a\n"}
    )
    assert "func F()" in built["f.go"]
    assert built["h.go"].startswith("//line h.go:1\npackage program")


def test_an_exercise_calls_the_tests_of_its_tests_files(place):
    """Wherever they came from; what looks like a test in the program is called by nobody."""
    files = {"f.go": f"{PROGRAM}func TestNo(t *testing.T) {{}}\n"}
    given = {"more_test.go": TESTS.replace("TestF", "TestG")}
    _, main, *_ = GC.steps_of_files(files, {"f_test.go": TESTS}, given, place)
    text = main.files["main.go"].decode()
    assert '{"TestG", program.TestG}, {"TestF", program.TestF}}' in text
    assert "TestNo" not in text


def test_an_exercise_does_not_give_the_languages_names_another_meaning(exercise):
    """Whichever of its files does."""
    built, _ = exercise(
        {"a.go": "package a\n", "b.go": "package a\nvar true = 1 > 2\n"}, {"f_test.go": TESTS}, {}
    )
    assert "the_program_defines_true_anew" in built["zz_refused.go"]
