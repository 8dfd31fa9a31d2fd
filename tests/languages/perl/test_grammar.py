"""Perl's items and samples: what each is, which of its many quotes begins where, and which package goes."""

import pytest

from evalsite.languages import LANGUAGES
from tests.languages.helpers import items_told

READING = LANGUAGES["perl"].reading
ITEMS = {
    "use strict;": ["import"],
    "no warnings;": ["import"],
    "require A;": ["import"],
    "package A;": ["package"],
    "package A { sub f { } }": ["package"],
    "sub f { 1 }": ["function f"],
    "sub A::f($x) { $x }": ["function f"],
    "sub f { 1 } sub g { 2 }": ["function f", "function g"],
    "sub f;": ["statement"],
    "my $x = sub { 1 };": ["value $x"],
    "our @x = (1);": ["value @x"],
    "my ($x, $y) = @z;": ["value $x"],
    "my %x = (y => {z => 1});": ["value %x"],
    "$x = 1;": ["statement"],
    "print f(1);": ["statement"],
    "f(1);": ["statement"],
    "A->new->f(1);": ["statement"],
    "f(1)": ["statement"],
    "print STDERR 'a';": ["statement"],
    "f(1) if $x;": ["statement"],
    "push @x, $y;": ["statement"],
    "sort f @x;": ["statement"],
    "lc shift;": ["statement"],
    "$x and f(1);": ["statement"],
    "$x eq A;": ["statement"],
    "sub": ["statement"],
    "x = 1;": ["statement"],
    "if ($x) { f() } else { g() } h();": ["statement", "statement"],
    "for my $x (@y) { f($x) } g();": ["statement", "statement"],
    "eval { f() }; g();": ["statement", "statement"],
    "BEGIN { f() } g();": ["statement", "statement"],
    "{ f() } g();": ["statement", "statement"],
    "1;": ["statement"],
    "sub f { 1 }\n\n1;\n": ["function f", "statement"],
}


@pytest.mark.parametrize("source", ITEMS)
def test_what_stands_at_the_top_is_told(source):
    """By the word that it begins with; ``1;`` ends what another file may load."""
    assert items_told(READING, source) == ITEMS[source]
    assert READING.parse(source) is not None


@pytest.mark.parametrize(
    "source", ["This works", "It returns 2;", "Works", "f g;", "works;", "3. It works;", "3 items;", "2"]
)
def test_prose_is_no_statement(source):
    """Two words side by side that are none of Perl's, or one that does nothing; numbers count sentences."""
    assert READING.parse(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "$x = q{it's {}'};",
        "$x = qq (it's);",
        "@x = qw/it's/;",
        "$x =~ m'a\"';",
        "$x =~ m#a'#;",
        "$x =~ s/a'/b/gi;",
        "$x =~ s{a'}\n  {b'}e;",
        "$x =~ s(a')[b'];",
        "$x =~ tr/a'/b/;",
        "$x =~ y|'|b|;",
        "split /'/, $x;",
        "return /[/']/i ? 1 : 0;",
        "f(/'/);",
        "$x = $y / 2; $z = 'a/b';",
        "$x = f() / 2; $z = 'a/b';",
        "$x = 4 / 2; $z = 'a/b';",
        "%x = (y => 1, s => 'a', q => 'b', tr=>'c');",
        "$x{s} = 'a'; $y{q} = 'b';",
        "$x->y('a');",
        "$s = 'a'; @q = ('b'); %m = ('c'); &y('d'); $_s = 'e';",
        "A::s('a');",
        "$s_s = 'a'; f(s_ => 'b', y1 => 'c', q_1 => 'd');",
        "sub q { 1 } sub s { 1 } my s = 'a';",
        "$x->q; $x->y{s}; 'a';",
        "is('a'); x_s('b'); has(1); quit('c');",
        "$x = $#y; $z = $#{$y} + $#$y; # it's",
        "$x = $$y; $z = $'; $z = 'a';",
        "print <<E;\nit's\nE\nf(1);",
        "f(<<~'E', 1);\n  it's\n  E\nf(1);",
        "$x = 1 << 2; $y = 'a';",
        "=pod\n\nit's\n\n=cut\nf(1);",
        "sub y { 1 } sub s { 'a' }",
        "my $x = `it's`;",
        '$x = "it\'s \\" "; # it\'s',
        "f(1)\n  ? s/'/a/ : m/'/;",
    ],
)
def test_quotes_of_all_kinds_end(source):
    """What is called as one is none: a variable, a hash's key, a method, a part of a name."""
    found = READING.read(f"{source}\nsub last_one {{ }}\n")
    assert found.found.is_whole
    assert found.items[-1].names == ("last_one",)


@pytest.mark.parametrize(
    "source", ["$x = q{it", "$x =~ s/a/b", "$x =~ s{a}", "split /a", "print <<E;\na\n", "'a"]
)
def test_a_text_that_nothing_ends_is_open(source):
    """Of both of its parts, where it has two."""
    assert READING.leaves_text_open(source)


@pytest.mark.parametrize(
    ("source", "goes"),
    [
        ("package A;\nsub f { 1 }\n1;\n", True),
        ("package A::B 1.0;\nsub f { A->new }\n", True),
        ("package A;\nsub f { A::g() }\n", False),
        ("package A;\nsub f { $A::x }\n", True),
        ("package A;\nsub f { 1 }\npackage B;\nsub g { 1 }\n", False),
        ("package A { sub f { 1 } }\n", False),
        ("sub f { 1 }\n", False),
    ],
)
def test_the_one_package_becomes_a_comment(source, goes):
    """As tests call what is in none; not where its name is used, nor one of several."""
    assert READING.complete(source, "", "f") == ((f"# {source}", ("own-main",)) if goes else (source, ()))


def test_nothing_stands_behind_a_program():
    """Which would make text of its tests; a program without items stays as it is."""
    assert READING.complete("sub f { 1 }\n\n# a\n__END__\nb\n", "", "f") == ("sub f { 1 }\n", ())
    assert READING.finished("# a\n", READING.context(""), "f") == ("# a\n", ())
