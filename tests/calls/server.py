"""A server that speaks tools as others do, and answers from the accepted answers with chosen faults.

Every dialect is one in which servers report calls: whole or streamed in pieces, with ids and names once or
with every piece, under one index, as objects. Every fault is a way in which an answer goes wrong; how many
answers have which is exact, and which ones is a matter of the seed.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from evalsite.calls.task import task_of
from evalsite.calls.tools import as_sent, wire_names
from tests.loopback import LoopbackServer

LEAKS = (
    "<tool_call>\n{json}\n</tool_call>",
    "<tool_call>\n<function={name}>\n{parameters}</function>\n</tool_call>",
    "[TOOL_CALLS][{json}]",
    "<|python_tag|>{json}",
    "<|tool_call_begin|>functions.{name}:0<|tool_call_argument_begin|>{arguments}<|tool_call_end|>",
    "<｜tool▁call▁begin｜>{name}<｜tool▁sep｜>{arguments}<｜tool▁call▁end｜>",
    "commentary to=functions.{name} json{arguments}",
    "```json\n{json}\n```",
)


@dataclass
class Answer:
    """What a model says: a text, calls as pairs of name and arguments (JSON), and why it ended."""

    text: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    finish: str = "tool_calls"


def right_answer(problem) -> Answer:
    """The first accepted value of every argument; in words where no call is wanted."""
    task = task_of(problem)
    names = wire_names(task.tools)
    if task.expected.word == "some":
        return Answer(calls=[(names[task.tools[0].name], "{}")])
    calls = [
        (names[name], json.dumps({key: plain(v[0]) for key, v in given.items() if v and "" not in v}))
        for call in task.expected.calls
        for name, given in call.items()
    ]
    return Answer(calls=calls) if calls else Answer("Nothing here does that.", finish="stop")


def plain(value: Any) -> Any:
    """An accepted value as a model would write it."""
    if isinstance(value, dict):
        return {key: each[0] for key, each in value.items() if each and "" not in each}
    if isinstance(value, list):
        return [plain(each) if isinstance(each, dict) else each for each in value]
    return value


def _first(answer: Answer, change: Callable[[str, dict[str, Any]], tuple[str, str] | None]) -> Answer | None:
    if not answer.calls:
        return None
    name, text = answer.calls[0]
    changed = change(name, json.loads(text))
    return changed and Answer(calls=[changed, *answer.calls[1:]])


def _wrong_tool(problem, answer):
    names = wire_names(task_of(problem).tools)
    called = {name for name, _ in answer.calls}
    others = sorted(set(names.values()) - called)
    return _first(answer, lambda _name, _given: (others[0], "{}")) if others else None


def _schema_violation(problem, answer):
    tools = {
        each["function"]["name"]: each["function"]["parameters"] for each in as_sent(task_of(problem).tools)
    }

    def change(name, given):
        properties = tools[name].get("properties", {})
        known = [key for key in given if properties[key].get("type") in ("string", "integer", "boolean")]
        return (name, json.dumps({**given, known[0]: {"not": "this"}})) if known else None

    return _first(answer, change)


def _wrong_arguments(problem, answer):
    tools = {
        each["function"]["name"]: each["function"]["parameters"] for each in as_sent(task_of(problem).tools)
    }

    def change(name, given):
        properties = tools[name].get("properties", {})
        free = [k for k in given if properties[k].get("type") == "string" and "enum" not in properties[k]]
        return (name, json.dumps({**given, free[0]: f"{given[free[0]]} zzz"})) if free else None

    return _first(answer, change)


def _empty(problem, answer):
    return _first(answer, lambda name, given: (name, "{}") if _required(problem, name) else None)


def _required(problem, name):
    return next(
        each["function"]["parameters"].get("required")
        for each in as_sent(task_of(problem).tools)
        if each["function"]["name"] == name
    )


def _leaked(problem, answer):
    if not answer.calls or len(answer.calls) > 1:
        return None
    name, arguments = answer.calls[0]
    if not json.loads(arguments):
        return None
    written = "".join(
        f"<parameter={key}>\n{value if isinstance(value, str) else json.dumps(value)}\n</parameter>\n"
        for key, value in json.loads(arguments).items()
    )
    form = LEAKS[hash_of(problem) % len(LEAKS)]
    whole = json.dumps({"name": name, "arguments": json.loads(arguments)})
    for key, value in (("name", name), ("arguments", arguments), ("json", whole), ("parameters", written)):
        form = form.replace(f"{{{key}}}", value)
    return Answer(f"I will look that up.\n{form}", finish="stop")


def hash_of(problem) -> int:
    """A number of a problem's own, the same everywhere."""
    return sum(map(ord, problem.task_id))


