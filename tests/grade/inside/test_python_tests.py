"""Tests keep their meaning when they are rewritten, and are harder to talk to."""

import pytest

from evalsite.grade.inside.python_comparing import comparisons
from evalsite.grade.inside.python_tests import compile_tests

COMPARE = comparisons()


def run(tests, program="", own_names=()):
    """Execute a program and then its tests, as a sample does."""
    namespace = {}
    exec(compile(program, "<program>", "exec"), namespace)
    exec(compile_tests(tests, own_names, COMPARE), namespace)
    return namespace


@pytest.mark.parametrize(
    "expression",
    [
        "1 == 1.0", "[1, (2, {3: {4}})] == [1, (2, {3: {4}})]", "'a' != 'b'", "1 < 2 < 3",
        "3 >= 2", "2 in [1, 2]",
        "'b' not in 'acd'", "float('nan') != float('nan')", "[] == []", "None == None",
        "{'a': [1]} == dict(a=[1])",
        "set('ab') <= set('abc')", "abs(-1) == 1 and isinstance(1, (int, float))", "type(1) is int",
        "not (1 == 2 or 2 == 3)", "all(x == y for x, y in zip([1], [1]))", "sorted([2, 1]) == [1, 2]",
        "[x for x in range(3) if x != 1] == [0, 2]", "(lambda len: len)(3) == 3", "f'{1 == 1}' == 'True'",
        "b'x' in b'xyz'", "max(1, 2) > min(1, 2)", "__import__('math').pi > 3", "'__builtins__' in globals()",
        "1 < 2 <= 2 < 3", "1 < 2 < abs(-3)", "1 in [1] == [1]", "abs(3 - 1) == 2", "abs(2 - 5.5) < 4",
        "1 is 1 < 2", "range(3) == range(3)", "{1: 2}.keys() == {1}", "{1: 2}.items() == {(1, 2)}",
        "bytearray(b'x') == b'x'", "type(1) == int", "len is len", "Exception != ValueError", "... == ...",
    ],
)  # fmt: skip
def test_true_assertions_stay_true_and_false_ones_false(expression):
    """Every kind of comparison means what it meant."""
    run(f"assert {expression}")
    with pytest.raises(AssertionError):
        run(f"assert not ({expression})")


def test_statements_of_every_kind_survive():
    """Imports, loops, classes, matches, handlers, decorators and annotations run as they did."""
    run(
        """
import math
import os.path as path
from collections import deque as queue

LIMIT: float = 1e-6
total = 0
for i in range(3):
    total += i
while total == 3:
    total -= 1
class Pair:
    size = 2
    def __init__(self, a): self.a = a
    def __eq__(self, other): return self.a == other.a
match total:
    case int() if total == 2: kind = "two"
    case _: kind = "other"
try:
    int("x")
except ValueError as exc:
    error = exc.__class__
with open(path.devnull) as stream:
    assert stream.read() == ""
assert kind == "two" and error is ValueError and Pair(1) == Pair(1) and Pair.size == 2
assert math.isclose(1.0, 1.0 + LIMIT / 1e6) and queue([1]) == queue([1])
"""
    )


def test_names_stay_visible_to_the_program():
    """A program may use what its tests import and assign, as it always could."""
    namespace = run(
        "import math\nfactor = 2\ndef check(candidate):\n    assert candidate(9) == 6\ncheck(f)",
        "def f(x):\n    return math.sqrt(x) * factor",
    )
    assert namespace["factor"] == 2


def test_functions_of_the_tests_are_out_of_reach():
    """They are no names of the module, so that nothing can take their place."""
    assert "check" not in run("def check(f):\n    helper()\ndef helper():\n    pass\ncheck(1)")


def test_a_program_may_define_what_is_named_like_a_built_in():
    """Where the problem asks for ``sum``, the tests mean the program's."""
    program = "def sum(a, b):\n    return a + b"
    run("assert sum(1, 2) == 3", program, ["sum"])
    with pytest.raises(TypeError):
        run("assert sum(1, 2) == 3", program)


def test_built_ins_and_module_functions_cannot_be_replaced():
    """Neither by a name of the same namespace nor in the module itself."""
    program = "import math\nabs = len = lambda *a: 0\nf = lambda: 5"
    with pytest.raises(AssertionError):
        run("assert abs(f() - 4) < 1 - len('')", program)


LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __hash__ = None
class Number(int):
    def __eq__(self, other): return True
    __hash__ = int.__hash__
class Plain(list): pass
class Point:
    def __init__(self, x): self.x = x
    def __eq__(self, other): return self.x == other.x
