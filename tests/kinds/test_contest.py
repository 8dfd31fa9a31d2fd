# ruff: noqa: E501, ISC004 - programs and words stand here as they are
"""Contest problems: whole programs that read and print, and functions, judged by inputs and outputs."""

import json
from collections.abc import Iterator

import pytest
from msgspec import structs

from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.preflight import preflight
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import build_prompt
from evalsite.languages import language_of
from evalsite.rundir.schema import Completion, Problem, Program, Verdict
from tests.grading.helpers import QUICK
from tests.make import make_problem


def cases(*pairs: tuple[str, str]) -> str:
    return json.dumps([{"input": entered, "output": printed} for entered, printed in pairs])


SUM = make_problem(
    "sum",
    "",
    kind="stdin",
    prompt="Add the numbers of each line.",
    tests=cases(("1 2\n3\n", "3\n3\n"), ("", ""), ("7 0.5\n", "7.50\n")),
    reference="",
)
TWICE = make_problem(
    "twice",
    "twice",
    kind="call",
    prompt="Return all items twice.",
    tests=cases(("[1, 2]\ntrue", "[1, 2, 1, 2]"), ("[]\nfalse", "[]")),
    reference="",
)
ADDS = "import sys\nfor line in sys.stdin:\n    print(sum(map(float, line.split())))\n"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(LocalExecutor(QUICK, workers=1), dedupe=False) as grader:
        yield grader


def judged(grader: Grader, problem: Problem, source: str) -> Verdict:
    program = Program(problem=problem.task_id, sample=0, source=source, rule="test")
    found = grader.submit(Job(program, problem)).result()
    assert isinstance(found, Verdict)
    return found


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "source",
    [
        ADDS,
        "def main():\n    while True:\n        try:\n            numbers = input().split()\n"
        "        except EOFError:\n            return\n        print(sum(map(float, numbers)))\n"
        "if __name__ == '__main__':\n    main()\n",
        "import os\ntext = os.read(0, 10**6).decode()\n"
        "os.write(1, ''.join(f'{sum(map(float, one.split()))}  \\n' for one in text.splitlines()).encode())\n",
        "lines = open(0).read().splitlines()\nprint(*(sum(map(float, one.split())) for one in lines), sep='\\n')\n",
        ADDS + "exit(3)\n",
        "import sys, threading\ndef run():\n    global lines\n    lines = sys.stdin.buffer.read().decode().split('\\n')\n"
        "    for one in lines:\n        if one:\n            print(sum(map(float, one.split())))\n"
        "threading.Thread(target=run).start()\n",
        "import atexit, sys\natexit.register(lambda: print(*(sum(map(float, one.split())) for one in sys.stdin),"
        " sep='\\n'))\n",
        "print(*[fsum(map(float, line.split())) for line in sys.stdin], sep='\\n')\n",
    ],
)  # fmt: skip
def test_a_right_program_passes_however_it_reads_and_prints(grader: Grader, source: str) -> None:
    """Blanks at the ends of lines and how a number is written do not count; nor does how it ends."""
    found = judged(grader, SUM, source)
    assert (found.verdict, found.message) == ("passed", "")


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "verdict", "told"),
    [
        ("print(3)\nprint(3)\n", "wrong_answer", "with input '' it printed '3\\n3\\n', not '' (case 1)"),
        ("print('nan')\n", "wrong_answer", "not '3\\n3\\n' (case 0)"),
        ("raise ValueError('no')\n", "runtime_error", "no"),
        ("def main(:\n", "syntax_error", ""),
        ("while True:\n    pass\n", "timeout", "CPU time"),
        ("import time\ntime.sleep(1000)\n", "timeout", "still running"),
        ("x = [0] * 10**9\n", "memory_limit", ""),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "crashed", "SIGSEGV"),
        ("print('x' * 100_000_000)\n", "output_limit", ""),
        ("import unheard_of\n", "missing_module", "unheard_of"),
        ("import os\nos._exit(0)\n", "wrong_answer", "printed ''"),
    ],
)
def test_what_a_program_ends_in_is_told(grader: Grader, source: str, verdict: str, told: str) -> None:
    """As of any other kind, though it is a process of its own for each input."""
    endless = structs.replace(SUM, tests=cases(("", "")))  # each input has its own share of the time
    found = judged(grader, endless if verdict == "timeout" else SUM, source)
    assert found.verdict == verdict
    assert told in found.message
    if verdict == "runtime_error":
        assert 'File "<program>", line 1' in found.traceback


@pytest.mark.sandbox
def test_each_input_finds_a_new_process(grader: Grader) -> None:
    """What one run leaves behind in names, modules or files read, the next does not see."""
    source = f"import math\nassert not hasattr(math, 'left')\nmath.left = 1\n{ADDS}"
    assert judged(grader, SUM, source).verdict == "passed"


