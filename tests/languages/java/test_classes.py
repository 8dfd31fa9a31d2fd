"""Java's samples: the function stands in the class that the tests call, and nothing is in their way."""

import pytest

from evalsite.languages import LANGUAGES

READING = LANGUAGES["java"].reading
OPEN = "class S {\n    int f(int x) {\n"
"""A prompt that leaves the function of its class open."""
WITH_HELPERS = """import java.util.*;
class S {
    int n = 1;
    static int g(int x) { return x; }
    int h() { return 0; }
    int f(int x) {
"""
MADE = {
    "a method alone": (
        OPEN,
        "public int f(int x) { return x; }\n",
        "class S {\npublic int f(int x) { return x; }\n}\n",
        ("class",),
    ),
    "methods, a value, imports and a class": (
        OPEN,
        "import java.util.*;\nint g() { return N; }\nclass B { }\nint N = 1;\nint f() { return g(); }\n",
        (
            "import java.util.*;\nclass S {\nint g() { return N; }\nint N = 1;\nint f() { return g(); }\n}\n"
            "class B { }\n"
        ),
        ("class",),
    ),
    "a method beside a class that has it": (
        OPEN,
        "class S { int f(int x) { return g(); } }\nint g() { return 1; }\n",
        "class S { int f(int x) { return g(); } }\nint g() { return 1; }\n",
        (),
    ),
    "a class of another name, with a constructor": (
        OPEN,
        "public class T { T() { } int f(int x) { return new T().n; } }\n",
        "class S { S() { } int f(int x) { return new S().n; } }\n",
        ("class",),
    ),
    "the second class has it": (
        OPEN,
        "class A { int g() { return 1; } }\nclass T { int f(int x) { return x; } }\n",
        "class A { int g() { return 1; } }\nclass S { int f(int x) { return x; } }\n",
        ("class",),
    ),
    "both classes": (
        OPEN,
        "class T { int f(int x) { return x; } }\nclass S { int z; }\n",
        "class T { int f(int x) { return x; } }\nclass S { int z; }\n",
        (),
    ),
    "an interface beside it": (
        OPEN,
        "public interface I { public int a(); }\npublic final class S { public int f() { return 1; } }\n",
        "interface I { public int a(); }\nfinal class S { public int f() { return 1; } }\n",
        (),
    ),
    "Main alone": (
        OPEN,
        "public class Main {\n    static int f(int x) { return x; }\n}\n",
        "class S {\n    static int f(int x) { return x; }\n}\n",
        ("class",),
    ),
    "a Main that tries it": (
        OPEN,
        (
            "class S { int f(int x) { return x; } }\n"
            "public class Main {\n    public static void main(String[] a) { new S().f(1); }\n}\n"
        ),
        (
            "class S { int f(int x) { return x; } }\n"
            "// public class Main {\n//     public static void main(String[] a) { new S().f(1); }\n// }\n"
        ),
        ("own-main",),
    ),
    "a class of tests that is no Main": (
        OPEN,
        "class S { int f(int x) { return x; } }\nclass Tests { void t() { new S().f(1); } }\n",
        "class S { int f(int x) { return x; } }\nclass Tests { void t() { new S().f(1); } }\n",
        (),
    ),
    "a package": (
        OPEN,
        "package p;\npublic class S { int f(int x) { return x; } }\n",
        "// package p;\nclass S { int f(int x) { return x; } }\n",
        ("own-main",),
    ),
    "helpers of the prompt": (
        WITH_HELPERS,
        "class S {\n    int f(int x) { return g(x); }\n}\n",
        (
            "import java.util.*;\n\nclass S {\nstatic int g(int x) { return x; }\nint h() { return 0; }\n\n"
            "    int f(int x) { return g(x); }\n}\n"
        ),
        (),
    ),
    "one helper of the prompt, in a class of another name": (
        WITH_HELPERS,
        "import java.util.*;\nclass T {\n    int f(int x) { return g(x); }\n    int h() { return 2; }\n}\n",
        (
            "import java.util.*;\nclass S {\nstatic int g(int x) { return x; }\n\n"
            "    int f(int x) { return g(x); }\n    int h() { return 2; }\n}\n"
        ),
        ("class",),
    ),
    "helpers of the prompt, and a class of its own before that": (
        WITH_HELPERS,
        "class B { }\nclass S {\n    int h() { return 2; }\n    int f(int x) { return g(x); }\n}\n",
        (
            "import java.util.*;\n\nclass B { }\nclass S {\nstatic int g(int x) { return x; }\n\n"
            "    int h() { return 2; }\n    int f(int x) { return g(x); }\n}\n"
        ),
        (),
    ),
    "nothing that is asked for": (
        WITH_HELPERS,
        "class T { int z() { return 1; } }\n",
        "import java.util.*;\n\nclass T { int z() { return 1; } }\n",
        (),
    ),
    "all helpers of the prompt": (
        WITH_HELPERS,
        "class S {\n    int g() { return 3; }\n    int h() { return 2; }\n    int f() { return 1; }\n}\n",
        (
            "import java.util.*;\n\nclass S {\n    int g() { return 3; }\n    int h() { return 2; }\n"
            "    int f() { return 1; }\n}\n"
        ),
        (),
    ),
    "a prompt that leaves no class open": (
        "import java.util.*;\n",
        "public class T { int f(int x) { return x; } }\n",
        "import java.util.*;\n\nclass T { int f(int x) { return x; } }\n",
        (),
    ),
    "a prompt that leaves a function open, and no class": (
        "int f(int x) {\n",
        "int f(int x) { return x; }\n",
        "int f(int x) { return x; }\n",
        (),
    ),
    "a prompt whose class is closed": (
        "class S { int z; }\n",
        "class T { int f(int x) { return x; } }\n",
        "class S { int z; }\n\nclass T { int f(int x) { return x; } }\n",
        (),
    ),
    "public behind other modifiers": (
        OPEN,
        '@A({"b", "c"}) @D public class S { int f(int x) { return x; } }\nfinal public class E { }\n',
        '@A({"b", "c"}) @D class S { int f(int x) { return x; } }\nfinal class E { }\n',
        (),
    ),
    "public behind what it is not of": (
        OPEN,
        "class S {public int f(int x) { return x; } }\nenum E { X; public int g() { return 1; } }\n",
        "class S {public int f(int x) { return x; } }\nenum E { X; public int g() { return 1; } }\n",
        (),
    ),
}