"""


@pytest.mark.parametrize(
    "claim",
    ["Liar() == 1", "1 == Liar()", "[Liar()] == [1]", "{'a': (Liar(),)} == {'a': (1,)}", "Number(1) == 2",
     "Liar() < 1", "Liar() in [1]", "1 in [Liar()]", "not Liar() != 1", "not Liar() not in [1]"],
)  # fmt: skip
def test_objects_that_call_themselves_equal_are_not(claim):
    """An object of the program's own class has no say in whether it equals a plain value."""
    with pytest.raises(AssertionError):
        run(f"assert {claim}", LIAR)


def test_honest_classes_compare_as_they_did():
    """Subclasses that don't redefine comparison, and two objects of the program's own."""
    run(
        "from collections import namedtuple\nP = namedtuple('P', 'a b')\n"
        "assert Plain([1]) == [1] and Point(1) == Point(1) and P(1, 2) == (1, 2) and Point(1) != Point(2)",
        LIAR,
    )


LIBRARY = """
import collections, datetime, decimal, enum, fractions, typing, weakref
class Colour(enum.Enum):
    RED = 1
class Level(enum.IntEnum):
    LOW = 1
class Word(str): pass
class Pair(typing.NamedTuple):
    a: int
    b: int
class Node:
    def __hash__(self): return 1
node = Node()
"""


@pytest.mark.parametrize(
    "claim",
    ["collections.Counter('aab') == {'a': 2, 'b': 1}", "collections.Counter(a=0) == collections.Counter()",
     "[collections.Counter('a')] == [{'a': 1}]", "collections.defaultdict(int, a=1) == {'a': 1}",
     "collections.OrderedDict(a=1) == {'a': 1}", "collections.deque([1]) == collections.deque([1])",
     "fractions.Fraction(1, 2) == 0.5", "fractions.Fraction(3) in [3]", "decimal.Decimal('1.5') == 1.5",
     "abs(fractions.Fraction(1, 3) - 0.33) < 0.01", "datetime.date(2020, 1, 2) > datetime.date(2020, 1, 1)",
     "Colour.RED == Colour.RED != 1", "Level.LOW == 1", "[Level.LOW] == [1]", "Word('x') == 'x'",
     "Pair(1, 2) == (1, 2)", "{'p': Pair(1, 2)} == {'p': (1, 2)}", "1 in [node, 1]", "node in [node, 1]",
     "1 not in [node]", "node in {node: 1}", "node == node != 1", "[node, 1] == [node, 1]",
     "type(Colour.RED) == Colour", "Pair(1, 2) < (1, 3)"],
)  # fmt: skip
def test_honest_values_of_the_library_compare_as_they_did(claim):
    """Numbers, dictionaries, enumerations and named tuples are equal to the plain values that they are."""
    assert eval(claim, run("", LIBRARY))
    run(f"assert {claim}", LIBRARY)


def test_what_says_close_is_asked_about_plain_values_only():
    """Named as a module's function or imported by name, with all its options."""
    tests = "import math\nfrom math import isclose as near\n"
    tests += "assert math.isclose({x}, 1.05, rel_tol=0.1) and near({x}, 1)"
    run(tests.format(x="Level.LOW"), LIBRARY)
    with pytest.raises(AssertionError):
        run(tests.format(x="Point(1)"), LIAR + "    def __float__(self): return 1.0\n")


@pytest.mark.parametrize(("more", "expected"), [("", 2), ("def floor(x):\n    return 8\n", 8)])
def test_functions_imported_by_name_cannot_be_replaced(monkeypatch, more, expected):
    """Unless the tests bind the name in another way, too."""
    code = compile_tests(f"from math import floor\n{more}answer = floor(2.5)", (), COMPARE)
    monkeypatch.setattr("math.floor", lambda _: 7)
    namespace = {}
    exec(code, namespace)
    assert namespace["answer"] == expected


def test_only_what_is_at_rest_is_evaluated_ahead():
    """In a row of operators, a call behind a comparison that fails is not made."""
    run("assert not 2 < 1 < print.nothing()")
    assert run("def f():\n    g.called = 1\ng = lambda: 0\nx = 2 < 1 < f()")["g"].__dict__ == {}


def test_values_that_hold_themselves_are_judged_in_finite_time():
    """A list within itself ends the search, not the patience."""
    with pytest.raises((AssertionError, RecursionError)):
        run("a = []\na.append(a)\nb = [1]\nassert a == b")


def test_lines_stay_where_they_were():
    """A traceback names the tests' own lines."""
    with pytest.raises(AssertionError) as caught:
        run("def check(f):\n\n    assert f() == 2\n\n\ncheck(lambda: 1)")
    frames = [(f.frame.code.raw.co_filename, f.lineno + 1) for f in caught.traceback]
    assert ("<tests>", 6) in frames
    assert ("<tests>", 3) in frames


def test_tests_that_do_not_compile_say_so():
    """A broken data set is no program's fault."""
    with pytest.raises(SyntaxError):
        run("assert (")
