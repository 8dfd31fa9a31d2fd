"""JavaScript's items: where each ends, what it is and what it names, and which sentences are none."""

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.helpers import items_told

READING = LANGUAGES["javascript"].reading
ITEMS = {
    "import a from 'b'": ["import a"],
    "import a, {b, c} from 'd';": ["import a b c"],
    "import * as a from 'b'": ["import a"],
    "import 'a'": ["import"],
    "import('a').then(f)": ["statement"],
    "const a = require('b')": ["import a"],
    "const {a, b} = require('c');": ["import a b"],
    "const f = (require) => g(require)": ["function f"],
    "const required = g(require)": ["import required"],
    "function f(a) { return a }": ["function f"],
    "function* f() { }": ["function f"],
    "async function f() { }": ["function f"],
    "export default async function* f(a) { }": ["function f"],
    "export default function (a) { return a }": ["function"],
    "function f() { } function g() { }": ["function f", "function g"],
    "function f()\n{\n}\ng()": ["function f", "statement"],
    "const f = a => a": ["function f"],
    "let f = function () { return 1 };": ["function f"],
    "f = async (a) => { await a }": ["function f"],
    "class A { f() { } }": ["type A"],
    "export class A extends B { }": ["type A"],
    "export default class extends B { }": ["statement"],
    "export default class { }": ["statement"],
    "export class A { } f()": ["type A", "statement"],
    "async": ["statement"],
    "const a = 1, b = 2": ["value a b"],
    "const a = g(1, c), b = 2": ["value a b"],
    "const {a, b} = c": ["value a b"],
    "const [a, b] = [c, d]": ["value a b"],
    "var a": ["value a"],
    "a = 1": ["value a"],
    "a == 1, b": ["statement"],
    "a.b = 1": ["statement"],
    "const a = {\n  b: 1\n}\nf(a)": ["value a", "statement"],
    "export const a = { b: 1 }\n  .b\nf(1)": ["value a", "statement"],
    "export const a = { b: 1 }, c = 2": ["value a c"],
    "export var a = function () { }.bind(b), c": ["function a c"],
    "export { f, g } from 'a'\nf()": ["statement", "statement"],
    "export function f() { } g()": ["function f", "statement"],
    "const a = b +\n  c": ["value a"],
    "const a = b -\n  c\nf()": ["value a", "statement"],
    "const a = b\n  ? c\n  : d": ["value a"],
    "let a = b--\nf()": ["value a", "statement"],
    "let a = b++\nf()": ["value a", "statement"],
    "f(a)\n  .then(g)\ng()": ["statement", "statement"],
    "let a = b\n!f()": ["value a", "statement"],
    "let a = new\n  B()\nf()": ["value a", "statement"],
    "export default\n  f\ng()": ["statement", "statement"],
    "if (a) {\n  f()\n} else {\n  g()\n}\nh()": ["statement", "statement"],
    "if (a)\n{ f() }\ng()": ["statement", "statement"],
    "try { f() } catch (e) { } finally { g() }\nh()": ["statement", "statement"],
    "for (;;) { f() } g()": ["statement", "statement"],
    "{ f() }\ng()": ["statement", "statement"],
    "f(1); g(2); h(3)": ["statement"] * 3,
    "return": ["statement"],
    "'use strict'\nf()": ["statement", "statement"],
    "new A()": ["statement"],
    "f(a) in b": ["statement"],
    "f`a b`": ["statement"],
    "a => a": ["statement"],
}


@pytest.mark.parametrize("source", ITEMS)
def test_what_stands_at_the_top_is_told(source):
    """An item ends with a semicolon, a block's brace, or a line behind which nothing goes on."""
    assert items_told(READING, source) == ITEMS[source]
    assert READING.parse(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "This works.",
        "It returns 2 numbers.",
        "Returns the sum (of all)",
        "Here is 'a text'",
        'Prints "a text"',
        "Use `f` now",
        "Works",
        "Works;",
        "a, b",
        "Step 1: f()",
        "type A = B",
        "enum A { B }",
        "f satisfies A",
    ],
)
def test_prose_is_no_statement(source):
    """Two words side by side that no script has there, also around a text, or a word that does nothing."""
    assert [item.role for item in READING.read(source).items] == ["prose"]
    assert READING.parse(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "const f = a => /[/'\"]/g.test(a)",
        "function f(a) { return /'/.test(a) }",
        "function f(a) { return a / 2 + 'a / b' }",
        "function f(a) { return a[0] / 2 / `${a}'` }",
        "function f(a) { return (a) / '/'.length }",
        "function f(a) { return 1 / 2 / 3 // '\n}",
        "function f(a) { return `a` / 2 /* ' */ }",
        "const f = (a) => `${`${a}'`}$`\nlet b = `\n`",
        "#!/usr/bin/env node\nfunction f(a) { return '\\'' }",
        "class B { #f = 1; get f$() { return this.#f } }\nfunction f() { }",
    ],
)
def test_texts_and_regular_expressions_are_told_from_divisions(source):
    """What is in them neither opens nor ends anything."""
    code = READING.parse(source)
    assert code is not None
    assert "f" in code.defined


@pytest.mark.parametrize(
    ("source", "in_text"), [("const a = /b", True), ("a = b / c", False), ("`${a", False), ("`${a}", True)]
)
def test_a_text_is_open_until_it_ends(source, in_text):
    """A hole in it is code."""
    assert READING.leaves_text_open(source) is in_text


@pytest.mark.parametrize("source", ["function f() { }", "const a = 1", "f(1)", "if (a) { }"])
def test_items_before_a_text_that_nothing_ends_are_whole(source):
    """As far as the source goes."""
    assert READING.last_complete(f"{source}\n'it", ended=True) == f"{source}\n"
