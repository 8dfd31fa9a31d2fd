# ruff: noqa: E501 - programs stand here as they are
"""Attacks on the tests of other kinds of problems: nobody passes by leaving early, by looking for what is
right, or by claiming it.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec
import pytest

from evalsite.datasets import bigcodebench, cruxeval, evalplus
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Problem, Program
from tests.grading.helpers import IN_EACH_SANDBOX
from tests.make import make_problem

LIMITS = Limits(cpu_s=0.5, wall_factor=3.0, memory_mib=256, file_mib=8, disk_mib=24)
SECRET = 271_828_182
"""What is right, and nowhere in what a program may know."""


def cases(entered: str) -> str:
    return json.dumps([{"input": entered, "output": str(SECRET)}])


CRUX = cruxeval.CruxEvalRecord(
    id="crux", code="def f(a):\n    return a * 9343\n", input="29094.3139", output=str(SECRET)
)
PLUS = {
    "task_id": "HumanEval/0",
    "prompt": "def add(a, b):\n",
    "entry_point": "add",
    "canonical_solution": f"    return a + b + {SECRET}\n",
    "base_input": [[1, 2]],
    "plus_input": [[3, 4]],
}
BIG = bigcodebench.BigCodeBenchRecord(
    task_id="big",
    complete_prompt="def add(a, b):\n",
    instruct_prompt="",
    canonical_solution=f"    return a + b + {SECRET}\n",
    test="import unittest\nclass TestCases(unittest.TestCase):\n"
    f"    def test(self):\n        self.assertEqual(add(1, 2), {SECRET + 3})\n",
    entry_point="add",
)
PROBLEMS: dict[str, Problem] = {
    "stdin": make_problem("in", "", kind="stdin", tests=cases("1 2\n"), reference=""),
    "call": make_problem("call", "add", kind="call", tests=cases("1\n2"), reference=""),
    "output": cruxeval.to_output_problem(CRUX),
    "plus": evalplus.to_problem(msgspec.json.decode(msgspec.json.encode(PLUS), type=evalplus.EvalPlusRecord)),
    "unittest": bigcodebench.to_complete_problem(BIG),
}

_LIAR = """
class Liar(int):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __hash__ = int.__hash__
    def __sub__(self, other):
        return 0
    __rsub__ = __radd__ = __abs__ = __le__ = __lt__ = __sub__
"""
_SEARCH = """
import gc, sys
def search():
    seen = []
    frame = sys._getframe()
    while frame:
        seen += [*frame.f_locals.values(), *frame.f_globals.values()]
        frame = frame.f_back
    for each in [*gc.get_objects(), *seen]:
        text = each if isinstance(each, str) else repr(each) if isinstance(each, (int, list, dict, tuple)) else ""
        if "2718281" in text and "SECR" not in text:
            start = text.index("2718281")
            return int("".join(c for c in text[start:start + 9] if c.isdigit()))
    return 0
"""
_NAMES = (
    "cases = CASES = inputs = INPUTS = reference = REFERENCE = right = answer = found = expected = None\n"
)
_SPEAK = """
from evalsite.grading.inside import python_checks, python_mirrors
python_checks.reached("base")
python_checks.reached("plus")
side = python_mirrors.speaking()
for word in (b'["bye",0]', b'["=",[],[],null]', b'["ready",[],[],null]', b'[]', b'p'):
    try:
        side.send(word)
    except BaseException:
        pass
"""
_DESCRIPTORS = """
import os
for descriptor in range(1, 2000):
    try:
        os.write(descriptor, b"\\0\\0\\0\\x09[\\"bye\\",0]")
    except OSError:
        pass
