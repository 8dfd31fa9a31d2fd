"""What stands at the top level of a C++ file: what each item is, and the names that it declares."""

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.helpers import items_of

READING = LANGUAGES["cpp"].reading


ITEMS = {
    "#include <vector>": ("import", ()),
    "#define MAX(a, b) \\\n    ((a) > (b) ? (a) : (b))": ("import", ()),
    "using namespace std;": ("import", ()),
    "using std::vector;": ("import", ()),
    "using A = vector<int>;": ("type", ("A",)),
    "template <typename T> using V = vector<T>;": ("type", ("V",)),
    "namespace a { int f() { return 1; } }": ("type", ("a",)),
    "namespace { int x; }": ("type", ()),
    "typedef long long ll;": ("type", ("ll",)),
    "typedef int A[3];": ("type", ("A",)),
    "struct P { int x; };": ("type", ("P",)),
    "struct P;": ("type", ("P",)),
    "struct { int x; } p;": ("type", ()),
    "enum { A, B };": ("type", ()),
    "struct P { int f(int a) { return a; } };": ("type", ("P",)),
    "class P : public Q { int x; };": ("type", ("P",)),
    "enum class E : int { A, B };": ("type", ("E",)),
    "union U { int a; float b; };": ("type", ("U",)),
    "template <typename T>\nstruct P { T x; };": ("type", ("P",)),
    "template <typename T, class U = vector<T>> struct P {};": ("type", ("P",)),
    "template <> struct P<int> { int x; };": ("type", ("P",)),
    "int f(int a) { return a; }": ("function", ("f",)),
    "vector<pair<int, int>> f(vector<int> a, int b = 2) { return {}; }": ("function", ("f",)),
    "struct P f(int a) { return P(); }": ("function", ("f",)),
    "enum E f() { return A; }": ("function", ("f",)),
    "template <typename T>\nT f(T a) { return a; }": ("function", ("f",)),
    "template <class T> static inline T f(T a) { return a; }": ("function", ("f",)),
    "[[nodiscard]] int f() { return 1; }": ("function", ("f",)),
    "[[deprecated(\"a\")]] constexpr int f() { return 1; }": ("function", ("f",)),
    "auto f(int a) -> int { return a; }": ("function", ("f",)),
    "int f(int a) try { return 1; } catch (...) { return 2; }": ("function", ("f",)),
    "bool operator<(const P& a, const P& b) { return a.x < b.x; }": ("function", ()),
    "ostream& operator<<(ostream& out, P p) { return out; }": ("function", ()),
    "f(int a) { return a; }": ("prose", ()),
    "int main() { return 0; }": ("main", ("main",)),
    "int main(int argc, char** argv) {}": ("main", ("main",)),
    "int f(int a);": ("value", ()),
    "bool operator_of(int a);": ("value", ()),
    "int x;": ("value", ("x",)),
    "int x = f(1);": ("value", ("x",)),
    "int x = a < b;": ("value", ("x",)),
    "int *p = 0;": ("value", ("p",)),
    "int a[3];": ("value", ("a",)),
    "vector<int> v{1, 2};": ("value", ("v",)),
    "vector<int> v(10);": ("value", ()),
    "map<int, vector<int>> m;": ("value", ("m",)),
    "std::map<string, int> m = {};": ("value", ("m",)),
    "const char* s = \"a\";": ("value", ("s",)),
    "const unsigned long long MOD = 7;": ("value", ("MOD",)),
    "static const unsigned long long int MOD = 7;": ("value", ("MOD",)),
    "auto f = [](int a) { return a; };": ("value", ("f",)),
    "template <typename T> T x = 1;": ("value", ("x",)),
    "extern int x;": ("value", ("x",)),
    ";": ("value", ()),
    "x = 1;": ("prose", ()),
    "1 x = 1;": ("prose", ()),
    "f(1);": ("prose", ()),
    "a < b;": ("prose", ()),
    "return 1;": ("prose", ()),
    "a + = 1;": ("prose", ()),
    "a 2 b = 1;": ("prose", ()),
    "a \"b\" c = 1;": ("prose", ()),
    "It returns the sum of two numbers;": ("prose", ()),
    "We say that it is = 1;": ("prose", ()),
    "a b c d = 1;": ("value", ("d",)),
    "a b c d e = 1;": ("prose", ()),
}  # fmt: skip
"""One item -> its role and its names."""


@pytest.mark.parametrize("source", ITEMS)
def test_an_item_is_told_by_its_first_word_or_its_brackets(source):
    """Behind a template's parameters and attributes; names are those of the item alone."""
    assert items_of(READING, source) == [ITEMS[source]]


ENDS = {
    "int f() { return 1; }\nint g() { return 2; }": ["int f() { return 1; }", "int g() { return 2; }"],
    "int f() { return 1; };\nint x;": ["int f() { return 1; }", ";", "int x;"],
    "struct P { int x; } p;\nint x;": ["struct P { int x; } p;", "int x;"],
    "struct P { int x; };\n#define A 1\nint x;": ["struct P { int x; };", "#define A 1", "int x;"],
    "int f() { return 1; }\n#include <a>\n": ["int f() { return 1; }", "#include <a>"],
    "struct alignas(8) P { int x; };\nint x;": ["struct alignas(8) P { int x; };", "int x;"],
    "vector<int> v{1, 2};\nint x;": ["vector<int> v{1, 2};", "int x;"],
    "vector<P> v = {{1}, {2}};\nint x;": ["vector<P> v = {{1}, {2}};", "int x;"],
    "auto f = [](int a) { return a; };\nint x;": ["auto f = [](int a) { return a; };", "int x;"],
    "namespace a { int x; }\nint y;": ["namespace a { int x; }", "int y;"],
    "template <class T> struct P { T x; }\n;": ["template <class T> struct P { T x; }\n;"],
    "int f() try { } catch (...) { }\nint x;": ["int f() try { } catch (...) { }", "int x;"],
}


@pytest.mark.parametrize("source", ENDS)
def test_functions_and_namespaces_end_with_their_brace(source):
    """All else with a semicolon, and a directive with its line."""
    found = READING.read(source).items
    assert [source[item.code : item.end] for item in found] == ENDS[source]


HALF = {
    "int f(int a) {": ("function", ("f",)),
    "int main() {": ("main", ("main",)),
    "struct P {": ("type", ("P",)),
    "namespace a": ("type", ("a",)),
    "namespace": ("type", ()),
    "struct P { int x; }": ("type", ("P",)),
    "struct P { int x; }\n#define A": ("type", ("P",)),
    "int x = 1": ("prose", ()),
    "[[nodiscard]]": ("prose", ()),
    "template <typename T": ("prose", ()),
    "template <(a>) x": ("prose", ()),
}


@pytest.mark.parametrize("source", HALF)
def test_half_an_item_is_not_complete(source):
    """A type is none without its semicolon."""
    item = READING.read(source).items[0]
    assert (item.role, item.names, item.complete) == (*HALF[source], "#" in source)


@pytest.mark.parametrize(
    "text",
    [
        '"}"',
        '"\\"}"',
        'R"(})"',
        'u8R"a()")a"',
        "L'}'",
        "'\\''",
        "1'000",
        "1 // }\n",
        "1 // } \\\n }\n",
        "/* }\n */ 1",
    ],
)
def test_a_text_or_comment_holds_no_bracket(text):
    """Raw ones, letters; a mark between digits begins no letter."""
    assert items_of(READING, f"int f() {{ g({text}); }}\nint x;") == [("function", ("f",)), ("value", ("x",))]
