"""PHP's items and samples: what each item is and names, what is a text, and the tags around a program."""

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.helpers import items_told

READING = LANGUAGES["php"].reading
F = "function f() { return 1; }\n"
ITEMS = {
    "<?php\nf();": ["package", "statement"],
    "f();\n?>\nit's text\n<?php f();": ["statement", "package", "statement"],
    "// it's ?>\n<?php f();": ["package", "statement"],
    "namespace A;": ["package"],
    "namespace A { } f();": ["package", "statement"],
    "declare(strict_types=1);": ["package"],
    "use A\\B;": ["import"],
    "require 'a.php';": ["import"],
    "INCLUDE_ONCE 'a.php';": ["import"],
    "function f($x) { } function g() { }": ["function f", "function g"],
    "Function &f($x): int { }": ["function f"],
    "function ($x) { };": ["statement"],
    "function ($x) use ($y) { return z; };": ["statement"],
    "class A extends B { }": ["type A"],
    "abstract class A { } f();": ["type A", "statement"],
    "Final Readonly Class A { }": ["type A"],
    "interface A { }": ["type A"],
    "trait A { }": ["type A"],
    "enum A: int { case B = 1; }": ["type A"],
    "$x = 1;": ["value $x"],
    "$f = function ($x) { return $x; };\nf();": ["value $f", "statement"],
    "$x = [1,\n  2];": ["value $x"],
    "$x == 1;": ["statement"],
    "$x = y == 1;": ["value $x"],
    "const": ["statement"],
    "function": ["statement"],
    "f()": ["statement"],
    "$x->y = 1;": ["statement"],
    "$x;": ["statement"],
    "const A = 1;": ["value A"],
    "f(1);": ["statement"],
    "\\A\\f(1);": ["statement"],
    "A::f();": ["statement"],
    "new A;": ["statement"],
    "echo A;": ["statement"],
    "Echo 'a';": ["statement"],
    "++$x;": ["statement"],
    "-f(1);": ["statement"],
    ";": ["statement"],
    "{ f(); } g();": ["statement", "statement"],
    "if ($x) { f(); } elseif (y) { } Else { g(); } h();": ["statement", "statement"],
    "try { f(); } catch (E $e) { } finally { } g();": ["statement", "statement"],
    "foreach ($x as $y) { f(); } g();": ["statement", "statement"],
    "if ($x): f(); endif;": ["statement", "statement"],
    "goto a;": ["statement"],
    "return;": ["statement"],
}


@pytest.mark.parametrize("source", ITEMS)
def test_what_stands_at_the_top_is_told(source):
    """By the word that it begins with, in letters of either size."""
    assert items_told(READING, source) == ITEMS[source]
    assert READING.parse(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "This works;",
        "It returns 2;",
        "A 'text';",
        "Works;",
        "Works",
        "f;",
        "Class works;",
        "abstract class",
        "f (x) y z;",
    ],
)
def test_prose_is_no_statement(source):
    """Two words side by side that are none of PHP's, one that does nothing, or a class without braces."""
    assert READING.parse(source) is None


@pytest.mark.parametrize("source", ["$x", "$x =", "$x = 1", "const", "function", "class", "use", "-", "f("])
def test_items_before_one_that_is_cut_off_are_whole(source):
    """Wherever that is."""
    assert READING.last_complete(f"g();\n{source}") == "g();\n"


@pytest.mark.parametrize(
    "source",
    [
        "$x = 'it\\'s {';",
        "$x = \"it's {$y['a']} {\";",
        "$x = `it's {$y}`;",
        "$x = <<<E\n  it's\n  E;",
        "$x = <<<'E'\n{it's\nE;",
        "$x = <<< \"E\"\nit's E\nE . 'a';",
        "# it's\nf();",
        "/* it's */ f();",
        "// it's? {\nf();",
    ],
)
def test_texts_and_comments_end(source):
    """Whatever is in them."""
    found = READING.read(f"{source}\nfunction last() {{ }}\n")
    assert found.found.is_whole
    assert found.items[-1].names == ("last",)


@pytest.mark.parametrize(
    ("source", "sample", "rules"),
    [
        (F, f"<?php\n{F}", ("php-tags",)),
        (f"<?php\n{F}", f"<?php\n{F}", ()),
        (f"<?php\n{F}?>\n", f"<?php\n{F}", ("php-tags",)),
        (f"{F}\n?>", f"<?php\n{F}", ("php-tags",)),
        (f"<?php\nnamespace A;\n{F}", f"<?php\n// namespace A;\n{F}", ("own-main",)),
        (f"<?php\nNamespace A {{ {F}}}\n", f"<?php\nNamespace A {{ {F}}}\n", ()),
        (f"<?php\ndeclare(strict_types=1);\n{F}", f"<?php\ndeclare(strict_types=1);\n{F}", ()),
        (f"<?php\n{F}var_dump(1);\n", f"<?php\n{F}// var_dump(1);\n", ("examples",)),
    ],
)
def test_a_program_begins_with_its_tag(source, sample, rules):
    """And ends with none, behind which its tests were text; a namespace that all is in goes."""
    assert READING.complete(source, "", "f") == (sample, rules)
    assert READING.finished("", READING.context(""), "f") == ("<?php\n", ("php-tags",))


@pytest.mark.parametrize("static", ["", "public static "])
def test_a_function_calls_a_method_of_its_name(static):
    """Of an object without arguments, which calls what is static, too."""
    source = f"<?php\nclass A {{ {static}function f($x) {{ return $x; }} }}\n"
    call = "function f(...$words) { return (new A())->f(...$words); }\n"
    assert READING.complete(source, "", "f") == (f"{source}{call}\n", ("method",))
    assert READING.complete(f"{source}{F}", "", "f") == (f"{source}{F}", ())
