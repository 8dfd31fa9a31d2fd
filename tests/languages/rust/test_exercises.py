"""How rustc is called: for a sample's crate, and for an exercise's library and each file of its tests."""

from itertools import pairwise

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.rust.compiling import RESTORED, linked, rustc
from evalsite.languages.toolchain import Place

CARGO = '[package]\nname = "my-own"\nversion = "1.0"\nedition = "2021"\n'
LIBRARY = "pub fn f() -> i32 { 1 }\n"
TESTS = "use my_own::f;\n#[test]\n#[ignore]\nfn t() { assert_eq!(f(), 1) }\n"


@pytest.fixture
def root(tmp_path):
    """Where a compiler is, with its libraries for two targets."""
    for target in ("b", "a"):
        (tmp_path / "lib" / "rustlib" / target / "lib").mkdir(parents=True)
    return str(tmp_path)


def place_of(root, **fields):
    tools = {"rustc": f"{root}/bin/rustc", "cc": "/usr/bin/cc"}
    return Place(tools=tools, cache="/cache", work="/work", built="/built", **fields)


def steps(root, files, tests=None, other=None):
    """The commands of an exercise."""
    return LANGUAGES["rust"].toolchain.steps_of_files(files, tests or {}, other or {}, place_of(root))


def after(words, option):
    """What stands behind each of an option."""
    return [value for word, value in pairwise(words) if word == option]


def test_a_crate_is_built_as_for_tests(root):
    """Quickly, with checks of overflow, with short messages and without warnings."""
    words, variables = rustc(place_of(root), "mine", "2018")
    assert words == [
        f"{root}/bin/rustc", "--edition", "2018", "--crate-name", "mine",
        "-C", "opt-level=0", "-C", "debuginfo=0", "-C", "debug-assertions=on", "-C", "overflow-checks=on",
        "-C", "codegen-units=1", "--cap-lints", "allow", "-A", "warnings", "--error-format", "short",
        "--sysroot", root,
    ]  # fmt: skip
    libraries = [f"{root}/lib", f"{root}/lib/rustlib/a/lib", f"{root}/lib/rustlib/b/lib"]
    assert variables == {"LD_LIBRARY_PATH": ":".join(libraries)}


def test_further_crates_are_named(root):
    """Each by its file, and the folders of what these need."""
    place = place_of(root, packages="/packages", package_files=("libtiny-0123456789abcdef.rlib", "x.txt"))
    words, _ = rustc(place, "mine", "2018")
    assert after(words, "--extern") == ["tiny=/packages/libtiny-0123456789abcdef.rlib"]
    assert after(words, "-L") == ["dependency=/packages", "dependency=/packages/deps"]


def test_a_program_is_linked_with_what_tells_of_its_end(root):
    """Which wraps its main."""
    assert linked(place_of(root), "native.o") == [
        "-C", "linker=/usr/bin/cc", "-C", "link-arg=/cache/native.o", "-C", "link-arg=-Wl,--wrap=main",
    ]  # fmt: skip


def test_macros_of_the_library_are_restored():
    """Each by its own name, whatever it is called with."""
    assert "macro_rules! assert_eq { ($($t:tt)*) => { ::std::assert_eq!($($t)*) } }" in RESTORED
    assert RESTORED.count("macro_rules!") == RESTORED.count("::std::") == 11


def test_a_sample_is_one_crate(root):
    """It is compiled from the standard input, for tests, and then run."""
    place = place_of(root)
    toolchain = LANGUAGES["rust"].toolchain
    compiled, run = toolchain.steps("fn f() {}\n", "fn main() { f() }\n", place)
    words, variables = rustc(place, "program", "2021")
    ends = ("--cfg", "test", "-C", "prefer-dynamic", *linked(place, "native.o"), "-o", "program", "-")
    assert compiled.words == (*words, *ends)
    assert (compiled.keeps, compiled.compiles, compiled.is_told) == (("program",), True, False)
    assert (run.words, run.compiles, run.is_told) == (("/built/program",), False, True)
    assert compiled.variables == run.variables == variables


