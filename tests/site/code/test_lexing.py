"""Pygments' lexers, faster: the same tokens."""

import re
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexer import RegexLexer, default, include, words
from pygments.lexers import get_lexer_by_name
from pygments.token import Keyword, Name, Number, Operator, String, Text

from evalsite.languages import LANGUAGES
from evalsite.site.code.lexing import rapid

PIECES = [
    "def f(x: int) -> str:\n", "    return not x\n", "class A(B):", "import os.path as p\n",
    "from a import b\n", "@dataclass\n", "lambda x: {1: 2}", "match x:\n", "case _:\n",
    "raise E from None\n", "async def g():", '"""a\nb"""', "'''c'''", 'r"\\d"', "Rb'x\\x00'",
    'f"{a!r:>{w}} {{b}}"', "rF'''{x}\n'''", '"\\N{DASH} %s %(a)d"', "'open", "0x1F", "1_000.5e-3j",
    "# note\n", "#!/usr/bin/env x\n", "\\\n", " ", "\n", "\t", "a @= b", ":=", "~", "?", "$x", "é", "\x00",
    "function f(a) {\n", "const a = `b${c}d`;", "/re[/]x/gi", "// note\n", "/* n\n */",
    "interface A<T> { b?: string }", "public static void main(String[] a) {", "@Override\n",
    "package main\n", "func (a *T) F() error {", "fn f<'a>(x: &'a str) -> u8 {", "#[test]\n", 'r#"raw"#',
    "macro_rules! m {}", "my $x = <<EOT;\nhere\nEOT\n", "sub f { s/a/b/g; m{x}; }", "qw(a b)",
    "=pod\ntext\n=cut\n", "}", ")", "]", "<?php\n", "?>", "%q(a)", ":sym", "#include <map>\n",
    "template <class T>",
]  # fmt: skip
"""Of programs in every language, and of none."""


def tokens_of(name: str, source: str) -> list[object]:
    return list(get_lexer_by_name(name, stripnl=False, ensurenl=False).get_tokens(source))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@settings(max_examples=40)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_faster_lexer_finds_the_same_tokens(language, source):
    """Whatever stands beside whatever, in any language."""
    lexer = rapid(get_lexer_by_name(language.lexer, stripnl=False, ensurenl=False))
    assert list(lexer.get_tokens(source)) == tokens_of(language.lexer, source)


class Odd(RegexLexer):
    """All that rules can say, some of which no lexer says that is used."""

    flags = re.MULTILINE
    tokens: ClassVar = {
        "root": [
            (r"(?i)begin", Keyword, ("inner", "#push", "other")),
            (r"(['\"])(.*?)\1", String),
            (r"(?P<left>\d)\.(?P=left)", Number),
            (words(("go", "stop"), suffix=r"\b"), Operator, "#pop"),
            (r"up", Operator, "#push"),
            (r"^x.$", Name, "inner"),
            include("blanks"),
        ],
        "blanks": [(r"[ \t]+", Text)],
        "inner": [(r"end", Keyword, "#pop"), (r"all", Keyword, "#pop:2"), include("blanks")],
        "other": [(r"-", Operator), default("#pop")],
    }  # fmt: skip


@given(
    st.text("beginBEGIN'\"1.goupstx endall0-\n"),
    st.lists(st.sampled_from(["begin", "end", "all", "go", "up"])),
)
def test_states_follow_one_another_as_they_did(text, further):
    """Entered, left, kept, several at once, and never the last one left."""
    source = " ".join((text, *further, text))
    assert list(rapid(Odd()).get_tokens(source)) == list(Odd().get_tokens(source))


def test_a_lexer_that_goes_by_more_than_its_rules_stays_as_it_is():
    """PHP's looks names up, too."""
    lexer = get_lexer_by_name("php")
    assert rapid(lexer).get_tokens_unprocessed.__func__ is type(lexer).get_tokens_unprocessed
