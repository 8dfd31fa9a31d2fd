"""What a Rust ``use`` brings, and what of a prompt's is needed: a name that two of them bring is refused."""

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.rust.uses import MOST_DEPTH, leaves, needed

READ = LANGUAGES["rust"].reading.read

LEAVES = {
    "use a;": [("a", "a")],
    "use a::b;": [("b", "a::b")],
    "use ::a::b;": [("b", "::a::b")],
    "pub use a::b;": [("b", "a::b")],
    "use a::*;": [("*", "a::*")],
    "use a::b as c;": [("c", "a::b as c")],
    "use a::{b, c};": [("b", "a::b"), ("c", "a::c")],
    "use a::{b, c,};": [("b", "a::b"), ("c", "a::c")],
    "use a::{self, b as c, *};": [("a", "a::self"), ("c", "a::b as c"), ("*", "a::*")],
    "use a::{b::{c, d}, e};": [("c", "a::b::c"), ("d", "a::b::d"), ("e", "a::e")],
    "use a::{b::{c, d::e}, f::g};": [("c", "a::b::c"), ("e", "a::b::d::e"), ("g", "a::f::g")],
    "use {a::b, c};": [("b", "a::b"), ("c", "c")],
    "use a::{};": [],
    "fn f() {}": [],
    "extern crate a;": [],
}


@pytest.mark.parametrize("source", LEAVES)
def test_a_use_brings_names(source):
    """Each with its path, out of all braces, and by another name where it says so."""
    (item,) = READ(source).items
    assert list(leaves(item.tokens)) == LEAVES[source]


def test_braces_within_braces_have_a_bound():
    """Beyond which they are no longer told apart."""

    def deep(number):
        (item,) = READ(f"use {'a::{' * number}b{'}' * number};").items
        return dict(leaves(item.tokens)).get("b", "")

    assert deep(MOST_DEPTH - 1) == "a::" * (MOST_DEPTH - 1) + "b"
    assert deep(MOST_DEPTH) == ""


NEEDED = {
    "nothing of it is there": ("use a::{b, c};", "fn f() {}", "use a::{b, c};"),
    "on one line": ("use a::{\n    b, // of b\n    c,\n};", "fn f() {}", "use a::{ b, c, };"),
    "one is imported": ("use a::{b, c};", "use x::b;", "use a::c;"),
    "two are needed": ("use a::{b, c, d::e};", "use x::b;", "use a::c; use a::d::e;"),
    "one is imported as something else": ("use a::{b, c};", "use x::y as b;", "use a::c;"),
    "one is imported by another name": ("use a::{b, c};", "use a::b as y;", "use a::{b, c};"),
    "one is defined": ("use a::{b, C};", "struct C;", "use a::b;"),
    "one is a function": ("use a::{b, c};", "fn c() {}", "use a::b;"),
    "all are imported": ("use a::{b, c};", "use x::{b, y::c};", ""),
    "the module itself": ("use a::{self, b};", "use x::b;", "use a;"),
    "the module itself by another name": ("use a::{self as c, b};", "use x::b;", "use a as c;"),
    "all of a module": ("use a::*;", "use x::*;", "use a::*;"),
    "all of a module beside another": ("use a::{b, *};", "use x::{b, *};", "use a::*;"),
    "a name within a function": ("use a::b;", "fn f() { use x::b; }", "use a::b;"),
}
"""What it is -> a prompt's use, a program, and what it needs."""


@pytest.mark.parametrize("what", NEEDED)
def test_what_is_needed_of_a_use(what):
    """What the program neither brings nor defines itself; as it was where that is all."""
    use, program, left = NEEDED[what]
    (item,) = READ(use).items
    assert needed(item, READ(program).items) == left
