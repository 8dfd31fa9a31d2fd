"""A server whose model works as an agent does, or fails as one: what it answers is scripted by problem.

The task's first word says which script it is, and the number of answers so far which line. It speaks tools as
the servers of :mod:`tests.calls.server` do.
"""

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.calls.server import Answer, CallingServer
from tests.edits.exercises import PYTHON

RIGHT = PYTHON.reference["add.py"]
TOO_LONG = (
    "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens."
)


def call(name: str, **arguments: Any) -> Answer:
    return Answer(calls=[(name, json.dumps(arguments))])


def write(text: str) -> Answer:
    return call("edit_file", path="add.py", old="", new=text)


DONE = Answer("Done.", finish="stop")
BROKEN = Answer("The server's own fault.")
SCRIPTS: dict[str, Any] = {
    "solved": [
        call("list_files"),
        call("read_file", path="add.py"),
        call("edit_file", path="./add.py", old="    pass\n", new="    return a - b\n"),
        call("run_tests"),
        call("edit_file", path="add.py", old="a - b", new="a + b"),
        call("run_tests"),
        DONE,
    ],
    "gave_up": [
        call("list_files"),
        write("def add(a, b):\n    return 0\n"),
        Answer("I can't.", finish="stop"),
    ],
    "out_of_turns": lambda turn: write(f"def add(a, b):\n    return {turn}\n"),
    "stuck": [call("list_files"), *[call("read_file", path="add.py")] * 9],
    "broken_call": [
        call("list_files"),
        call("open_file", path="add.py"),
        Answer(calls=[("read_file", '{"path": "add.py"')]),
        call("read_file", file="add.py"),
    ],
    "leaked": [
        call("list_files"),
        Answer('<tool_call>\n{"name": "run_tests", "arguments": {}}\n</tool_call>', finish="stop"),
    ],
    "truncated": [call("list_files"), Answer("Let me think about", finish="length")],
    "out_of_context": lambda turn: None if turn > 3 else call("read_file", path=f"x{turn}"),
    "several": [
        Answer(calls=[("list_files", "{}"), *write(RIGHT).calls, ("run_tests", "{}")]),
        DONE,
    ],
    "at_the_last": lambda turn: call("run_tests") if turn % 2 else write(f"{RIGHT}# {turn}\n"),
}
"""Script -> its answers in order, or a function of the number of answers so far; None refuses the request."""
ENDS = {
    "solved": "passed",
    "several": "passed",
    "leaked": "broken_call",
    "at_the_last": "passed",
}
"""Script -> verdict, where it is not called after that."""


def records(scripts: Iterable[str]) -> list[dict[str, Any]]:
    """Exercises, each named by its script and a number."""
    return [
        {
            "task_id": f"python/{script}-{number}",
            "language": "python",
            "instructions": f"{script} number {number}: write `add`.",
            "solution": PYTHON.solution,
            "tests": PYTHON.tests,
            "other": {"notes.md": "Add two numbers.\n"},
            "example": PYTHON.reference,
        }
        for number, script in enumerate(scripts)
    ]


class AgentServer(CallingServer):
    """An async context manager; ``asked`` holds the bodies that came."""

    def __init__(self, dialect: str = "openai", scripts: dict[str, Any] | None = None):
        super().__init__([], dialect)
        self._scripts = SCRIPTS if scripts is None else scripts

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        said = body["messages"]
        if any(not isinstance(each.get("content"), str) for each in said):  # as llama-cpp-python does
            return web.json_response(
                {"error": {"message": "content: Input should be a valid string"}}, status=500
            )
        asked = max(index for index, each in enumerate(said) if each["role"] == "user")
        script = self._scripts[said[asked]["content"].split()[0]]
        turn = sum(each["role"] == "assistant" for each in said[asked:])
        answer = script(turn) if callable(script) else script[min(turn, len(script) - 1)]
        if answer is None:
            return web.json_response({"error": {"message": TOO_LONG}}, status=400)
        if answer is BROKEN:
            return web.json_response({"error": {"message": "cannot load the template"}}, status=500)
        return await self.send(request, body, answer)