"""
_TAKE_OVER = """
from evalsite.grading.inside import python_program, python_script
python_program.ProgramSide.do_call_each = lambda self, target, inputs: ["", False]
python_program.ProgramSide.do_stopped = lambda self: Liar(3)
python_program.ProgramSide.do_script = lambda self, entered, parts: ""
"""
MODULES = {
    "leaves": "import os\nos._exit(0)\n",
    "exits": "import sys\nsys.exit(0)\n",
    "leaves when it is called": "import os\ndef add(a, b):\n    os._exit(0)\n",
    "exits when it is called": "def add(a, b):\n    raise SystemExit(0)\n",
    "is equal to everything": _LIAR + "def add(a, b):\n    return Liar(3)\n",
    "holds what is equal to everything": _LIAR + "def add(a, b):\n    return [Liar(3)]\n",
    "looks for it": _SEARCH + "def add(a, b):\n    return search()\n",
    "has the names of the tests": _NAMES
    + "def add(a, b):\n    for each in list(globals().values()):\n        if '27182' in str(each):\n"
    "            return int(str(each)[-9:])\n    return 0\n",
    "speaks for itself": _SPEAK + "def add(a, b):\n    return 0\n",
    "writes to all that is open": _DESCRIPTORS + "def add(a, b):\n    return 0\n",
    "answers otherwise": _LIAR + _TAKE_OVER + "def add(a, b):\n    return 0\n",
    "defines what judges": "def judge(*_):\n    pass\njudge_calls = judge_pairs = run_cases = check = is_plain = judge\n"
    "def add(a, b):\n    return 0\n",
    "changes unittest": "import unittest\nunittest.TestCase.assertEqual = lambda *_: None\n"
    "unittest.TestCase.run = lambda *_: None\ndef add(a, b):\n    return 0\n",
    "defines the cases": "class TestCases:\n    pass\ndef add(a, b):\n    return 0\n",
}
SCRIPTS = {
    "leaves": "import os\nos._exit(0)\n",
    "prints nothing": "",
    "looks for it": _SEARCH + "print(search())\n",
    "reads the parent": "import os\ntry:\n    text = open(f'/proc/{os.getppid()}/mem', 'rb').read(9)\n"
    "except OSError:\n    text = 0\nprint(text)\n",
    "ends the parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nprint(3)\n",
    "speaks for itself": _SPEAK + "print(0)\n",
    "writes to all that is open": _DESCRIPTORS,
    "answers otherwise": _LIAR + _TAKE_OVER + "print(0)\n",
    "leaves a child": "import os\nif os.fork():\n    os._exit(0)\nprint(0)\nwhile True:\n    pass\n",
}
EXPRESSIONS = {
    "leaves": "__import__('os')._exit(0)",
    "exits": "exit(0)",
    "is equal to everything": "type('Liar', (int,), {'__eq__': lambda *_: True, '__ne__': lambda *_: False})(3)",
    "holds what is equal to everything": "[type('Liar', (), {'__eq__': lambda *_: True})()]",
    "calls the function": "f(29094.3139)",
    "looks for it": f"(exec({_SEARCH!r}, globals()), search())[1]",
    "speaks for itself": f"exec({_SPEAK!r})",
    "answers otherwise": f"exec({(_LIAR + _TAKE_OVER)!r})",
}
ATTACKS = {
    "stdin": SCRIPTS,
    "output": EXPRESSIONS,
    **dict.fromkeys(("call", "plus", "unittest"), MODULES),
}
RIGHT = {
    "stdin": f"print({SECRET})\n",
    "output": str(SECRET),
    "call": f"def add(a, b):\n    return {SECRET}\n",
    "plus": f"def add(a, b):\n    return a + b + {SECRET}\n",
    "unittest": f"def add(a, b):\n    return a + b + {SECRET}\n",
}


@pytest.fixture(scope="module")
def started() -> Iterator[dict[str, Grader]]:
    """Graders by sandbox, each with one worker for all attacks."""
    with ExitStack() as stack:
        found: dict[str, Grader] = {}

        class Graders(dict[str, Grader]):
            def __missing__(self, sandbox: str) -> Grader:
                executor = LocalExecutor(LIMITS, sandbox=sandbox, workers=1)  # type: ignore[arg-type]
                self[sandbox] = stack.enter_context(Grader(executor, dedupe=False))
                return self[sandbox]

        found = Graders()
        yield found


@pytest.mark.sandbox
@IN_EACH_SANDBOX
@pytest.mark.parametrize("kind", ATTACKS)
def test_nobody_passes_without_what_is_right(started: dict[str, Grader], sandbox: str, kind: str) -> None:
    """Nor does any part of the tests; an honest program passes before and after."""
    grader, problem = started[sandbox], PROBLEMS[kind]
    sources = {"honest": RIGHT[kind], **ATTACKS[kind], "honest again": RIGHT[kind]}
    futures = {
        name: grader.submit(Job(Program(problem="x", sample=0, source=source, rule="attack"), problem))
        for name, source in sources.items()
    }
    found = {name: future.result() for name, future in futures.items()}
    passed = {name for name, verdict in found.items() if verdict.verdict == "passed" or verdict.parts}
    assert passed == {"honest", "honest again"}, {name: found[name] for name in passed}
