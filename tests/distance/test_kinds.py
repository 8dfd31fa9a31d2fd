"""Which kind of token stands where."""

from evalsite.distance.kinds import KINDS, kind_at, kinds_along

CODE = 'def one(n):\n    """Say it."""\n    return n + 12 and "x y"  # not me\n'
AT = {
    "def": "keyword", " one": "identifier", "(n": "operator", "Say": "docstring", " it": "docstring",
    " return": "keyword", " +": "operator", " 12": "literal", " and": "keyword", ' "x': "literal",
    " y": "literal", " #": "comment", " me": "comment", "\n    return": "whitespace",
}  # fmt: skip


def test_each_kind_is_told():
    """A space that begins a word is the word's."""
    kinds = kinds_along(CODE, "python")
    assert {word: kind_at(kinds, CODE, CODE.index(word)) for word in AT} == AT
    assert set(AT.values()) == set(KINDS)
    assert len(kinds) == len(CODE)


def test_other_languages_and_line_ends():
    """A language that nobody knows has no kinds but marks and blanks; carriage returns move nothing."""
    assert kinds_along("x = 1\r\n# y", "python")[-1] == "comment"
    assert kinds_along("int x", "cpp")[0] == "keyword"
    assert set(kinds_along("int x", "klingon")) == {"operator", "whitespace"}


def test_line_ends_around_a_text_move_nothing():
    """Places are those of the text as it was asked, from its first character on."""
    assert kinds_along("\n\nx = 1", "python")[2] == "identifier"
    assert len(kinds_along("x\n\n", "python")) == 3