@pytest.mark.sandbox
def test_much_is_read_and_printed() -> None:
    """Megabytes each way, without waiting for one another; a program may leave its input unread.

    However slow the machine is: nothing here waits for the limit on wall time.
    """
    text = "".join(f"{number}\n" for number in range(300_000))
    problem = make_problem("much", "", kind="stdin", tests=cases((text, text), (text, text)), reference="")
    echo = "import sys\nfor line in sys.stdin:\n    print(line, end='')\n"
    with Grader(LocalExecutor(structs.replace(QUICK, wall_factor=60.0), workers=1)) as grader:
        assert judged(grader, problem, echo).verdict == "passed"
        assert judged(grader, problem, "print(*range(300_000), sep='\\n')\n").verdict == "passed"
        assert judged(grader, problem, "print(*range(300_001), sep='\\n')\n").verdict == "wrong_answer"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("def twice(items, more):\n    return items * 2\n", "passed"),
        ("def twice(items, more):\n    return (*items, *items)\n", "passed"),
        ("class Solution:\n    def twice(self, items: List[int], more: bool) -> List[int]:\n"
         "        items.extend(items)\n        return items\n", "passed"),
        ("class Solution:\n    seen = 0\n    def twice(self, items, more):\n        self.seen += 1\n"
         "        return items * 2 if self.seen == 1 else 0\n", "wrong_answer"),
        ("def twice(items, more):\n    return [items, items]\n", "wrong_answer"),
        ("def twice(items, more):\n    return items[0]\n", "wrong_answer"),
        ("def twice(items, more):\n    return items * 2 if items[0] else 1\n", "runtime_error"),
        ("def double(items, more):\n    return items * 2\n", "runtime_error"),
        ("twice = 3\n", "runtime_error"),
    ],
)  # fmt: skip
def test_a_function_or_a_method_is_called(grader: Grader, source: str, verdict: str) -> None:
    """With a line of JSON for each argument; names of the typing module are at hand."""
    assert judged(grader, TWICE, source).verdict == verdict


@pytest.mark.sandbox
def test_stubs_fail_and_no_reference_is_missed(grader: Grader) -> None:
    """Such data sets have none; one that is there is tried. What expects nothing is told."""
    report = preflight(grader, [SUM, TWICE])
    assert (report.num_problems, report.failures, report.unvouched) == (2, (), ())
    nothing = make_problem("none", "", kind="stdin", tests=cases(("1", "")), reference="pass\n")
    report = preflight(grader, [nothing])
    assert report.num_problems == 1
    assert [failure.kind for failure in report.failures] == ["idle"]


def answered(problem: Problem, text: str) -> str:
    return extract(problem, Completion(problem=problem.task_id, sample=0, text=text, form="response")).source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"So:\n```python\n{ADDS}```\n", ADDS),
        (
            f"First\n```python\nprint(1)\n```\nand then\n```python\n{ADDS}```\nwhich prints\n```\n3\n```\n",
            ADDS,
        ),
        ("```python\nprint(3)\n```\n", "print(3)\n"),
        (f"<think>```python\nprint(0)\n```</think>```python\n{ADDS}```", ADDS),
        (f"```python\n{ADDS}", ADDS),
        (ADDS, ADDS),
    ],
)
def test_a_whole_program_is_found_as_it_is(text: str, source: str) -> None:
    """Calls and prints at its end are what it does, and no examples; the last that reads is meant."""
    assert answered(SUM, text) == source


def test_a_method_is_found_by_its_name() -> None:
    """Wherever the class that holds it stands."""
    program = "class Solution:\n    def twice(self, items, more):\n        return items * 2\n"
    text = f"```python\n{program}```\nTry it:\n```python\nprint(Solution().twice([1], True))\n```\n"
    assert answered(TWICE, text) == program
    kind, reading = kind_of(TWICE), language_of(TWICE).reading
    found = kind.read(TWICE, "response", text, reading)
    assert found is not None
    assert (found.source, found.rule) == (program, "fenced")
    assert kind.read(TWICE, "completion", text, reading) is None
    assert kind.read(TWICE, "response", "```python\nprint(1)\n```", reading) is None
    function = "def twice(items, more):\n    return items * 2"
    assert answered(TWICE, f"It is this:\n\n{function}\n\nThat is all.").startswith("def twice")


def test_prompts_say_what_is_to_be_written() -> None:
    """Both ways; nothing that a program may hold ends it."""
    chat = build_prompt(SUM, "chat-v1")
    assert chat.text.startswith("Add the numbers of each line.\n\nThe program reads the input from standard")
    assert "begins with ```python and ends with ```." in chat.text
    completion = build_prompt(TWICE, "completion-v1")
    assert completion.stop == ("\n```",)
    assert "Return all items twice." in completion.text