def test_an_exercise_is_a_library_and_each_file_of_tests(root):
    """A crate of tests is compiled with the library and with what tells of the end, and run."""
    files = {"src/lib.rs": LIBRARY, "src/more.rs": "", "Cargo.toml": CARGO}
    tests = {"tests/t.rs": TESTS, "tests/u.rs": TESTS, "tests/data/v.rs": "", "tests/w.txt": ""}
    library, *commands = steps(root, files, tests)
    place = place_of(root)
    words, variables = rustc(place, "my_own", "2021")
    ends = ("--crate-type", "rlib", "--remap-path-prefix=src/lib.rs=<program>", "-o", "libmy_own.rlib")
    assert library.words == (*words, *ends, "src/lib.rs")
    assert set(library.files) == {"src/lib.rs", "src/more.rs"}
    assert (library.keeps, library.compiles) == (("libmy_own.rlib",), True)
    assert library.variables == variables
    assert len(commands) == 4
    for path, compiled, run in zip(("tests/t.rs", "tests/u.rs"), commands[::2], commands[1::2], strict=True):
        words, _ = rustc(place, "tests", "2021")
        native = linked(place, "native_main.o")
        ends = (f"--remap-path-prefix={path}=<tests>", "-o", "program", "all.rs")
        extern = ("--test", "--extern", "my_own=/built/libmy_own.rlib")
        assert compiled.words == (*words, *extern, *native, *ends)
        unit = f'{RESTORED} extern crate my_own; #[path = "{path}"] mod exercise;\n'
        assert compiled.files["all.rs"].decode() == unit
        assert set(compiled.files) == {*tests, "all.rs"}
        assert (compiled.keeps, compiled.compiles, compiled.is_told) == (("program",), True, False)
        assert run.words == ("/built/program", "--include-ignored", "--test-threads=1")
        assert set(run.files) == {*files, *tests}
        assert (run.is_told, run.keeps_head, run.on_all_processors) == (True, True, True)
        assert (run.compiles, run.keeps) == (False, ())
        assert compiled.variables == run.variables == variables


def test_what_was_given_is_there_and_tests_come_last(root):
    """A test that is the benchmark's own replaces what the answer or the exercise has in its place."""
    files = {"src/lib.rs": LIBRARY, "tests/t.rs": "// its own"}
    other = {"tests/t.rs": "// given", "tests/common/mod.rs": "// given", "src/data.txt": "1"}
    library, compiled, run = steps(root, files, {"tests/t.rs": TESTS}, other)
    assert set(library.files) == {"src/lib.rs", "src/data.txt"}
    assert compiled.files["tests/t.rs"].decode() == run.files["tests/t.rs"].decode() == TESTS
    assert compiled.files["tests/common/mod.rs"] == b"// given"


CRATES = {
    "": ("2015", "exercise"),
    CARGO: ("2021", "my_own"),
    "name='a'\n  edition = '2018'\n": ("2018", "a"),
    'edition.workspace = true\nname = "a_b"': ("2015", "a_b"),
    'edition = "2022"\nname = "a b"': ("2015", "exercise"),
    'rename = "c"\n# edition = "2021"\n': ("2015", "exercise"),
}


@pytest.mark.parametrize("about", CRATES)
@pytest.mark.parametrize("whose", ["its own", "given"])
def test_a_crate_is_what_its_file_says(root, about, whose):
    """Its name and its edition, whether the file is the answer's or was given; else the compiler's own."""
    files = {"src/lib.rs": LIBRARY, **({"Cargo.toml": about} if whose == "its own" else {})}
    library, compiled, _ = steps(
        root, files, {"tests/t.rs": TESTS}, {"Cargo.toml": about} if whose == "given" else {}
    )
    edition, name = CRATES[about]
    assert (after(library.words, "--edition"), after(library.words, "--crate-name")) == ([edition], [name])
    assert after(compiled.words, "--edition") == [edition]
    assert after(compiled.words, "--extern") == [f"{name}=/built/lib{name}.rlib"]


def test_an_exercise_without_tests_does_not_pass(root):
    """Its last command is one that nobody has."""
    *_, last = steps(root, {"src/lib.rs": LIBRARY, "tests/data/t.rs": TESTS, "src/tests/t.rs": TESTS})
    assert last.words == ("/nowhere/there-are-no-tests",)
    assert not last.is_told