FAULTS: Mapping[str, Callable[[Any, Answer], Answer | None]] = {
    "no_call": lambda _p, a: Answer("I cannot do that.", finish="stop") if a.calls else None,
    "unwanted_call": lambda p, a: (
        Answer(calls=[(as_sent(task_of(p).tools)[0]["function"]["name"], "{}")])
        if not a.calls and task_of(p).tools
        else None
    ),
    "unknown_tool": lambda _p, a: _first(a, lambda name, given: (f"{name[:50]}_x", json.dumps(given))),
    "wrong_tool": _wrong_tool,
    "wrong_count": lambda _p, a: Answer(calls=[*a.calls, a.calls[0]]) if a.calls else None,
    "malformed_arguments": lambda _p, a: _first(a, lambda name, given: (name, json.dumps(given)[:-1])),
    "schema_violation": _schema_violation,
    "wrong_arguments": _wrong_arguments,
    "leaked_call": _leaked,
    "truncated": lambda _p, a: (
        _first(a, lambda name, given: (name, json.dumps(given)[:-1]))
        and Answer(calls=[(a.calls[0][0], a.calls[0][1][:-1])], finish="length")
    ),
    "empty_arguments": _empty,
    "stringified_arguments": lambda _p, a: _first(
        a, lambda name, given: (name, json.dumps(json.dumps(given)))
    ),
}
"""Name -> the answer with that fault; None where an answer cannot have it. The last two are symptoms."""


def assign(problems: Iterable[Any], counts: Mapping[str, int], seed: int = 1) -> dict[str, str]:
    """Choose which problems' answers have which fault: exactly so many of each."""
    left = list(problems)
    random.Random(seed).shuffle(left)
    chosen: dict[str, str] = {}
    for fault in sorted(counts, key=lambda name: name not in ("unwanted_call", "wrong_tool")):
        fitting = [p for p in left if FAULTS[fault](p, right_answer(p)) is not None][: counts[fault]]
        assert len(fitting) == counts[fault], f"too few problems for {fault}"
        chosen |= {problem.task_id: fault for problem in fitting}
        left = [problem for problem in left if problem.task_id not in chosen]
    return chosen


def _cut(text: str, size: int = 7) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)] or [""]


def _function(call_id, index, name, arguments, **more):
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    told = {"index": index, "id": call_id, "type": "function", "function": function, **more}
    return {key: value for key, value in told.items() if value is not None}


def _openai(number, name, arguments):
    yield [_function(f"call_{number}", number, name, "")]
    for piece in _cut(arguments):
        yield [_function(None, number, None, piece)]


def _llama_cpp(number, name, arguments):
    yield [_function(f"id{number}", number, name, arguments[:1])]
    for piece in _cut(arguments[1:], 3):
        yield [{"index": number, "function": {"arguments": piece}}]


def _vllm(number, name, arguments):
    """A new id with every piece, the name with the first alone."""
    yield [_function(f"chatcmpl-tool-{number}a", number, name, None)]
    for place, piece in enumerate(_cut(arguments, 11)):
        yield [_function(f"chatcmpl-tool-{number}{place}", number, None, piece)]


