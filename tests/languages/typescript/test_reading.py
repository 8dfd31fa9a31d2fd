"""TypeScript's items and samples: JavaScript's, with types, in modules that its compiler reads."""

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.helpers import items_told

READING = LANGUAGES["typescript"].reading
F = "function f(a: number): number { return a }\n"
ITEMS = {
    "interface A { b: number }": ["type A"],
    "export interface A extends B { }\nf()": ["type A", "statement"],
    "type A = string | number": ["type A"],
    "export type A<T> = { b: T }": ["type A"],
    "enum A { B }": ["type A"],
    "declare enum A { B } f()": ["type A", "statement"],
    "namespace A { } f()": ["type A", "statement"],
    "abstract class A { abstract f(): void } f()": ["type A", "statement"],
    "class A<T> implements B { }": ["type A"],
    "declare const a: number": ["value a"],
    "declare module 'a' { }": ["statement"],
    "let a: number = 1": ["value a"],
    "const f: (a: number) => number = a => a": ["function f"],
    "export function f<T extends B>(a: T): a is C { return true }": ["function f"],
    "import type { A } from 'b'": ["import A"],
    "f(a) satisfies A": ["statement"],
    "keyof A": ["statement"],
    "readonly a": ["statement"],
    "type = 1": ["value type"],
}


@pytest.mark.parametrize("source", ITEMS)
def test_what_stands_at_the_top_is_told(source):
    """Types end with their brace or line, and their words may stand beside others."""
    assert items_told(READING, source) == ITEMS[source]


@pytest.mark.parametrize("source", ["The type works", "It returns 2 numbers", "Here: interface A", "Works"])
def test_prose_is_no_statement(source):
    """Also with a word of the language's in it."""
    assert READING.parse(source) is None


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("class A { f(a: number): number { return a } }", "(new A() as any).f(...words)"),
        ("class A { private static f(a: number) { return a } }", "(A as any).f(...words)"),
        ("interface A { f(a: number): number }", ""),
        ("class A { g(): number { return this.f(1) } }", ""),
    ],
)
def test_a_function_calls_a_method_of_its_name(source, call):
    """Of any type, as what its types are is its own business; an interface has no methods to call."""
    function = f"const f = (...words: any[]): any => {call};\n" if call else ""
    assert READING.complete(f"{source}\n", "", "f") == (
        (f"{source}\n{function}\n", ("method",)) if call else (f"{source}\n", ())
    )


def test_a_module_stays_one():
    """The compiler knows what JavaScript's scripts do not."""
    source = f"import {{ a }} from 'b';\nexport {F}"
    assert READING.complete(source, "", "f") == (source, ())


@pytest.mark.parametrize(
    "line",
    [
        "interface A {",
        "export type A<T> = {",
        "enum A {",
        "declare let a",
        "abstract class A {",
        "namespace A {",
        "const a",
    ],
)
def test_a_line_begins_code(line):
    """Of types, and whatever begins JavaScript."""
    assert READING.begins.match(line)
    assert not READING.begins.match(f"The {line}")


@pytest.mark.parametrize("line", ["interface A {", "type A = B", "enum A { }", "export const a", "class A {"])
def test_a_line_defines_something(line):
    """On any line of an answer that is not indented."""
    assert READING.defining.search(f"a\n{line}\n")
    assert not READING.defining.search(f"a\n  {line}\n")
