"""Ruby's items and samples: what words open and end, what is a text, and what each item names."""

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.scanned.scanner import OPEN, TEXT
from tests.languages.helpers import items_told

READING = LANGUAGES["ruby"].reading
ITEMS = {
    "require 'set'": ["import"],
    "require_relative 'a'": ["import"],
    "include Comparable": ["import"],
    "require 'minitest/autorun'": ["tests"],
    'require "test/unit"': ["tests"],
    "require 'minitests'": ["import"],
    "class T < Minitest::Test\nend": ["tests"],
    "class T < Test\nend": ["tests"],
    "class T < A::Minitest\nend": ["type T"],
    "class Minitest\nend": ["type Minitest"],
    "RSpec.describe 'f' do\nend": ["tests"],
    "def f(x)\n  x\nend": ["function f"],
    "def self.f(x)\n  x\nend": ["function f"],
    "def self\nend": ["function self"],
    "private def f; end": ["function f"],
    "def f(x) = x\ng(1)": ["function f", "statement"],
    "def f; end; def g; end": ["function f", "function g"],
    "def f?(x) x end": ["function f?"],
    "def end?; end": ["function end?"],
    "class A < B\n  def f\n  end\nend": ["type A"],
    "module A; end": ["type A"],
    "class << self\nend": ["type"],
    "A = 1": ["value A"],
    "@a = [\n  1\n]": ["value @a"],
    "a = b +\n  c\nf(1)": ["value a", "statement"],
    "f = lambda { |x| x }": ["function f"],
    "f = ->(x) { x }": ["function f"],
    "f = proc do |x| x end": ["function f"],
    "f = Proc.new { }": ["function f"],
    "a = -b": ["value a"],
    "a == 1": ["statement"],
    "a =~ /b/": ["statement"],
    "a += 1": ["statement"],
    "a = b ? 1 : 2\nf(1)": ["value a", "statement"],
    "a = b(c?)\nf(1)": ["value a", "statement"],
    "f(1)\n  .map { }\n  &.to_a\nf(2)": ["statement", "statement"],
    "f \\\n  1\nf(2)": ["statement", "statement"],
    "private": ["statement"],
    "attr_reader :a": ["statement"],
    "alias f g": ["statement"],
    "puts f(1)": ["statement"],
    "return 1 if a": ["statement"],
    "Integer(a)": ["statement"],
    "A.b": ["statement"],
    "a, b = 1, 2": ["statement"],
}


@pytest.mark.parametrize("source", ITEMS)
def test_what_stands_at_the_top_is_told(source):
    """An item ends with its line, unless something is open, or goes on behind it or on the next."""
    assert items_told(READING, source) == ITEMS[source]
    assert READING.parse(source) is not None


@pytest.mark.parametrize(
    "source",
    ["This works", "It returns 2", "A 'text'", "Works", "works", "f a b", "the sum of a", "Step 1", "a b 2"],
)
def test_prose_is_no_statement(source):
    """A sentence begins with a capital letter, or has words side by side that are no command's."""
    assert READING.parse(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "if a then b end",
        "unless a\n b\nend",
        "a if b",
        "a = if b then 1 else 2 end",
        "f(if a then b end)",
        "while a do b end",
        "until f b do c end",
        "for a in b do c end",
        "loop do break if a end",
        "f a do |b|\n b\nend",
        "begin\n f\nrescue E => e\n g\nend while a",
        "case a\nwhen 1 then 2\nend",
        "{if: 1, end: 2}",
        "a.if.end.class",
        "a&.end",
        "a[:end]",
        "def f(x) return x if y; z end",
        "def f() if a then b end end",
        "def a.f(x) = x",
        "x = 1; if x then y end",
        "yield a if b",
        "a ? begin 1 end : 2",
        "a / b / c",
        "f(a) / 2; 'it'",
        "f /it's/, 1",
        "f(/it's/)",
        "a = b / c; d = 'e/f'",
        "return /it's/ if a",
        "%w[it's]",
        "f %q(it(')s)",
        "a = %|it's|; b",
        "a % (b)",
        "a = ?'; b",
        "a ?b :c",
        "a = :'it s'; b",
        "a = <<~E\n  it's\nE\nb(1)",
        "f <<-E.strip, 1\n  it's\n  E\nb(1)",
        "a << B\nb(1)",
        '"#{a ? "}" : 1} it\'s"',
        "`it's #{a}`",
        "=begin\nit's\n=end\na = 1",
        "a = 1\n__END__\nit's",
        "a = 1 # it's",
        "a != 'b'",
        "a?('b')",
    ],
)
def test_what_words_open_and_texts_hold_ends(source):
    """Conditions behind a value open nothing, nor do members and symbols called as such words are."""
    found = READING.read(f"{source.rpartition('__END__')[0] or source}\ndef last; end\n")
    assert found.found.is_whole
    assert found.items[-1].names == ("last",)


