"""Shards of one run -> the run that was never divided."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path

from msgspec.structs import replace

from evalsite.errors import IdentityError, RunError
from evalsite.rundir.answers import find_retested
from evalsite.rundir.identity import graded, refuse_changed
from evalsite.rundir.schema import Grading, Problem, Run
from evalsite.rundir.shards import Shard
from evalsite.rundir.store import RunDir, new_run_id
from evalsite.runner.grade import answered_status, finish

_DECIDING = ("sandbox", "layers", "limits", "extraction", "python", "packages", "dedupe")
"""Fields of a grading that decide verdicts."""


def merge(shards: Sequence[RunDir], runs_dir: Path) -> RunDir:
    """Write a new run that holds the problems, answers and verdicts of all shards; they stay as they are.

    Raises :class:`RunError` where one is no shard, still runs, or is missing or given twice, and
    :class:`IdentityError` where they were not made or graded alike.
    """
    runs = {run_dir: run_dir.read_run() for run_dir in shards}
    ordered = sorted(runs, key=lambda run_dir: _shard(run_dir, runs[run_dir]))
    _refuse_incomplete_set([Shard.parse(runs[run_dir].shard) for run_dir in ordered])
    first = runs[ordered[0]]
    for run_dir in ordered:
        _refuse_different(ordered[0], first, run_dir, runs[run_dir])
    problems = _interleaved([run_dir.problems() for run_dir in ordered])
    created_at = min(run.created_at for run in runs.values())
    merged = replace(
        graded(first, _grading([runs[run_dir].grading for run_dir in ordered])),
        id=new_run_id(created_at, first.model.name, first.dataset.name),
        status="running",
        created_at=created_at,
        shard="",
        num_problems=len(problems),
        chosen=len(problems) < first.dataset.num_problems,
        draw=None,
        sightings=tuple(
            sorted(chain.from_iterable(run.sightings for run in runs.values()), key=lambda s: s.at)
        ),
    )
    whole = RunDir.create(runs_dir, merged, problems)
    with whole.lock():
        with whole.append_completions() as completions, whole.append_verdicts() as verdicts:
            for run_dir in ordered:
                for completion in run_dir.completions():
                    completions.append(completion)
                for verdict in run_dir.verdicts():
                    verdicts.append(verdict)
        lost = Counter(chain.from_iterable(Counter(run.lost).elements() for run in runs.values()))
        finish(whole, answered_status(whole), dict(lost.most_common(10)))
    return whole


def _shard(run_dir: RunDir, run: Run) -> Shard:
    if not run.shard:
        raise RunError(
            f"{run_dir.path} is no shard: it asks for its problems by itself",
            hint="A shard is made with --shard 1/4, 2/4 and so on; see: evalsite run --help",
        )
    if run.status == "running":
        raise RunError(f"{run_dir.path} is still running, or was stopped", hint="Resume it first.")
    return Shard.parse(run.shard)


def _refuse_incomplete_set(shards: list[Shard]) -> None:
    if len({shard.of for shard in shards}) > 1:
        raise RunError(f"shards of different divisions: {', '.join(map(str, shards))}")
    twice = [str(shard) for shard, times in Counter(shards).items() if times > 1]
    if twice:
        raise RunError(f"shard {', '.join(twice)} is given twice", hint="Name one run for each.")
    missing = {Shard(of=shards[0].of, part=part) for part in range(1, shards[0].of + 1)} - set(shards)
    if missing:
        named = ", ".join(map(str, sorted(missing)))
        raise RunError(f"shard {named} is missing", hint="Make it with the same command and its own --shard.")


def _refuse_different(first_dir: RunDir, first: Run, other_dir: RunDir, other: Run) -> None:
    refuse_changed(other_dir.path, other, find_retested(other_dir))
    differing = [name for name in ("identity", "num_samples") if getattr(first, name) != getattr(other, name)]
    if (first.grading is None) != (other.grading is None):
        differing.append("grading")
    elif first.grading is not None and other.grading is not None:
        ours, theirs = first.grading, other.grading
        differing += [f"grading.{name}" for name in _DECIDING if getattr(ours, name) != getattr(theirs, name)]
    if differing:
        raise IdentityError(
            f"{other_dir.path} was not made like {first_dir.path}: {', '.join(differing)} differ",
            hint="Shards of one run have one model, settings, data set, number of samples and grading.",
        )


def _interleaved(parts: list[tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """The problems in the data set's order, of which each shard has every so-many-th."""
    rows = zip_longest(*parts)
    return tuple(problem for row in rows for problem in row if problem is not None)


def _grading(each: list[Grading | None]) -> Grading | None:
    known = [grading for grading in each if grading is not None]
    if not known:
        return None
    excluded = {problem: why for grading in known for problem, why in grading.excluded.items()}
    return replace(known[0], excluded=excluded)
