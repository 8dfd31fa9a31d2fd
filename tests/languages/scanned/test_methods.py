"""Methods of classes, and parameters of functions, as contest sites have them in answers."""

import pytest

from evalsite.languages import LANGUAGES
from evalsite.languages.scanned.methods import parameters

CLASS = """public class A {
    int field = called(1);
    int[] array = {1, 2};
    public static int g(int a, Map<String, int[]> b) {
        if (a > 0) { return h(a); }
        return 1;
    }
    int k() { return 2; }
    abstract int no(int z);
    A() { super(); }
}
"""


def items(language, source):
    """What source holds at its top level."""
    return LANGUAGES[language].reading.read(source).items


def texts(tokens):
    """What tokens say."""
    return " ".join(token.text for token in tokens)


def test_a_method_has_a_body_and_what_stands_before_its_name():
    """Fields, what is called in them and in bodies, and methods without a body are none."""
    (found,) = items("java", CLASS)
    methods = LANGUAGES["java"].reading.grammar.methods(found)
    assert {name: method.before for name, method in methods.items()} == {
        "g": ("public", "static", "int"),
        "k": ("int",),
        "A": (),
    }
    assert texts(methods["g"].parameters) == "int a , Map < String , int [ ] > b"
    assert methods["k"].parameters == ()


@pytest.mark.parametrize(
    ("language", "source", "found"),
    [
        ("go", "func g(a int, b map[string]int) int { return 1 }", ["a int", "b map [ string ] int"]),
        ("go", "func g(a func(int, int) int, b int) int { return b }", ["a func ( int , int ) int", "b int"]),
        ("go", "func g() int { return h(1, 2) }", []),
        ("rust", "fn g<T>(mut a: Vec<(i8, T)>, b: &str) {}", ["mut a : Vec < ( i8 , T ) >", "b : & str"]),
        ("rust", "fn g(a: HashMap<u8, Vec<u8>>, b: u8,) {}", ["a : HashMap < u8 , Vec < u8 > >", "b : u8"]),
    ],
)  # fmt: skip
def test_parameters_part_at_commas_outside_of_brackets(language, source, found):
    """Of types, too; a comma behind the last begins none."""
    (function,) = items(language, source)
    assert [texts(each) for each in parameters(function.tokens, "g")] == found
    assert parameters(function.tokens, "nobody") == []


def test_a_body_is_that_of_the_function_of_the_name():
    """Or of the method, where the item is the class."""
    grammar = LANGUAGES["go"].reading.grammar
    one, other = items("go", "func g() int { return 1 }\n\ntype T struct { g int }\n")
    assert [texts(each) for each in grammar.bodies(one, "g")] == ["return 1"]
    assert grammar.bodies(one, "h") == grammar.bodies(other, "T") == []
    (java,) = items("java", CLASS)
    assert [texts(each) for each in LANGUAGES["java"].reading.grammar.bodies(java, "k")] == ["return 2 ;"]