@pytest.mark.parametrize("source", ["a = %w[b", "a = %|b", "a = 'b", "a = <<~E\n b\n", "=begin\na"])
def test_a_text_that_nothing_ends_is_open(source):
    """Of any kind."""
    assert READING.leaves_text_open(source)
    assert READING.parse(source) is None


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("class A\n  def f(x)\n    x\n  end\nend", "A.new.f(...)"),
        ("class A\n  def self.f(x) = x\nend", "A.f(...)"),
        ("module A\n  def self.g; end\n  def self.f; end\nend", "A.f(...)"),
        ("class A\n  def g\n    f(1)\n  end\nend", ""),
        ("class A\n  class B\n    def f; end\n  end\nend", ""),
        ("class << self\n  def f; end\nend", ""),
        ("class A\n  def f; end\nend\ndef f; end", ""),
    ],
)
def test_a_method_calls_one_of_a_class(source, call):
    """Of an object or of the class itself, where the class has a name and no other method has its."""
    method = f"def f(...)\n  {call}\nend\n" if call else ""
    assert READING.complete(f"{source}\n", "", "f") == (
        (f"{source}\n{method}", ("method",)) if call else (f"{source}\n", ())
    )


def test_nothing_stands_behind_a_program():
    """What would make text of its tests, or only speaks; a program without items stays as it is."""
    assert READING.complete("def f; end\n\n# a\n__END__\nb\n", "", "f") == ("def f; end\n", ())
    assert READING.finished("# a\n", READING.context(""), "f") == ("# a\n", ())


@pytest.mark.parametrize(
    ("line", "is_example"),
    [
        ("puts f(1)", True),
        ("p 1", True),
        ("f(1)", True),
        ("a = f(1)", True),
        ("g(1)", False),
        ("A = 1", False),
    ],
)
def test_what_only_tries_the_function_becomes_a_comment(line, is_example):
    """Calls of it, and what prints."""
    sample, rules = READING.complete(f"{line}\ndef f; end\n", "", "f")
    assert sample == (f"# {line}\ndef f; end\n" if is_example else f"{line}\ndef f; end\n")
    assert rules == (("examples",) if is_example else ())


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("a = %w[b (c)] + d", ["%w[b (c)]"]),
        ("a = %q(b (c) d) + e", ["%q(b (c) d)"]),
        ("a = %|b\\|c| + d", ["%|b\\|c|"]),
        ("a = %||\nb = %!c!", ["%||", "%!c!"]),
        ("f %w[a]", ["%w[a]"]),
        ("a % b", []),
        ("f /a b/, 1", ["/a b/"]),
        ("a / b / c", []),
        ("a/b/c", []),
        ("a /b", []),
        ("(a) /b/ c", []),
        ("1 /b/ c", []),
        ("return /a/", ["/a/"]),
        (f"f /{'a' * 300}/", []),
        (f"b = /{'a' * 300}/", [f"/{'a' * 300}/"]),
        ("a = ?b + ?'", ["?b", "?'"]),
        ("a ?b :c", [":c"]),
    ],
)
def test_texts_are_told_from_what_is_done_to_values(source, texts):
    """A division, a remainder, a condition; behind a name and a blank, what has no blank is an argument."""
    assert [token.text for token in READING.read(source).tokens if token.kind == TEXT] == texts


@pytest.mark.parametrize(
    ("source", "opening"),
    [
        ("if a then b end", ["if"]),
        ("a if b", []),
        ("f(a) if b", []),
        ("a[1] unless b", []),
        ("return if a", []),
        ("a = 1 while b", []),
        ("a = if b then 1 end", ["if"]),
        ("if::A then b end", ["if"]),
        ("{if: 1, end: 2}", []),
        ("while a do b end", ["while"]),
        ("while a; f do b end end", ["while", "do"]),
        ("until a\n  f do b end\nend", ["until", "do"]),
        ("while f { b } do c end", ["while"]),
        ("f(1) do b end", ["do"]),
        ("f do b end; g do c end", ["do", "do"]),
        ("begin a end until b", ["begin"]),
        ("def f(a) if a then b end end", ["def", "if"]),
        ("def f((a, b), c) while a do b end end", ["def", "while"]),
        ("def f(a) = a", []),
        ("f(begin 1 end)", ["begin"]),
    ],
)
def test_words_open_what_end_closes(source, opening):
    """Not behind a value, nor as a key, nor ``do`` where a loop has begun on the line."""
    found = READING.read(source)
    assert [each.text for each in found.tokens if each.kind == OPEN and each.text.isalpha()] == opening
    assert found.found.is_whole


@pytest.mark.parametrize(
    "source", ["def self", "def self.", "def self.f", "def", "class", "class A <", "b ="]
)
def test_items_before_one_that_is_cut_off_are_whole(source):
    """Wherever that is."""
    assert READING.last_complete(f"a = 1\n{source}").startswith("a = 1\n")


@pytest.mark.parametrize(("source", "in_text"), [("a = /b", True), ("a /b", False), ("a = %{b{}", True)])
def test_a_slash_behind_a_name_may_divide(source, in_text):
    """So that nothing is open; behind a sign it begins a text."""
    assert READING.leaves_text_open(source) is in_text
