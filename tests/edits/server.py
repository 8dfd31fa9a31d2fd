"""A server that answers with edits in the format that it is asked for, right ones and chosen faults.

How many answers have which fault is exact, and which ones is a matter of the seed. A problem may be answered
otherwise once its tests' output has come back.
"""

import asyncio
import json
import random
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from evalsite.edits.exercise import Files, decode_files
from evalsite.kinds import kind_of
from tests.loopback import LoopbackServer

Changes = Mapping[str, tuple[str, str]]
"""Path -> text before and after."""


def whole(changes: Changes) -> str:
    """Every file that changes, whole."""
    return "Like this:\n\n" + "\n".join(f"{path}\n```\n{after}```\n" for path, (_, after) in changes.items())


def search_replace(changes: Changes) -> str:
    """One block a file: all of its lines give way."""
    blocks = (
        f"{path}\n<<<<<<< SEARCH\n{before}=======\n{after}>>>>>>> REPLACE\n"
        for path, (before, after) in changes.items()
    )
    return "I change this.\n\n" + "\n".join(blocks)


def udiff(changes: Changes) -> str:
    """One hunk a file."""
    written = []
    for path, (before, after) in changes.items():
        old = "".join(f"-{line}\n" for line in before.splitlines())
        new = "".join(f"+{line}\n" for line in after.splitlines())
        written.append(f"```diff\n--- {path}\n+++ {path}\n@@ -1 +1 @@\n{old}{new}```\n")
    return "\n".join(written)


WRITE = {"whole": whole, "search-replace": search_replace, "udiff": udiff}
"""Format -> how an edit of it is written."""
MALFORMED = {
    "whole": "add.py\n```\nnever closed\n",
    "search-replace": "add.py\n<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n",
    "udiff": "```diff\n--- add.py\n+++ add.py\nno hunk\n```\n",
}


def ended(files: Files) -> dict[str, str]:
    """Files whose texts end with a line end, and are not empty, as a block can replace."""
    return {path: text if text.endswith("\n") else f"{text}\n" for path, text in files.items()}


def right_files(problem: Any) -> dict[str, str]:
    """The files of the reference."""
    shown = kind_of(problem).to_edit(problem).files
    if problem.kind == "exercise":
        return ended(decode_files(problem.reference))
    return ended(dict.fromkeys(shown, problem.reference))


def wrong_files(problem: Any) -> dict[str, str]:
    """The files as the fault ``wrong_answer`` leaves them."""
    files = ended(kind_of(problem).to_edit(problem).files)
    first = next(iter(files))
    return {**files, first: files[first] + "\n"}


def answer(problem: Any, name: str, fault: str = "", *, after: Files | None = None) -> str:
    """What a model says to a problem: the reference as an edit, or one with a fault."""
    shown = kind_of(problem).to_edit(problem)
    right = right_files(problem)
    before = ended(after or shown.files)
    changes = {path: (before[path], text) for path, text in right.items() if before[path] != text}
    first = next(iter(shown.files))
    if fault == "no_edit":
        return "I would rather not."
    if fault == "malformed_edit":
        return MALFORMED[name]
    if fault == "edit_does_not_apply":
        if name == "whole":  # which applies wherever it is read
            raise AssertionError("a whole file always applies")
        return WRITE[name]({first: ("no such line there\n", "x\n")})
    if fault == "wrong_file":
        return WRITE[name]({shown.given[0] if shown.given else "tests/other.py": ("a\n", "b\n")})
    if fault == "wrong_answer":
        return WRITE[name]({first: (before[first], wrong_files(problem)[first])})
    return WRITE[name](changes)


def assign(problems: Iterable[Any], counts: Mapping[str, int], seed: int = 1) -> dict[str, str]:
    """Choose which problems' answers have which fault: exactly so many of each."""
    left = [problem.task_id for problem in problems]
    random.Random(seed).shuffle(left)
    chosen: dict[str, str] = {}
    for fault, number in counts.items():
        chosen |= dict.fromkeys(left[:number], fault)
        del left[:number]
    return chosen


class EditingServer(LoopbackServer):
    """Answers these problems in a format. An async context manager; ``asked`` holds the bodies that came."""

    def __init__(
        self,
        problems: Iterable[Any],
        name: str,
        faults: Mapping[str, str] | None = None,
        again: Mapping[str, str] | None = None,
        slow_s: float = 0.0,
    ) -> None:
        """``faults`` and ``again``: problem -> the fault of the first answer, and of the second, which takes
        ``slow_s``.
        """
        self._slow_s = slow_s
        self.asked: list[dict[str, Any]] = []
        self._problems = list(problems)
        self._name = name
        self._faults = faults or {}
        self._again = again or {}

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/models"):
            return web.json_response({"object": "list", "data": [{"id": "m"}]})
        return web.Response(status=404)

    def _problem(self, text: str) -> Any:
        for problem in self._problems:
            shown = kind_of(problem).to_edit(problem)
            if shown.task.strip() in text and all(body.strip() in text for body in shown.files.values()):
                return problem
        return None

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        messages = body["messages"]
        problem = self._problem(messages[0]["content"])
        if problem is None:
            return web.json_response({"error": {"message": "an unknown question"}}, status=400)
        if len(messages) > 1:
            await asyncio.sleep(self._slow_s)
        fault = (self._faults if len(messages) == 1 else self._again).get(problem.task_id, "")
        before = self._faults.get(problem.task_id) if len(messages) > 1 else ""
        text = answer(
            problem, self._name, fault, after=wrong_files(problem) if before == "wrong_answer" else None
        )
        finish = "length" if fault == "truncated" else "stop"
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
            return web.json_response({"model": "m", "choices": [choice]})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for delta, end in (({"content": text}, None), ({}, finish)):
            event = {"model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
            await response.write(f"data: {json.dumps(event)}\n\n".encode())
        await response.write(b"data: [DONE]\n\n")
        return response
