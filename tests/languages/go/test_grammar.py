"""What stands at the top level of a Go file: what each declaration is, and the names that it declares."""

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.go.grammar import imports_in
from tests.languages.helpers import items_of

READING = LANGUAGES["go"].reading


ITEMS = {
    "package main\n": ("package", ("main",)),
    "package main;\n": ("package", ("main",)),
    "package main holds the program\n": ("prose", ()),
    'import "fmt"\n': ("import", ()),
    'import (\n\t"fmt"\n\tm "math"\n)\n': ("import", ()),
    "import\n": ("prose", ()),
    "func f(a int) int { return a }\n": ("function", ("f",)),
    "func f(\n\ta int,\n) int {\n\treturn a\n}": ("function", ("f",)),
    "func f[T any](a T) T { return a }\n": ("function", ("f",)),
    "func f\n": ("prose", ()),
    "func f(a int) int\n": ("prose", ()),
    "func (s *S) f() int { return s.x }\n": ("function", ()),
    "func main() {}\n": ("main", ("main",)),
    "func TestF(t *testing.T) { f() }\n": ("tests", ("TestF",)),
    "func BenchmarkF(b *testing.B) { f() }\n": ("tests", ("BenchmarkF",)),
    "func TestF(a int) bool { return a > 1 }\n": ("function", ("TestF",)),
    "func TestOf(a int) bool { return testing.Short() }\n": ("function", ("TestOf",)),
    "func check(t *testing.T) { f() }\n": ("function", ("check",)),
    "type P struct {\n\tx, y int\n}\n": ("type", ("P",)),
    "type (\n\tA int\n\tB struct {\n\t\tx int\n\t}\n)\n": ("type", ("A", "B")),
    "type\n": ("prose", ()),
    "var x = 1\n": ("value", ("x",)),
    "var x, y int\n": ("value", ("x", "y")),
    "var x = a +\n\tb\n": ("value", ("x",)),
    "var x = f(a, b)\n": ("value", ("x",)),
    "var x, y = []int{a, b}, c\n": ("value", ("x", "y")),
    "const (\n\ta = iota\n\tb\n)\n": ("value", ("a", "b")),
    "const (a = 1; b = 2)\n": ("value", ("a", "b")),
    "var (\n\ta, b = f(\n\t\tc,\n\t\td), 1\n\n\te map[string]int\n)\n": ("value", ("a", "b", "e")),
    ";\n": ("value", ()),
    "It returns the sum.\n": ("prose", ()),
    "if a { b() }\n": ("prose", ()),
}
"""One item -> its role and its names."""


@pytest.mark.parametrize("source", ITEMS)
def test_an_item_is_told_by_the_word_that_it_begins_with(source):
    """Names are those that a package's other code may use: no method's, no field's, no parameter's."""
    assert items_of(READING, source) == [ITEMS[source]]


def test_an_item_ends_with_its_line():
    """Unless a bracket is open or an operator or a comma stands before its end."""
    source = (
        "package p\n\nvar a = 1 +\n\t2\nvar b,\n\tc int\n\nfunc f() {\n\tg()\n}\n// the end\ntype T int\n"
    )
    assert items_of(READING, source) == [
        ("package", ("p",)),
        ("value", ("a",)),
        ("value", ("b", "c")),
        ("function", ("f",)),
        ("type", ("T",)),
    ]
    texts = [source[item.start : item.end].strip() for item in READING.read(source).items]
    assert texts == [
        "package p",
        "var a = 1 +\n\t2",
        "var b,\n\tc int",
        "func f() {\n\tg()\n}",
        "// the end\ntype T int",
    ]


def test_the_last_item_needs_no_end_of_a_line():
    """But its brackets do."""
    whole, half = READING.read("func f() {}").items, READING.read("func f() {").items
    assert ([item.complete for item in whole], [item.complete for item in half]) == ([True], [False])
    assert [item.complete for item in READING.read("func f() {} /* half").items] == [True]
    assert items_of(READING, "func f() {") == [("function", ("f",))]
    assert READING.parse("var x = 1") is not None


@pytest.mark.parametrize("text", ['"}"', '"\\"}"', "`}\n\\`", "'{'", "'\\''", "1 // }", "1 /* }\n */"])
def test_a_text_or_comment_holds_no_bracket_and_no_end_of_a_line(text):
    """Interpreted, raw, of a rune."""
    assert items_of(READING, f"func f() {{ g({text}\n) }}\nvar x int\n") == [
        ("function", ("f",)),
        ("value", ("x",)),
    ]


IMPORTS = {
    'import "fmt"': [("", '"fmt"')],
    'import m "math"': [("m", '"math"')],
    'import (\n\t"fmt"\n\tm "math"\n\t"os"\n)': [("", '"fmt"'), ("m", '"math"'), ("", '"os"')],
    'import ("fmt"; `os`)': [("", '"fmt"'), ("", "`os`")],
    'import (\n\t. "fmt"\n\t_ "embed" // for its files\n)': [(".", '"fmt"'), ("_", '"embed"')],
    "import ()": [],
}


@pytest.mark.parametrize("source", IMPORTS)
def test_an_import_brings_paths_and_names(source):
    """A name belongs to the path behind it alone."""
    (item,) = READING.read(source).items
    assert imports_in(item.tokens) == IMPORTS[source]
