"""Chat completions as servers send them, with calls of tools or without; BFCL's results.

====================================  ==================================================================
``id``, ``result``                    bfcl-eval's ``BFCL_v4_*_result.json``: calls by name, with arguments
                                      as JSON text; or, of models asked by a prompt, an answer's text
``task_id``, ``response`` (object)    a chat completion, whole; ``custom_id`` and ``id`` name it, too, and
                                      ``response.body`` holds it in the results of OpenAI's batches
``task_id``, ``choices``              the same, with its fields beside the name
``task_id``, ``message``              one message of an assistant
``task_id``, ``messages``             a conversation whose last message is an assistant's
====================================  ==================================================================
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from evalsite.calls.families import behind_thoughts, find_calls
from evalsite.calls.task import task_of
from evalsite.client.protocol import Answer, UnusableError, mend
from evalsite.client.reported import Calls
from evalsite.client.shapes import read_whole
from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.samples import ANSWERS
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode
from evalsite.kinds import kind_of
from evalsite.kinds.judging import Wants
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Problem

_IDS = ("task_id", "custom_id", "id")
_ID: Any = str | int
_FAILED = "Error during inference"
"""How bfcl-eval begins a result that is none: its request had failed."""


def begins_calls(first: Any) -> bool:
    """Whether it names a problem, and holds a result, a message, a conversation or a chat completion."""
    if not isinstance(first, dict) or not any(name in first for name in _IDS):
        return False
    if ("result" in first and "id" in first) or any(
        isinstance(first.get(name), dict) for name in ("response", "message")
    ):
        return True
    talks = any(isinstance(first.get(name), list) for name in ("choices", "messages"))
    return talks and first.keys().isdisjoint(ANSWERS)


def read_calls(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the answers, each choice of a completion as one. Raises DatasetError for BFCL's results where the
    data set's problems want no calls.
    """
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        with tasks.record():
            fields = decode(place, raw, dict[str, msgspec.Raw])
            id_field = next((name for name in _IDS if name in fields), _IDS[0])
            if id_field not in fields:
                raise DatasetError(f"{place}: Object missing required field `{id_field}`")
            name = decode(f"{place}: field `{id_field}`", fields[id_field], _ID)
            problem = tasks.find(f"{place}: field `{id_field}`", name)
            result = fields.get("result")
            found = [] if result is not None else _choices(place, fields)
            wants = kind_of(problem).wants
            if wants is Wants.AGENT:
                raise DatasetError(
                    f"{place}: holds one answer, and {problem.task_id} wants an agent's transcript"
                )
            called = "tools" not in fields and any(calls for *_, calls in found)
            if wants is not Wants.CALLS and (result is not None or called):
                raise DatasetError(f"{place}: holds calls of tools, and {problem.task_id} wants a program")
            if result is not None:
                found = [_result(place, result, problem)]
            for (text, finish, calls), _ in tasks.there(problem, found, lambda answer: answer[0]):
                yield tasks.sample(
                    problem,
                    text or "",
                    "response",
                    read_from="response" if result is None else "result",
                    finish_reason=finish,
                    calls=calls or UNSET,
                )


_Found = tuple[str | None, str | None, tuple[CallPiece, ...]]
"""Text (None: there is no answer), why it ended, calls."""


def _result(place: str, raw: msgspec.Raw, problem: Problem) -> _Found:
    """What bfcl-eval kept of an answer.

    A text came of a prompt that asks for calls in it, so what is found there was meant as calls.
    """
    value = _json(place, raw)
    if isinstance(value, list):
        calls = [
            {"function": {"name": name, "arguments": arguments}}
            for each in value
            if isinstance(each, dict)
            for name, arguments in each.items()
        ]
        return "", None, _pieces(calls)
    if not isinstance(value, str) or value.startswith(_FAILED):
        return None, None, ()
    leak = find_calls(behind_thoughts(value), task_of(problem).tools)
    made = [
        {"function": {"name": each.name, "arguments": each.written or "["}}
        if each.arguments is None
        else {"function": {"name": each.name, "arguments": each.arguments}}
        for each in (leak.calls if leak else ())
    ]
    return mend(value), None, _pieces(made)


def _choices(place: str, fields: Mapping[str, msgspec.Raw]) -> list[_Found]:
    if "message" in fields:
        whole: Any = {"choices": [{"message": _json(place, fields["message"])}]}
    elif "choices" in fields:
        whole = {"choices": _json(place, fields["choices"])}
    elif "messages" in fields:
        *_, last = _json(place, fields["messages"]) or [None]
        spoken = isinstance(last, dict) and last.get("role") == "assistant"
        whole = {"choices": [{"message": last}] if spoken else []}
    else:
        whole = _json(place, fields.get("response", msgspec.Raw(b"null")))
        if isinstance(whole, dict) and isinstance(whole.get("body"), dict):
            whole = whole["body"]
    answer = Answer()
    try:
        read_whole(answer, json.dumps(whole).encode(), "chat")
    except UnusableError as exc:
        raise DatasetError(f"{place}: no chat completion: {exc}") from exc
    return [
        (each.text, each.finish_reason and mend(each.finish_reason), each.calls.pieces(mend))
        for _, each in sorted(answer.choices.items())
    ] or [(None, None, ())]


def _pieces(calls: list[dict[str, Any]]) -> tuple[CallPiece, ...]:
    kept = Calls()
    kept.take(calls, whole=True)
    return kept.pieces(mend)


def _json(place: str, raw: msgspec.Raw) -> Any:
    """A field as Python reads it: with NaN, and with halves of characters, which are taken away later."""
    try:
        return json.loads(bytes(raw))
    except (ValueError, RecursionError) as exc:
        raise DatasetError(f"{place}: not JSON that can be read ({exc})") from exc
