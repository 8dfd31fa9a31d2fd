"""Conversations as they were held: what was sent, what came back with its calls, and how it was judged.

A row of ``chat.jsonl`` is a sample: ``messages`` in OpenAI's form from the first to the last answer (of an
agent all its turns, with what its tools said), ``tools`` that were offered, and ``response``, the last answer
as a server would send it, by which ``evalsite import`` reads answers with calls back to the same verdicts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from evalsite.agents.transcript import Transcript
from evalsite.calls.pieces import joined
from evalsite.client.protocol import messages_of
from evalsite.counts.loaded import LoadedRun
from evalsite.counts.samples import Sample
from evalsite.edits.exercise import exercise_of
from evalsite.errors import EvalsiteError
from evalsite.formats.writing import File, json_lines, safe_name, without_none
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.schema import Completion, Problem, SecondAnswer, Settings
from evalsite.rundir.steps import Steps, read_steps

Message = dict[str, Any]


def write_chat(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write ``chat.jsonl``, a row for each graded sample."""
    steps = read_steps(loaded.dir)
    rows = (
        _row(each, loaded.run.settings, steps.get((each.problem.task_id, each.number), Steps()))
        for each in samples
    )
    yield f"{safe_name(loaded.id)}/chat.jsonl", json_lines(rows)


def _row(each: Sample, settings: Settings | None, steps: Steps) -> dict[str, Any]:
    messages, tools = _sent(each.problem, settings)
    answers = [step.answer for step in steps.rows]
    if answers:
        messages += _transcript(each, settings, steps)
    elif each.completion:
        answers = [each.completion]
        messages.append(_message(each.completion))
        messages += _again(each.completion)
    return without_none(
        {
            "task_id": each.problem.task_id,
            "sample": each.number,
            "verdict": str(each.verdict.verdict),
            "passed": each.passed,
            "tools": tools or None,
            "messages": messages,
            "response": _response(answers[-1]) if answers else None,
        }
    )


def _sent(problem: Problem, settings: Settings | None) -> tuple[list[Message], list[Any]]:
    """Messages and tools as they were sent; of samples that were made elsewhere the problem's own words."""
    if settings is not None and settings.api == "chat":
        try:
            prompt = prompt_for(problem, settings)
        except EvalsiteError:  # a style that this evalsite does not know any more
            pass
        else:
            return messages_of(prompt, settings), list(prompt.tools)
    return [{"role": "user", "content": problem.asked or problem.prompt}], []


def _transcript(each: Sample, settings: Settings | None, steps: Steps) -> list[Message]:
    """All that was said behind the prompt, as the model was sent it; then its last answer."""
    most = settings.max_turns if settings and settings.max_turns else len(steps.rows)
    transcript = Transcript((each.problem.task_id, each.number), exercise_of(each.problem), most)
    for step in steps.rows:
        transcript.again(step)
    return transcript.messages


def _message(answer: Completion | SecondAnswer) -> Message:
    calls = [
        {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
        for call_id, name, arguments in joined(answer.calls or ())
    ]
    return without_none(
        {
            "role": "assistant",
            "content": answer.text,
            "reasoning_content": answer.reasoning or None,
            "tool_calls": calls or None,
        }
    )


def _again(answer: Completion) -> list[Message]:
    """What came of a first edit, and the second one."""
    if not (again := answer.again):
        return []
    return [{"role": "user", "content": again.said}, _message(again)]


def _response(answer: Completion) -> dict[str, Any]:
    choice = {"index": 0, "message": _message(answer), "finish_reason": answer.finish_reason}
    usage = {
        name: getattr(answer, name)
        for name in ("prompt_tokens", "completion_tokens")
        if getattr(answer, name) is not None
    }
    return {"object": "chat.completion", "model": answer.model, "choices": [choice], "usage": usage}
