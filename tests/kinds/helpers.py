"""Problems of each kind, and settings to ask them by."""

from typing import Any

from msgspec import structs

from evalsite.rundir.schema import Problem, Settings
from tests.make import make_problem

AREA = make_problem(
    "Code/1", "area", prompt='import math\n\n\ndef area(r):\n    """ Area of a circle.\n    """\n'
)


DOUBLE = Problem(
    task_id="MBPP/11",
    prompt="Write a function to double a number.",
    kind="text",
    entry_point="double",
    tests="",
    reference="def double(n):\n    return 2 * n\n",
    shown_tests=("assert double(2) == 4", "assert double(3) == 6", "assert double(4) == 8"),
)


ZERO = make_problem("Code/2", "zero", prompt='def zero():\n    """ Nothing """\n')


CODE = Problem(
    task_id="Code/1",
    prompt='import math\n\n\ndef area(r):\n    """ Area of a circle.\n    """\n',
    kind="code",
    entry_point="area",
    tests="assert area(0) == 0\n",
    reference="",
)


PROBLEM = structs.replace(make_problem(), kind="toy")


def settings(**changes: Any) -> Settings:
    plain = {"api": "chat", "prompt": "chat-v1", "temperature": 0.0, "top_p": 1.0, "max_tokens": 9}
    return Settings(**(plain | changes))
