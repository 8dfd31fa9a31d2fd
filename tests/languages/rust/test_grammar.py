"""What stands at the top level of a Rust file: what each item is, and the names that it declares."""

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.helpers import items_of

READING = LANGUAGES["rust"].reading


ITEMS = {
    "use std::fmt;": ("import", ()),
    "use std::{cmp::{max, min}, fmt};": ("import", ()),
    "extern crate rand;": ("import", ()),
    "fn f(a: i32) -> i32 { a }": ("function", ("f",)),
    "fn f<'a, T: Clone>(a: &'a [T]) -> Vec<T> where T: Copy { a.to_vec() }": ("function", ("f",)),
    "const fn f() -> i32 { 1 }": ("function", ("f",)),
    'unsafe extern "C" fn f() {}': ("function", ("f",)),
    "async fn f() {}": ("function", ("f",)),
    "#[test]\nfn f() { g() }": ("function", ("f",)),
    "fn f(a: i32) -> i32;": ("prose", ()),
    "fn main() {}": ("main", ("main",)),
    "fn mains() {}": ("function", ("mains",)),
    "struct P { x: i32 }": ("type", ("P",)),
    "struct P(i32, i32);": ("type", ("P",)),
    "struct P;": ("type", ("P",)),
    "#[derive(Debug, Clone)]\n#[repr(C)]\nstruct P<'a> { x: &'a str }": ("type", ("P",)),
    '#[doc = "]"]\nenum E { A(i32), B }': ("type", ("E",)),
    "trait T { fn f(&self) -> i32; fn g() {} }": ("type", ("T",)),
    "unsafe trait T {}": ("type", ("T",)),
    "type A = Vec<i32>;": ("type", ("A",)),
    "union U { a: i32, b: f32 }": ("type", ("U",)),
    "impl P { fn f(&self) -> i32 { 1 } }": ("type", ()),
    "impl<T> fmt::Display for P<T> { fn f() {} }": ("type", ()),
    "unsafe impl Send for P {}": ("type", ()),
    "mod m { fn f() {} }": ("type", ("m",)),
    "mod tests { fn f() {} }": ("tests", ("tests",)),
    "mod test {}": ("tests", ("test",)),
    "mod m { mod tests {} }": ("type", ("m",)),
    "#[cfg(test)]\nmod checks { fn f() {} }": ("tests", ("checks",)),
    "#[cfg(not(test))]\nmod m { fn f() {} }": ("type", ("m",)),
    "const X: i32 = 1;": ("value", ("X",)),
    "const P: Point = Point { x: 1 };": ("value", ("P",)),
    "static X: [i32; 2] = [1, 2];": ("value", ("X",)),
    "static mut X: i32 = 1;": ("value", ("X",)),
    "macro_rules! m { ($a:expr) => { $a + 1 }; }": ("value", ("m",)),
    "thread_local! { static X: i32 = 1; }": ("value", ()),
    ";": ("value", ()),
    "let x = 1;": ("prose", ()),
    "println!(1);": ("prose", ()),
    "It returns the sum;": ("prose", ()),
    "It returns a set { of them }": ("prose", ()),
}
"""One item -> its role and its names."""
SEEN = [source for source in ITEMS if source.split()[0] in ("use", "extern", "fn", "const", "struct", "enum")]
SEEN += [source for source in ITEMS if source.split()[0] in ("static", "type", "mod", "trait", "unsafe")]


@pytest.mark.parametrize("source", ITEMS)
def test_an_item_is_told_by_the_word_that_it_begins_with(source):
    """Behind its attributes; names are those of the item alone, not of what stands in it."""
    assert items_of(READING, source) == [ITEMS[source]]


@pytest.mark.parametrize("visible", ["pub", "pub(crate)", "pub(super)", "pub(in crate::a::b)"])
@pytest.mark.parametrize("source", SEEN)
def test_who_may_see_it_changes_nothing(source, visible):
    """Nor do attributes before that."""
    assert items_of(READING, f"{visible} {source}") == [ITEMS[source]]
    assert items_of(READING, f"#[allow(unused)]\n{visible} {source}")[0][1] == ITEMS[source][1]


ENDS = {
    "fn f() {}\nfn g() {}": ["fn f() {}", "fn g() {}"],
    "use a::{b, c};\nuse d;": ["use a::{b, c};", "use d;"],
    "pub use a::{b, c};\npub use d;": ["pub use a::{b, c};", "pub use d;"],
    "static A: P = P { x: 1 };\nfn f() {}": ["static A: P = P { x: 1 };", "fn f() {}"],
    "type A = [i32; { 3 }];\nstruct P;": ["type A = [i32; { 3 }];", "struct P;"],
    "const A: [P; 1] = [P { x: 1 }];": ["const A: [P; 1] = [P { x: 1 }];"],
    "const A: i32 = { 1 } + { 2 };": ["const A: i32 = { 1 } + { 2 };"],
    "let a = if b { 1 } else { 2 };": ["let a = if b { 1 } else { 2 };"],
    "const fn f() {} fn g() {}": ["const fn f() {}", "fn g() {}"],
    "struct P { x: i32 } impl P {}": ["struct P { x: i32 }", "impl P {}"],
    "match a { _ => 1 }.f();": ["match a { _ => 1 }.f();"],
    "#![allow(unused)]\nfn f() {}": ["#![allow(unused)]\nfn f() {}"],
}


@pytest.mark.parametrize("source", ENDS)
def test_functions_and_types_end_with_their_brace(source):
    """All else with a semicolon, however many braces stand before it."""
    found = READING.read(source).items
    assert [source[item.code : item.end] for item in found] == ENDS[source]


@pytest.mark.parametrize(
    "text",
    [
        '"}"',
        '"\\"}\n"',
        'r"}\\"',
        'r#""}"#',
        'br##"}"# "##',
        'b"}"',
        "'}'",
        "'\\''",
        "b'{'",
        "'\\u{7d}'",
        "'\\x7d'",
        "1 // }\n",
        "1 /* } /* { */ } */",
        "'a: loop {}",
    ],
)
def test_a_text_or_comment_holds_no_bracket(text):
    """Raw ones, letters, bytes; and a lifetime is no letter."""
    source = f"fn f() {{ g({text}) }}\nstruct P;"
    assert READING.read(source).found.is_whole
    assert items_of(READING, source) == [("function", ("f",)), ("type", ("P",))]


HALF = {
    "fn f(a: i32) -> i32 {": ("function", ("f",)),
    "fn main() {": ("main", ("main",)),
    "impl P { fn f() {": ("type", ()),
    "fn f(": ("prose", ()),
    "fn": ("prose", ()),
    "#[derive(": ("import", ()),
    "#![allow(unused)]": ("import", ()),
    "pub": ("prose", ()),
    "pub(crate": ("prose", ()),
    "const X: i32": ("prose", ()),
}


@pytest.mark.parametrize("source", HALF)
def test_half_an_item_is_not_complete(source):
    """Though what it is can be told, where it says so."""
    (item,) = READING.read(source).items
    assert (item.role, item.names, item.complete) == (*HALF[source], False)


def test_signs_of_other_languages_are_none_of_its_own():
    """But for that of macros, and those of attributes."""
    assert READING.parse("macro_rules! m { ($a:expr) => { $a }; }\n#[inline]\nfn f() {}") is not None
    assert READING.parse("fn f() { a\\b }") is None
    assert READING.parse("fn f() { `a` }") is None
