"""EvalScope's ``reviews/<model>/*.jsonl``, and its ``predictions/<model>/*.jsonl``, which have no results.

====================  ==================================================================================
reviews, from 1.0 on  ``sample_score.score.prediction``, the answer; what it is worth stands in ``value``
predictions           ``model_output``, in the shape of Inspect's
both, before 1.0      ``choices``, each with a ``message``, and in reviews with a ``review``
====================  ==================================================================================

The task's name stands in the metadata, or in ``raw_input``; of LiveCodeBench's problems EvalScope keeps
none, so there the problem is the one whose text the model was asked. As ``evalscope/api/evaluator/cache.py``,
``evalscope/api/metric/scorer.py`` and the adapters of github.com/modelscope/evalscope write them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evalsite.client.finishing import finishes, is_lost
from evalsite.datasets.livecodebench import BEGUN
from evalsite.datasets.records import read_records
from evalsite.errors import DatasetError
from evalsite.formats.inspect_log import read_output
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode
from evalsite.rundir.schema import Problem


def begins_evalscope(first: Any) -> bool:
    """Whether it is a review or a prediction, of either age."""
    return isinstance(first, dict) and (
        "sample_score" in first
        or ("model_output" in first and "index" in first)
        or ("choices" in first and "raw_input" in first)
    )


def read_evalscope(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the answers as they came; a score of 0 or 1 is a claim."""
    for place, raw in read_records(path, tasks.room, not_found=NOT_FOUND):
        with tasks.record():
            row = decode(place, raw, dict[str, Any])
            problem = _problem(place, row, tasks)
            found = list(_answers(row))
            for (field, _, claimed, known), text in tasks.there(problem, found, lambda each: each[1]):
                yield tasks.sample(problem, text, "response", read_from=field, claimed=claimed, **known)


_Found = tuple[str, str | None, bool | None, dict[str, Any]]
"""Field, text (None: there is no answer), whether the file says that it passed, what else is known."""


def _answers(row: Mapping[str, Any]) -> Iterator[_Found]:
    if "sample_score" in row:
        score = _at(row, "sample_score", "score") or {}
        value = score.get("value")
        values = value if isinstance(value, dict) else {}
        main = score.get("main_score_name") or next(iter(values), "")
        text = score.get("prediction")
        yield "prediction", text if isinstance(text, str) else None, _claim(values.get(main)), {}
    elif "model_output" in row:
        output = row["model_output"] if isinstance(row["model_output"], dict) else {}
        found = read_output(output)
        yield ("model_output", found.text, None, found.known) if found else ("model_output", None, None, {})
    else:
        for choice in row["choices"] if isinstance(row["choices"], list) else []:
            text = _at(choice, "message", "content")
            (finish,) = finishes(choice) if isinstance(choice, dict) else (None,)
            there = isinstance(text, str) and not is_lost(finish)
            claimed = _claim(_at(choice, "review", "result"))
            yield "choices", text if there else None, claimed, {"finish_reason": finish}


def _problem(place: str, row: Mapping[str, Any], tasks: Tasks) -> Problem:
    """By its name, or else by its text."""
    for way in _NAMES:
        if isinstance(name := _at(row, *way), str | int):
            return tasks.find(f"{place}: field `{'.'.join(way)}`", name)
    asked = _text(row.get("input") or row.get("messages"))
    fitting = [
        problem
        for problem in tasks.problems.values()
        if (text := problem.prompt.partition(BEGUN)[0].strip()) and text in asked
    ]
    if not fitting:
        raise DatasetError(
            f"{place}: names no task (`{'.'.join(_NAMES[0])}`), and asks none of this data set's problems",
            hint="Check --dataset.",
        )
    return max(fitting, key=lambda problem: len(problem.prompt))


_NAMES = (
    ("sample_score", "sample_metadata", "task_id"),
    ("sample_score", "score", "metadata", "task_id"),
    ("metadata", "task_id"),
    ("raw_input", "task_id"),
)


def _text(asked: Any) -> str:
    """What the model was asked: a text, or messages whose content is one, or a list of parts."""
    if isinstance(asked, list):
        return "\n".join(map(_text, asked))
    if isinstance(asked, dict):
        return _text(asked.get("content") or asked.get("text"))
    return asked.replace("\r\n", "\n") if isinstance(asked, str) else ""


def _at(value: Any, *way: str) -> Any:
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _claim(value: Any) -> bool | None:
    """What a score says of one answer: a share between 0 and 1 tells of none."""
    return bool(value) if value in (0, 1) else None
