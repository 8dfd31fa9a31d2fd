"""Java's items: what each is and what it names, which methods a class holds, and what stands in them."""

import pytest

from evalsite.languages import LANGUAGES

READING = LANGUAGES["java"].reading
ITEMS = {
    "package a.b;": [("package",)],
    "import java.util.*;": [("import",)],
    "import static a.B.c; import a.D;": [("import",), ("import",)],
    "class A { }": [("type", "A")],
    "class A { } class B { }": [("type", "A"), ("type", "B")],
    "class A { };": [("type", "A")],
    "public final class A<T> extends B implements C { }": [("type", "A")],
    "sealed interface A permits B { }": [("type", "A")],
    "enum A { X, Y; int f() { return 1; } }": [("type", "A")],
    "record A(int x) { }": [("type", "A")],
    "@FunctionalInterface interface A { int f(int x); }": [("type", "A")],
    '@SuppressWarnings("x") public class A { }': [("type", "A")],
    "int f(int a) { return a; }": [("function", "f")],
    "int f(int a) { return a; };": [("function", "f")],
    "public static <T> List<T> f(List<T> a) throws E { return a; }": [("function", "f")],
    "@Override public int f() { return 1; }": [("function", "f")],
    "int x;": [("value", "x")],
    "int x = 1; int y = x;": [("value", "x"), ("value", "y")],
    "private static final int[] X = {1, 2};": [("value", "X")],
    "final Map<String, Integer> m = new HashMap<>();": [("value", "m")],
    "int a = f(1);": [("value", "a")],
    "List<int[]> a;": [("value", "a")],
    ";": [("value",)],
}


@pytest.mark.parametrize("source", ITEMS)
def test_what_stands_at_the_top_is_told(source):
    """By its modifiers and the word behind them; a program may hold all of these."""
    assert [(item.role, *item.names) for item in READING.read(source).items] == ITEMS[source]
    assert READING.parse(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "This works.",
        "It returns 2 numbers.",
        "Note: the class A { works }",
        "A class with { braces }",
        "class { }",
        "class A",
        "class A;",
        "The answer is x;",
        "long long x = 1;",
        "Here int x = 1;",
        "x = 1;",
        "x;",
        "f(1);",
        "f(1) { }",
        "void f();",
        "{ }",
    ],
)
def test_prose_and_what_no_java_has_at_its_top_is_no_program(source):
    """Statements stand in methods, and other words side by side nowhere."""
    assert "prose" in [item.role for item in READING.read(source).items]
    assert READING.parse(source) is None


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("class A { int f() { return 1; } private static <T> T g(T x) { return x; } }", {"f", "g"}),
        ("class A { A() { } int f() { return 1; } }", {"A", "f"}),
        ("interface A { int f(int x); default int g() { return 1; } }", {"f", "g"}),
        ("abstract class A { abstract int f(int x); }", {"f"}),
        ("class A { int x = f(1); int[] y = {1}; int g() { return 1; } }", {"g"}),
        ("class A { Runnable r = new Runnable() { public void run() { } }; int g() { return 1; } }", {"g"}),
        ("class A { class B { int f() { return 1; } } int g() { h(2); return 1; } }", {"g"}),
        ("class A { static { f(); } int g() { return 1; } }", {"g"}),
        ("class A { { f(); } int g() { return 1; } }", {"g"}),
        ("class A { int x = new B() { }.f(1); int g() { return 1; } }", {"g"}),
        ("class A { int x; }", set()),
        ("class A { int f() { return 1; } } int g() { return 1; }", {"f"}),
        ("int f() { return 1; }", set()),
    ],
)
def test_methods_of_a_class_are_its_own(source, names):
    """Not what its values call, nor what its methods or classes within hold."""
    item = READING.read(source).items[0]
    assert READING.grammar.members(item) == names
    assert all(READING.parse(source).defines(name) for name in names)


@pytest.mark.parametrize(
    ("begun", "asked"),
    [
        ("class S {\n    int f(int x) {\n", "f"),
        ("class S {\n    int g() { return 1; }\n    int f(int x) {\n", "f"),
        ("class S {\n    int g() { return 1; }\n    int n = f(2);\n", "g"),
        ("class S {\n    int f(int x) {\n        int[] a = {1};\n        h(x);\n", "f"),
        ("int f(int x) {\n", "f"),
        ("class S {\n", "given"),
        ("class S {\n    int n = 1;\n", "given"),
        ("class S { int g() { return 1; } }\n", "given"),
        ("int x = g(\n", "given"),
    ],
)
def test_the_method_that_a_prompt_leaves_open_is_asked_for(begun, asked):
    """The last of its class; without one, what the problem calls it."""
    assert READING.asked(begun, "given") == asked


@pytest.mark.parametrize(
    ("source", "is_stub"),
    [
        ("class S { int f() { } }", True),
        ("class S { int f() { /* later */ } int g() { return 1; } }", True),
        ('class S { int f() { throw new X("not implemented"); } }', True),
        ("class S { int g() { } int f() { return 1; } }", False),
        ("int f() { }", True),
        ("int f() { return 1; }", False),
        ("int g() { }", False),
    ],
)
def test_a_method_with_nothing_in_it_is_a_stub(source, is_stub):
    """That of the name, in a class or alone."""
    assert READING.parse(source).is_stub("f") is is_stub