def _sglang(number, name, arguments):
    """Index 0 for all, and the id with every piece."""
    yield [_function(f"call_{number}", 0, name, "")]
    for piece in _cut(arguments, 5):
        yield [_function(f"call_{number}", 0, None, piece)]


def _ollama(number, name, arguments):
    """Whole, under index 0; as an object where it is one."""
    try:
        given = json.loads(arguments)
    except ValueError:
        given = arguments
    yield [_function(f"call_{number}", 0, name, given if isinstance(given, dict) else arguments)]


DIALECTS: Mapping[str, Callable[[int, str, str], Iterator[list[dict[str, Any]]]]] = {
    "openai": _openai,
    "llama.cpp": _llama_cpp,
    "vllm": _vllm,
    "sglang": _sglang,
    "ollama": _ollama,
}


class CallingServer(LoopbackServer):
    """Answers questions of these problems. An async context manager; ``asked`` holds the bodies that came."""

    def __init__(
        self, problems: Iterable[Any], dialect: str = "openai", faults: Mapping[str, str] | None = None
    ):
        self.asked: list[dict[str, Any]] = []
        self._dialect = dialect
        self._answers = {}
        self.add(problems, faults)

    def add(self, problems: Iterable[Any], faults: Mapping[str, str] | None = None) -> None:
        """Answer these questions, too, such as those of another level, which go by the same ids."""
        for problem in problems:
            answer = right_answer(problem)
            fault = (faults or {}).get(problem.task_id)
            task = task_of(problem)
            key = _key(list(task.messages), as_sent(task.tools))
            self._answers[key] = FAULTS[fault](problem, answer) if fault else answer

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/models"):
            return web.json_response({"object": "list", "data": [{"id": "m"}]})
        return web.Response(status=404)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body)
        said, tools = body["messages"], body.get("tools", [])
        heard = (self._answers.get(_key(said[at:], tools)) for at in range(len(said)))  # whatever was before
        answer = next((each for each in heard if each is not None), None)
        if answer is None:
            return web.json_response({"error": {"message": "an unknown question"}}, status=400)
        return await self.send(request, body, answer)

    async def send(self, request: web.Request, body: dict[str, Any], answer: Answer) -> web.StreamResponse:
        """Send an answer as this dialect does, streamed or whole."""
        if not body.get("stream"):
            return web.json_response(self._whole(answer))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in (*self._events(answer), "[DONE]"):
            data = event if isinstance(event, str) else json.dumps(event)
            await response.write(f"data: {data}\n\n".encode())
        return response

    def _finish(self, answer: Answer) -> str:
        return "stop" if self._dialect == "ollama" and answer.finish == "tool_calls" else answer.finish

    def _whole(self, answer: Answer) -> dict[str, Any]:
        calls = []
        for number, (name, arguments) in enumerate(answer.calls):
            given: Any = arguments
            if self._dialect == "ollama":
                (given,) = (piece[0]["function"]["arguments"] for piece in _ollama(number, name, arguments))
            calls.append(
                {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": given}}
            )
        message = {
            "role": "assistant",
            "content": answer.text or None,
            **({"tool_calls": calls} if calls else {}),
        }
        choice = {"index": 0, "message": message, "finish_reason": self._finish(answer)}
        return {"model": "m", "choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 5}}

    def _events(self, answer: Answer) -> Iterator[dict[str, Any]]:
        yield self._event({"role": "assistant", "content": None})
        for piece in _cut(answer.text) if answer.text else ():
            yield self._event({"content": piece})
        for number, (name, arguments) in enumerate(answer.calls):
            for calls in DIALECTS[self._dialect](number, name, arguments):
                yield self._event({"tool_calls": calls})
        yield self._event({}, self._finish(answer))

    @staticmethod
    def _event(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {"model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _key(messages: list[Any], tools: list[Any]) -> str:
    return msgspec.json.encode([messages, tools], order="sorted").decode()
