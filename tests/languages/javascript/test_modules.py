"""JavaScript's samples: modules become scripts, and a function calls the method that has its name."""

import pytest

from evalsite.languages import LANGUAGES

READING = LANGUAGES["javascript"].reading
SCRIPTS = {
    "import a from 'b';": "const a = require('b');",
    'import a from "b"': 'const a = require("b");',
    "import * as a from 'b'": "const a = require('b');",
    "import 'a'": "require('a');",
    "import {a} from 'b'": "const { a } = require('b');",
    "import {a, b as c} from 'd'": "const { a , b : c } = require('d');",
    "import {\n  a,\n} from 'd';": "const { a , } = require('d');",
    "import a, {b} from 'c'": "const a = require('c'); const { b } = require('c');",
    "import a, * as b from 'c'": None,
    "import type {A} from 'b'": None,
    "import a from 'b' with {c: 'd'}": None,
    "import('a')": None,
    "export const a = 1": "const a = 1",
    "export let a": "let a",
    "export class A { }": "class A { }",
    "export async function g() { }": "async function g() { }",
    "export default function g() { }": "function g() { }",
    "export default class A { }": "class A { }",
    "export default class { g() { } }": "",
    "export default function (a) { }": "",
    "export default g": "",
    "export { g, h }": "",
    "export * from 'a'": "",
    "const g = 1": None,
}
"""A line of a module, and of the script; None where it stays."""
F = "function f() { }\n"


@pytest.mark.parametrize("line", SCRIPTS)
def test_a_module_becomes_a_script(line):
    """What stands around a line stays, and so does what nobody knows; what changes something is named."""
    source, script = f"// a\n{line}\n{F}", SCRIPTS[line]
    expected = source if script is None else f"// a\n{script}\n{F}"
    assert READING.finished(source, READING.context(""), "f") == (
        expected,
        () if script is None else ("exports",),
    )


def test_all_lines_of_a_module_are_changed():
    """From the last to the first."""
    source = f"import a from 'b'\nimport 'c';\nexport {F}export const g = a;\nexport {{ f }};\n"
    assert READING.complete(source, "", "f") == (
        f"const a = require('b');\nrequire('c');\n{F}const g = a;\n// export {{ f }};\n",
        ("examples", "exports"),
    )


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("class A { f(a) { return a } }\n", "const f = (...words) => new A().f(...words);\n"),
        (
            "class A { g() { } static async f(a) { return a } }\n",
            "const f = (...words) => A.f(...words);\n",
        ),
        ("class A { f = 1 }\n", ""),
        ("class A { g() { return this.f(1) } }\n", ""),
        ("export default class { f() { } }\n", ""),
        ("class A { f() { } }\nfunction f() { }\n", ""),
    ],
)
def test_a_function_calls_a_method_of_its_name(source, call):
    """Of an object or of the class, where no function has it and the class has a name."""
    sample, rules = READING.complete(source, "", "f")
    assert ("method" in rules) is bool(call)
    assert call in sample
    assert ("(...words)" in sample) is bool(call)


@pytest.mark.parametrize(
    ("line", "is_example"),
    [
        ("console.log(1)", True),
        ("assert(1)", True),
        ("describe('g', () => { it('h', () => { }) })", True),
        ("expect(g(1))", True),
        ("test('g', h)", True),
        ("f(1)", True),
        ("const a = f(1)", True),
        ("if (a) { f(1) }", True),
        ("g(1)", False),
        ("f.cache = {}", False),
        ("const a = 1", False),
        ("module.exports = { g }", False),
    ],
)
def test_what_only_tries_the_function_becomes_a_comment(line, is_example):
    """Calls of it, and of what prints or asserts; not what makes something."""
    sample, rules = READING.complete(f"{F}{line}\n", "", "f")
    assert sample == (f"{F}// {line}\n" if is_example else f"{F}{line}\n")
    assert rules == (("examples",) if is_example else ())


@pytest.mark.parametrize(
    "line",
    [
        "function f(a) {",
        "export default async function* f (",
        "export const f",
        "let [a, b] = c",
        "class A extends B {",
        "import a from 'b'",
        'import "a"',
        "/**",
        "'use strict';",
        "module.exports = f",
        "a.b = function (c) {",
        "f = async (a) => a",
    ],
)
def test_a_line_begins_code(line):
    """Definitions, imports, and what is assigned."""
    assert READING.begins.match(line)
    assert not READING.begins.match(f"The {line}")
