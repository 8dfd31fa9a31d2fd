"""What Python programs are run with."""

from evalsite.grading.environments import ENVIRONMENTS
from evalsite.languages.python import PYTHON


def test_names_that_the_problem_defines_are_its_own():
    """Those of a right program's top level that are built-ins too."""
    assert PYTHON.running.own_names("def sum(a):\n    len = 3\n\nmax = 1\nclass list: pass", "") == (
        "list",
        "max",
        "sum",
    )
    assert PYTHON.running.own_names("", "print") == ("print",)


def test_a_stub_defines_what_is_asked_for():
    """Or just fails, where the data set does not say what that is."""
    assert PYTHON.running.stub("double").startswith("def double(")
    assert PYTHON.running.stub() == "raise NotImplementedError\n"
    assert PYTHON.running.idle_stub() == "pass\n"


def test_without_an_entry_point_it_defines_what_is_known_of_the_names():
    """Those that the tests use and nobody defines, and those that the reference solution defines."""
    asked = PYTHON.running.asked_names
    assert asked("double", "def other(): pass", "other()") == ("double",)
    assert asked("", "def add(a):\n    return a\n", "assert callable(add)") == ("add",)
    assert asked("", "import math\n\nclass Own:\n    def inner(self): pass\n", "assert True") == ("Own",)
    assert asked("", "", "import math\nx = 3\nassert math.isclose(len(add(x)), 3)") == ("add",)
    assert asked("", "def sum(a): pass", "assert sum([1]) == 1") == ("sum",)
    assert asked("", "", "assert (") == ()
    assert asked("not a name", "x = 3\n", "assert x == 3") == ("x",)
    for stub in (PYTHON.running.stub, PYTHON.running.idle_stub):
        defined = {}
        exec(stub("add", "sub"), defined)
        assert {"add", "sub"} <= defined.keys()


def test_numpy_has_an_environment_of_its_own():
    """For those who import it, in the program or in the tests; all that are named are there."""
    environment = PYTHON.running.environment
    assert environment("x = 1", "assert x") == "plain"
    assert environment("# import numpy", "numpy = 1") == "plain"
    assert (
        environment("def f():\n    import numpy", "") == environment("", "from numpy import inf") == "numpy"
    )
    assert environment("import math, numpy as np", "") == "numpy"
    assert environment("import math; import numpy as np", "") == "numpy"
    assert environment("import math, \\\n    numpy as np", "") == "numpy"
    assert environment("if True: from numpy.linalg import norm", "") == "numpy"
    assert environment("np = __import__('numpy')", "") == "numpy"
    assert environment("import math  # not numpy\nnumpy = 1", "") == "plain"
    assert set(ENVIRONMENTS) == {"plain", "numpy"}


def test_an_entry_point_is_a_function_unless_the_reference_has_a_class_of_that_name():
    """At its top level."""
    entry_function = PYTHON.running.entry_function
    assert entry_function("def Stack(): pass", "Stack") == "Stack"
    assert entry_function("x = 1\nclass Stack(list): pass", "Stack") == ""
    assert entry_function("class Stacks: pass\nif x:\n    class Stack: pass", "Stack") == "Stack"


def test_names_are_shared_by_the_compilers_word():
    """Variables of functions are their own; of source that does not compile nothing is known."""
    shared_names = PYTHON.running.shared_names
    assert shared_names("def f(a):\n    b = limit\n    return a.size + b\n") == ("f", "limit", "size")
    assert shared_names("def f(a): return '\\d'") == ("f",)
    assert shared_names("def f(") == ()
