"""Go's imports are those that a file uses, each once: the compiler refuses any other."""

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.go.imports import PATHS, brought_by, declared_in, mended, name_of, used_in

READING = LANGUAGES["go"].reading
READ = READING.read


def finished(source):
    """The imports of a file as it is mended, and the rules."""
    whole, rules = mended(READ(source))
    return brought_by(READ(whole)), rules


STRINGS, SORT = ("", '"strings"'), ("", '"sort"')
USES = "func f(a string) string { return strings.ToUpper(a) }\n"
MENDED = {
    "what is used stays": (f'import "strings"\n{USES}', [STRINGS], ()),
    "what is lacking is imported": (USES, [STRINGS], ("imports",)),
    "what is lacking comes by the alphabet": (
        f"{USES}func g(a []int) {{ sort.Ints(a) }}\n", [SORT, STRINGS], ("imports",),
    ),
    "what is lacking comes behind what is there": (
        f'import "strings"\n{USES}func g(a []int) {{ sort.Ints(a) }}\n', [STRINGS, SORT], ("imports",),
    ),
    "a package by its whole path": (
        "func f() int { return rand.Int() }\n", [("", '"math/rand"')], ("imports",),
    ),
    "what nobody uses goes": (f'import (\n\t"sort"\n\t"strings"\n)\n{USES}', [STRINGS], ("unused-imports",)),
    "what stands there twice goes": (
        f'import "strings"\nimport "strings"\n{USES}', [STRINGS], ("unused-imports",),
    ),
    "one goes, one comes": (f'import "sort"\n{USES}', [STRINGS], ("imports", "unused-imports")),
    "by a name of its own": (
        'import s "strings"\nfunc f(a string) string { return s.ToUpper(a) }\n', [("s", '"strings"')], (),
    ),
    "by a name of its own, which nobody uses": (
        f'import s "strings"\n{USES}', [STRINGS], ("imports", "unused-imports"),
    ),
    "what is imported for what it does": (
        'import _ "embed"\nfunc f() {}\n', [("_", '"embed"')], (),
    ),
    "what brings all its names": ('import . "fmt"\nfunc f() { Println() }\n', [(".", '"fmt"')], ()),
    "a package that nobody knows": (
        'import "x.org/tiny/v2"\nfunc f() { tiny.F(); other.F() }\n', [("", '"x.org/tiny/v2"')], (),
    ),
    "a name of another's path is not imported": (
        'import "crypto/rand"\nfunc f() { rand.Read(nil) }\n', [("", '"crypto/rand"')], (),
    ),
    "a member is no package": ("func f(a T) int { return a.sort.x }\n", [], ()),
    "a variable of the file": ("var sort = T{}\nfunc f() int { return sort.x }\n", [], ()),
    "a variable": ("func f() int {\n\tsort := g()\n\treturn sort.x\n}\n", [], ()),
    "the first of two variables": ("func f() int {\n\tsort, n := g()\n\treturn sort.x + n\n}\n", [], ()),
    "the last of two variables": ("func f() int {\n\tn, sort := g()\n\treturn sort.x + n\n}\n", [], ()),
    "a variable behind var": ("func f() int {\n\tvar sort T\n\treturn sort.x\n}\n", [], ()),
    "what stands before a variable": (
        "func f(a string) string {\n\tb := a\n\tc := strings.Fields(b)\n\treturn c[0]\n}\n",
        [STRINGS], ("imports",),
    ),
    "a package before a variable of another line": (
        'func f(a string) int {\n\tstrings.ToUpper(a)\n\tn := 1\n\treturn n\n}\n', [STRINGS], ("imports",),
    ),
    "a receiver": ("func (list *L) f() int { return list.n }\n", [], ()),
    "a parameter": ("func f(sort T) int { return sort.x }\n", [], ()),
    "parameters of one type": ("func f(a int, sort, b T) int { return sort.x }\n", [], ()),
    "a parameter of any number": ("func f(strings ...string) int { return len(strings) }\n", [], ()),
    "a parameter on a line of its own": ("func f(\n\ta int,\n\tsort T,\n) int { return sort.x }\n", [], ()),
    "a result": ("func f(a int) (sort T) { return sort.x }\n", [], ()),
    "a function's in a function": ("func f() {\n\tg(func(sort T) int { return sort.x })\n}\n", [], ()),
    "a parameter's type": ("func f(a time.Time) {}\n", [("", '"time"')], ("imports",)),
    "a type without a name": (
        "type F func(time.Time) bool\n", [("", '"time"')], ("imports",),
    ),
    "a parameter that is called as its type's package": (
        "func f(time time.Time) int { return time.Day() }\n", [("", '"time"')], ("imports",),
    ),
    "an argument": ("func f() { g(sort.Ints, 1) }\n", [SORT], ("imports",)),
}  # fmt: skip
"""What it is -> a file, its imports when it is mended, and the rules."""


