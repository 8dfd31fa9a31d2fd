"""Checks a run directory against its own format, listing everything that is wrong with it."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec import to_builtins
from msgspec.structs import replace

from evalsite.counts.tally import rebuild_summary
from evalsite.errors import EvalsiteError
from evalsite.rundir.answers import find_void
from evalsite.rundir.identity import changes_since
from evalsite.rundir.schema import Run, Summary
from evalsite.rundir.store import ROW_FILES, Key, RunDir

TWICE = "stands there more than once; the first row counts"

NEWER = frozenset({"answered_by", "sd", "problems", "error", "untimed"})
"""Fields of a summary that are null in the files of an evalsite that did not count them yet."""

Value = TypeVar("Value")


def find_faults(run_dir: RunDir) -> list[str]:
    """Return a sentence for every fault; nothing where the run is sound.

    A file that cannot be read ends the checks which need it, not the others.
    """
    faults: list[str] = []
    run = _attempt(run_dir.read_run, faults)
    keys = {name: _attempt(partial(run_dir.keys, name), faults) for name in ROW_FILES}
    problems, completions, verdicts = (keys[name] for name in ROW_FILES)
    if run is None or problems is None or completions is None or verdicts is None:
        return faults
    faults += [f"run.json: was changed after the run began: {change}" for change in changes_since(run)]
    if run.num_problems != len(problems):
        faults.append(f"run.json says {run.num_problems} problems, problems.jsonl holds {len(problems)}")
    faults += [
        f"problems.jsonl: {task} stands there more than once; the first row counts"
        for task, _ in _repeated(problems)
    ]
    known = {task for task, _ in problems}
    faults += _bad_keys("completions.jsonl", completions, known, run)
    faults += _bad_keys("verdicts.jsonl", verdicts, known, run)
    faults += [
        f"verdicts.jsonl: {verdict.problem} sample {verdict.sample} {why}: evalsite grade RUN"
        for verdict, why in find_void(run_dir)
    ]
    faults += _ungraded(completions, verdicts, run)
    if run_dir.has_summary():
        summary = _attempt(run_dir.read_summary, faults)
        if summary is not None and not _agrees(summary, rebuild_summary(run_dir)):
            faults.append("summary.json does not agree with the rows; 'evalsite grade RUN' makes it anew")
    return faults


def _agrees(recorded: Summary, rebuilt: Summary) -> bool:
    if recorded.format == 1:  # which counted times per token that were not the samples' own
        rebuilt = replace(rebuilt, format=1, token_s=recorded.token_s, tokens_per_s=recorded.tokens_per_s)
    return _agree(to_builtins(recorded), to_builtins(rebuilt))


def _agree(recorded: object, rebuilt: object) -> bool:
    """Compare what a file records with what its rows give, both as plain values.

    Floats need to agree within rounding only: a sum depends on the order in which it is taken.
    """
    if isinstance(recorded, dict) and isinstance(rebuilt, dict):
        return recorded.keys() == rebuilt.keys() and all(
            (key in NEWER and value is None) or _agree(value, rebuilt[key]) for key, value in recorded.items()
        )
    if isinstance(recorded, list | tuple) and isinstance(rebuilt, list | tuple):
        return len(recorded) == len(rebuilt) and all(map(_agree, recorded, rebuilt))
    if isinstance(recorded, float) and isinstance(rebuilt, float):
        return math.isclose(recorded, rebuilt, rel_tol=1e-9, abs_tol=1e-12)
    return recorded == rebuilt


def _attempt(read: Callable[[], Value], faults: list[str]) -> Value | None:
    try:
        return read()
    except EvalsiteError as exc:
        faults.append(exc.message)
        return None


def _bad_keys(name: str, keys: Sequence[Key], known: set[str], run: Run) -> Iterator[str]:
    for problem, sample in keys:
        if problem not in known:
            yield f"{name}: {problem!r} is not in problems.jsonl"
        if not 0 <= sample < run.num_samples:
            yield f"{name}: {problem} has a sample {sample}, but the run asks for {run.num_samples}"
    for problem, sample in _repeated(keys):
        yield f"{name}: {problem} sample {sample} {TWICE}"


def _repeated(keys: Iterable[Key]) -> list[Key]:
    return [key for key, rows in Counter(keys).items() if rows > 1]


def _ungraded(completions: Iterable[Key], verdicts: Iterable[Key], run: Run) -> Iterator[str]:
    answered, graded = set(completions), set(verdicts)
    if run.status != "running":
        for problem, sample in sorted(answered - graded):
            yield f"completions.jsonl: {problem} sample {sample} has no verdict: evalsite grade RUN"
