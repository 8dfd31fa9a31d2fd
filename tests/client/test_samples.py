"""Extraction on what real models really answered. Needs ../shared; nothing of it is kept here."""

import ast
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evalsite.datasets import load_dataset
from evalsite.extraction import extract
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Completion, Limits, Problem, Program
from evalsite.rundir.taxonomy import VerdictClass

HUMAN_EVAL = {problem.task_id: problem for problem in load_dataset("humaneval").problems}


def samples(path: Path, field: str, form: Any) -> Iterator[tuple[dict[str, Any], Completion]]:
    counted: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            task = row["task_id"]
            yield row, Completion(problem=task, sample=counted[task], text=row[field], form=form)
            counted[task] += 1


def passed(programs: list[tuple[Program, Problem]]) -> list[bool]:
    """Execute programs in the sandbox; which pass? Where the reference takes long, so may they."""
    with Grader(LocalExecutor(Limits(cpu_s=0.5, wall_factor=8.0))) as grader:
        futures = [grader.submit(Job(program, problem)) for program, problem in programs]
        return [future.result().verdict == VerdictClass.PASSED for future in futures]


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.parametrize(("model", "least"), [("llama-2-70b-chat", 0.348), ("gpt-3.5-turbo-0613", 0.725)])
def test_no_raw_answer_is_read_worse_than_by_its_collectors(shared: Path, model: str, least: float) -> None:
    """pass@1 reaches what is known of the model, and no answer passes only with the other extraction."""
    path = shared / "samples" / f"humaneval-{model}-raw-answers.jsonl.gz"
    read = [
        (extract(HUMAN_EVAL[completion.problem], completion), row["their_extraction"])
        for row, completion in samples(path, "response", "response")
    ]
    results = passed([(program, HUMAN_EVAL[program.problem]) for program, _ in read])
    assert sum(results) / len(read) >= least
    failed = [pair for pair, good in zip(read, results, strict=True) if not good]
    others = [other for program, source in failed if (other := read_by_others(program, source))]
    passing = passed([(other, HUMAN_EVAL[other.problem]) for other in others])
    assert [(p.problem, p.sample, p.rule) for p, good in zip(others, passing, strict=True) if good] == []


def statements(source: str) -> set[str]:
    return {ast.dump(node) for node in ast.parse(source).body}


def read_by_others(program: Program, source: str) -> Program | None:
    """Another extraction of the same answer; None where it is the same program but for its layout."""
    try:
        if statements(source) <= statements(program.source):
            return None
    except SyntaxError:
        return None
    whole = f"{HUMAN_EVAL[program.problem].prompt}\n{source}"
    return Program(problem=program.problem, sample=program.sample, source=whole, rule=program.rule)


@pytest.mark.parametrize(
    "name", ["wizardcoder-python-13b-n10", "codellama-13b-oasst-n10", "gpt-4-early-2023-greedy"]
)
def test_completions_become_the_programs_that_human_eval_executes(shared: Path, name: str) -> None:
    """To the byte: so no verdict can differ because of extraction."""
    path = shared / "samples" / f"humaneval-{name}.jsonl.gz"
    read = list(samples(path, "completion", "completion"))
    assert len(read) >= 164
    for _, completion in read:
        problem = HUMAN_EVAL[completion.problem]
        assert extract(problem, completion).source == problem.prompt + completion.text


@pytest.mark.sandbox
def test_mbpp_completions_are_whole_programs(shared: Path) -> None:
    """258 of 500 pass, with the prompt's prose nowhere in the program."""
    data = load_dataset("mbpp-test", shared / "datasets" / "mbpp.jsonl")
    problems = {problem.task_id: problem for problem in data.problems}
    programs = []
    for _, completion in samples(
        shared / "samples" / "mbpp-starcoder-greedy.jsonl.gz", "completion", "completion"
    ):
        problem = problems[completion.problem]
        programs.append((extract(problem, completion), problem))
    assert sum(passed(programs)) == 258