@pytest.mark.parametrize("case", MADE)
def test_the_function_stands_in_the_class_that_is_called(case):
    """Whatever class an answer has put it into, and with what the prompt's class holds besides."""
    prompt, answer, sample, rules = MADE[case]
    assert READING.complete(answer, prompt, "f") == (sample, rules)


@pytest.mark.parametrize("kind", ["class", "interface", "enum", "record"])
@pytest.mark.parametrize("line", ["public {} A", "  @B {} A", "{} A", "public static {} A", "final {} A {{"])
def test_a_line_that_a_type_begins_with_begins_code(kind, line):
    """As do imports, annotations and methods with a modifier; prose does not."""
    assert READING.begins.match(line.format(kind).strip())
    assert not READING.begins.match(f"The {kind} A")


@pytest.mark.parametrize(
    "line",
    ["import static a.B.*;", "package a.b ;", "@Override", "/**", "/* f", "private List<int[]> f(int x) {"],
)
def test_other_lines_begin_code(line):
    """With their modifiers, and up to the bracket of a method."""
    assert READING.begins.match(line)


@pytest.mark.parametrize(
    ("named", "is_java"), [("java", True), ("Java17 x", True), ("{.java}", True), ("javascript", False)]
)
def test_a_fence_names_java(named, is_java):
    """With a version, too; JavaScript is another language."""
    assert bool(READING.fences.match(named)) is is_java
