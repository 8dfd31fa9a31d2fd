"""Checks a run directory against its own format, listing everything that is wrong with it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from evalsite.counts.tally import agrees, rebuild_summary
from evalsite.errors import EvalsiteError
from evalsite.rundir.answers import find_retested, find_void
from evalsite.rundir.beside import looks
from evalsite.rundir.identity import changes_since
from evalsite.rundir.looks import Look
from evalsite.rundir.schema import Run
from evalsite.rundir.store import ROW_FILES, UNKNOWN, Key, RunDir
from evalsite.words.text import one_line

TWICE = "stands there more than once; the first row counts"

Value = TypeVar("Value")


def find_faults(run_dir: RunDir) -> list[str]:
    """Return a sentence for every fault; nothing where the run is sound.

    A file that cannot be read ends the checks which need it, not the others.
    """
    faults: list[str] = []
    run = _attempt(run_dir.read_run, faults)
    keys = {name: _attempt(partial(run_dir.keys, name), faults) for name in ROW_FILES}
    problems, completions, turns, verdicts = (keys[name] for name in ROW_FILES)
    if run is None or problems is None or completions is None or turns is None or verdicts is None:
        return faults
    faults += [f"{path.name}: stands there packed as well; remove one" for path in run_dir.twice()]
    faults += [f"run.json: was changed after the run began: {change}" for change in changes_since(run)]
    if run.grading is None and not run.graded_as and set(run_dir.graded_by()) - {UNKNOWN}:
        faults.append("run.json: has no `grading`, and verdicts.jsonl holds verdicts: it was removed")
    faults += [
        f"problems.jsonl: the tests of {task} were changed after they had been graded by: put them back"
        for task in find_retested(run_dir)
    ]
    if run.num_problems != len(problems):
        faults.append(f"run.json says {run.num_problems} problems, problems.jsonl holds {len(problems)}")
    faults += [
        f"problems.jsonl: {task} stands there more than once; the first row counts"
        for task, _ in _repeated(problems)
    ]
    known = {task for task, _ in problems}
    faults += _bad_keys("completions.jsonl", completions, known, run)
    faults += _bad_keys("turns.jsonl", turns, known, run)
    faults += [
        f"turns.jsonl: {one_line(task)} sample {sample} follows no answer"
        for task, sample in sorted(set(turns) - set(completions))
    ]
    faults += _bad_keys("verdicts.jsonl", verdicts, known, run)
    faults += [
        f"verdicts.jsonl: {one_line(verdict.problem)} sample {verdict.sample} {why}: evalsite grade RUN"
        for verdict, why in find_void(run_dir)
    ]
    faults += _ungraded(completions, turns, verdicts, run)
    faults += _bad_looks(run, _attempt(partial(looks, run_dir), faults) or ())
    if run_dir.has_summary():
        summary = _attempt(run_dir.read_summary, faults)
        if summary is not None and not agrees(summary, rebuild_summary(run_dir)):
            faults.append("summary.json does not agree with the rows; 'evalsite grade RUN' makes it anew")
    return faults


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
            yield f"{name}: {one_line(problem)} has a sample {sample}, but the run asks for {run.num_samples}"
    for problem, sample in _repeated(keys):
        yield f"{name}: {one_line(problem)} sample {sample} {TWICE}"


def _repeated(keys: Iterable[Key]) -> list[Key]:
    return [key for key, rows in Counter(keys).items() if rows > 1]


def _bad_looks(run: Run, taken: Sequence[Look]) -> Iterator[str]:
    """What is wrong with the looks: a verdict is the surer the more of them there were."""
    here = run.num_problems, run.num_samples
    amounts = [look.amount for look in taken]
    for look in taken:
        if look.num_problems > here[0] or look.num_samples > here[1]:
            yield (
                f"looks.jsonl: a look at {look.num_problems} x {look.num_samples}, but the run asks for "
                f"{here[0]} x {here[1]}"
            )
    if amounts != sorted(set(amounts), key=lambda amount: amount[::-1]):
        yield "looks.jsonl: looks repeat, or do not stand in the order of what was there"
    if run.looks is None:
        return
    plan = run.looks
    if list(plan.stops) != sorted(set(plan.stops)) or plan.stops[-1:] != (run.dataset.num_problems,):
        yield f"run.json: field `looks.stops`: {list(plan.stops)} do not ascend to all problems"
        return
    on_plan = {number for number, samples in amounts if samples == plan.num_samples}
    total = plan.stops[-1]
    for number in sorted(on_plan - set(plan.stops)):
        yield f"looks.jsonl: a look at {number} problems, where `looks.stops` has none"
    # Who has all the rest asked takes no look on the way.
    reached = here[0] if here[0] < total else max(on_plan - {total}, default=0)
    for stop in plan.stops:
        if stop < reached and stop not in on_plan:
            yield f"looks.jsonl: the look at {stop} problems is missing: put the line back"
    if here[0] not in plan.stops:
        yield f"run.json says {here[0]} problems, which is no number that `looks.stops` names"


def _ungraded(
    completions: Iterable[Key], turns: Iterable[Key], verdicts: Iterable[Key], run: Run
) -> Iterator[str]:
    answered, graded, again = set(completions), set(verdicts), set(turns)
    several = run.settings is not None and run.settings.turns > 1
    if run.status != "running":
        for problem, sample in sorted(answered - graded):
            waits = several and (problem, sample) not in again
            what = (
                "waits for its second turn: evalsite resume RUN"
                if waits
                else "has no verdict: evalsite grade RUN"
            )
            yield f"completions.jsonl: {one_line(problem)} sample {sample} {what}"