@pytest.mark.parametrize("what", MENDED)
@pytest.mark.parametrize("head", ["package main\n\n", ""])
def test_imports_are_those_that_are_used(what, head):
    """Whether a package's clause stands before them or not."""
    source, imports, rules = MENDED[what]
    assert finished(head + source) == (imports, rules)


def test_imports_stand_where_the_first_stood():
    """In one block, with names before their paths; all else stays as it is."""
    source = 'package p\n\nimport "os"\n\nvar x = 1\nimport m "math"\nfunc f() { m.Abs(fmt.Sprint()) }\n'
    block = 'import (\n\tm "math"\n\t"fmt"\n)'
    rest = "var x = 1\n\nfunc f() { m.Abs(fmt.Sprint()) }\n"
    assert mended(READ(source))[0] == f"package p\n\n{block}\n\n{rest}"


def test_imports_of_a_file_without_any_stand_behind_its_package():
    """Or at its beginning."""
    block = 'import (\n\t"strings"\n)\n'
    assert mended(READ(f"package p\n{USES}"))[0] == f"package p\n{block}\n{USES}"
    assert mended(READ(USES))[0] == f"{block}{USES}"


def test_no_import_leaves_no_block():
    """Only the line is empty."""
    assert mended(READ('package p\nimport "os"\nfunc f() {}\n'))[0] == "package p\n\nfunc f() {}\n"


def test_an_answer_is_completed_with_its_imports():
    """The prompt's come before it, where it uses them."""
    prompt = 'package main\n\nimport (\n\t"sort"\n\t"strings"\n)\n\nfunc f(a string) string {\n'
    whole, rules = READING.complete(USES, prompt, "f")
    assert (brought_by(READ(whole)), rules) == ([STRINGS], ("unused-imports",))
    assert [item.role for item in READ(whole).items] == ["package", "import", "function"]


def test_words_before_a_point_are_used():
    """Also where the point stands on the next line; no member, no text."""
    source = 'var x = a.b.c\nvar y = d.\n\te()\nvar z = "f.g" + h(i.j)\n'
    assert used_in(READ(source)) == {"a", "d", "i"}
    assert used_in(READ("a.b")) == {"a"}


DECLARED = {
    "a := 1": {"a"},
    "a, b := f(c)": {"a", "b"},
    "for k, v := range m { w = k }": {"for", "k", "v"},
    "a.b = 1; c := 2": {"c"},
    "m[k] = 1\nx: y": set(),
    "f(a)\nb := 2": {"b"},
    "var a int": {"a"},
    "var a": {"a"},
    "func (r *R) f(a, b T, c ...p.U) (d V) {\n\tg(e)\n}": {"r", "a", "b", "c", "d"},
    "x(func(a T) { g(e) })": {"a"},
    "type F func(a T)\ng(e)": {"a"},
    "var": set(),
    "a :": set(),
}


@pytest.mark.parametrize("source", DECLARED)
def test_names_are_declared_within_functions(source):
    """Before ``:=``, up to what is no name of a list, behind ``var``, and in a function's head."""
    assert declared_in(READ(source)) == DECLARED[source]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ('"fmt"', "fmt"),
        ('"math/rand"', "rand"),
        ('"math/rand/v2"', "rand"),
        ("`unicode/utf8`", "utf8"),
        ('"x.org/vector"', "vector"),
        ('"x.org/go-tiny"', "tiny"),
        ('"gopkg.in/yaml.v3"', "yaml"),
        ('"v2"', ""),
    ],
)
def test_a_package_is_called_by_its_path(path, name):
    """By its last part that is no version."""
    assert name_of(path) == name


def test_packages_of_the_library_are_known_by_name():
    """Of those that share one, by the one that programs mean."""
    assert (PATHS["fmt"], PATHS["heap"], PATHS["rand"]) == ("fmt", "container/heap", "math/rand")
