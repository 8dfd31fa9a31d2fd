"""What becomes of an answer in Rust: imports of the prompt, functions for methods, a main that is idle."""

import pytest

from evalsite.languages import LANGUAGES

READING = LANGUAGES["rust"].reading
PROMPT = "fn f(mut a: i32, b: &HashMap<i32, i32>) -> i32 {\n"
F = "fn f(a: i32, b: &HashMap<i32, i32>) -> i32 { a }\n"


def with_method(type_, method):
    """A program whose type has a method, with what stands before it."""
    return f"{type_} {{\n    {method} {{ a }}\n}}\n"


METHODS = {
    "of the type": ("impl Solution", "pub fn f(a: i32, b: &HashMap<i32, i32>) -> i32", "Solution::f(a, b)"),
    "of a value": (
        "impl Solution", "fn f(&self, a: i32, b: &HashMap<i32, i32>) -> i32", "Solution {}.f(a, b)",
    ),
    "of a value that changes": (
        "impl S", "fn f(&mut self, a: i32, b: &HashMap<i32, i32>) -> i32", "S {}.f(a, b)",
    ),
    "of a trait": ("impl Solves for S", "fn f(a: i32, b: &HashMap<i32, i32>) -> i32", "S::f(a, b)"),
}  # fmt: skip


@pytest.mark.parametrize("what", METHODS)
def test_a_function_calls_a_method(what):
    """With the arguments that the prompt's function has, by their names."""
    type_, method, call = METHODS[what]
    source = f"struct S;\n{with_method(type_, method)}struct T;\n"
    head = PROMPT.strip()
    assert READING.complete(source, PROMPT, "f") == (
        source.replace("}\nstruct T;", f"}}\n{head} {call} }}\n\nstruct T;"),
        ("method",),
    )


def test_a_type_is_named_before_its_brace():
    """Whether a blank stands between them or not."""
    source = "impl S{ fn f(a: i32) -> i32 { g(a) } }\n"
    whole, rules = READING.complete(source, "fn f(a: i32) -> i32 {\n", "f")
    assert (whole, rules) == (f"{source}fn f(a: i32) -> i32 {{ S::f(a) }}\n\n", ("method",))


def test_no_function_calls_what_the_prompt_does_not_begin():
    """Nor one without arguments, nor a method of another name."""
    source = with_method("impl S", "fn f() -> i32")
    assert READING.complete(source, "fn f() -> i32 {\n", "f") == (source, ())
    assert READING.complete(source, "", "f") == (source, ())
    assert READING.complete(source, "fn g(a: i32) -> i32 {\n", "g") == (source, ())


def test_a_function_of_that_name_calls_no_method():
    """It is what the tests call."""
    source = f"{F}{with_method('impl S', 'fn f(a: i32, b: &HashMap<i32, i32>) -> i32')}"
    assert READING.complete(source, PROMPT, "f") == (source, ())


ASIDE = {
    "a main": (
        f'{F}fn main() {{\n    println!("a");\n}}\n', f'{F}// fn main() {{\n//     println!("a");\n// }}\n',
    ),
    "a module of tests": (f"{F}#[cfg(test)]\nmod t {{}}\n", f"{F}// #[cfg(test)]\n// mod t {{}}\n"),
    "a module of that name": (f"mod tests {{}}\n{F}", f"// mod tests {{}}\n{F}"),
    "a second main that is idle": (
        f"fn main(){{}}\n{F}fn main() {{}}\n", f"fn main(){{}}\n{F}// fn main() {{}}\n",
    ),
    "a main beside one that is idle": (
        f"fn main() {{ f(1) }}\n{F}fn main() {{}}\n", f"// fn main() {{ f(1) }}\n{F}fn main() {{}}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ASIDE)
def test_what_tests_bring_themselves_is_set_aside(what):
    """Where it stood, so that all else stays on its lines."""
    source, aside = ASIDE[what]
    assert READING.complete(source, "", "f") == (aside, ("own-main",))


@pytest.mark.parametrize("source", [f"fn main(){{}}\n{F}", f"fn main() {{ /* nothing */ }}\n{F}"])
def test_a_main_that_does_nothing_stays(source):
    """As a prompt has it where its tests want one."""
    assert READING.complete(source, "", "f") == (source, ())


def test_a_main_that_is_asked_for_stays():
    """Then it is the program."""
    source = "fn main() { g() }\n"
    assert READING.complete(source, "", "main") == (source, ())


PRELUDE = {
    "use a::{b, c};\n": (f"use x::b;\n{F}", f"use a::c;\nuse x::b;\n\n{F}"),
    "use a::b;\n": (f"use a::b;\n{F}", f"use a::b;\n{F}"),
    "extern crate a;\n": (F, f"extern crate a;\n\n{F}"),
    "extern crate  a ;\n": (f"extern crate a;\n{F}", f"extern crate a;\n{F}"),
    "struct P { x: i32 }\n": (F, f"struct P {{ x: i32 }}\n\n{F}"),
    "struct Q;\n": (f"struct Q;\n{F}", f"struct Q;\n{F}"),
    "pub const M: i32 = 7;\n": (F, f"pub const M: i32 = 7;\n\n{F}"),
    "macro_rules! m { () => {}; }\n": (F, f"macro_rules! m {{ () => {{}}; }}\n\n{F}"),
}
"""What a prompt holds -> a program, and the same with what it needs of that."""


@pytest.mark.parametrize("before", PRELUDE)
def test_what_the_prompt_holds_and_the_program_does_not_comes_before_it(before):
    """Imports by their names."""
    source, whole = PRELUDE[before]
    assert READING.complete(source, before + PROMPT, "f") == (whole, ())


BODIES = {
    "    a + 1\n}\n": True,
    "    a + 1\n": True,
    "    return a;\n": True,
    "    Adds two numbers.\n": False,
    "    for x in b { a += x; }\n    a\n": True,
}


@pytest.mark.parametrize("body", BODIES)
def test_an_expression_ends_a_body(body):
    """Without a semicolon, and whether it closes the function or not."""
    whole = READING.as_body(PROMPT, body)
    assert (whole is not None) is BODIES[body]
    assert whole is None or READING.parse(whole).defines("f")


BEGINS = {
    "use std::fmt;": True,
    "fn f(a: i32) -> i32 {": True,
    "pub(crate) async fn f<T>(a: T) {": True,
    "pub const M: i32 = 7;": True,
    "impl<T> S<T> {": True,
    "#[derive(Debug)]": True,
    "#![allow(unused)]": True,
    "macro_rules! m {": True,
    "/// Adds.": True,
    "use it as follows": False,
    "function f adds": False,
    "# Adds": False,
    "structs are nice": False,
}


@pytest.mark.parametrize("line", BEGINS)
def test_code_begins_with_a_line_that_no_prose_has(line):
    """By the words that items begin with."""
    assert bool(READING.begins.match(line)) is BEGINS[line]
