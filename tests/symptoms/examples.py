"""Answers whose symptoms people told: of real models (``labelled.jsonl``), and of our own writing
(``written.txt``), for what the former do not show and for what is nearly a symptom.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evalsite.datasets import load_dataset
from evalsite.extraction import extract
from evalsite.replay.recordings import RECORDINGS, load_recording
from evalsite.rundir.schema import Completion, Problem
from evalsite.rundir.symptoms import Symptoms
from evalsite.symptoms import find_symptoms

PROMPT = '''def add_up(numbers: list[int]) -> int:
    """ Add the numbers that are no multiple of three, each of them once, however often it stands there.
    >>> add_up([1, 2, 3, 1])
    3
    """
'''
TESTS = """
def check(candidate):
    assert candidate([1, 2, 3, 1]) == 3
    assert candidate([]) == 0
    assert candidate([3, 6, 9, 12]) == 0
    assert candidate([10, 10, 20, -5, 33]) == 25
    assert candidate([-7, 7, -14, 14, 99]) == 0

check(add_up)
"""
BODY = "    return sum({number for number in numbers if number % 3})\n"
FUNCTION = f"def add_up(numbers):\n{BODY}"
PROBLEM = Problem(
    task_id="Demo/1",
    prompt=PROMPT,
    kind="code",
    entry_point="add_up",
    tests=TESTS,
    reference=PROMPT + BODY,
    asked=f"Complete the function below. Answer with the whole function in one code block.\n\n{PROMPT}",
)
FENCED = f"```python\n{FUNCTION}```\n"


def symptoms(text: str, problem: Problem = PROBLEM, **fields: Any) -> Symptoms:
    form = fields.pop("form", "response")
    completion = Completion(problem=problem.task_id, sample=0, text=text, form=form, **fields)
    return find_symptoms(problem, completion, extract(problem, completion))


HERE = Path(__file__).parent


def written() -> Iterator[tuple[frozenset[str], str]]:
    """The symptoms and the text of each answer of our own, all of which ended by themselves."""
    for section in re.split(r"(?m)^%% ", (HERE / "written.txt").read_text("utf-8"))[1:]:
        names, _, text = section.partition("\n")
        for name, part in {"PROMPT": PROMPT, "TESTS": TESTS, "FUNCTION": FUNCTION, "FENCED": FENCED}.items():
            text = text.replace(f"{{{{{name}}}}}", part)
        text = text.replace("{{BODY}}", BODY)
        yield frozenset(names.split()) - {"none"}, text.rstrip("\n")


def labelled() -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Of each answer of a real model which it is, its symptoms as read by people, and as the rules tell.

    Recorded answers are taken whole from the demo's recordings; those of other models are shortened.
    """
    problems = {problem.task_id: problem for problem in load_dataset("humaneval").problems}
    recorded = {
        (name, answer.problem, answer.sample): answer
        for name in RECORDINGS
        for answers in load_recording(name).answers.values()
        for answer in answers
    }
    for line in (HERE / "labelled.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        where = row["from"], row["problem"], row["sample"]
        answer = recorded.get(where)
        problem = problems.get(row["problem"]) or _in_prose(row["problem"], row["text"])
        found = symptoms(
            answer.text if answer else row["text"],
            problem,
            finish_reason=answer.finish_reason if answer else None,
            form="response" if answer or "raw" in row["from"] else "solution",
        )
        yield f"{where}", frozenset(row["symptoms"]), frozenset(found.names)


def _in_prose(task_id: str, text: str) -> Problem:
    """A problem of a data set that is not at hand: what of it the rules look at."""
    name = text.partition("def ")[2].partition("(")[0]
    return Problem(
        task_id=task_id,
        prompt="Write a function.",
        kind="text",
        entry_point=name,
        tests=f"assert {name}",
        reference="",
    )
