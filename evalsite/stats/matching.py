"""Which runs of two models stand against each other, data set by data set."""

from collections.abc import Sequence

from evalsite.counts.loaded import DatasetKey, LoadedRun
from evalsite.errors import UsageError
from evalsite.stats.baseline import best_of
from evalsite.words.sentences import names


def matched(
    runs: Sequence[LoadedRun], base: str, candidate: str, pool: Sequence[str] = ()
) -> list[tuple[LoadedRun, LoadedRun]]:
    """Pair the runs of two models, given by their names, on each data set of a pool, in its order.

    Without a pool on all that both were asked, but for levels of difficulty, which ask the same problems
    again: those have to be named where there is more. Of several runs of a model on one data set a ready one
    counts, then the newest. Raises :class:`UsageError` for a data set that either lacks or that the pool
    names twice, and where none is shared.
    """
    there = shared(runs, base, candidate)
    wanted = [name.casefold() for name in pool]
    if again := next((name for name in pool if wanted.count(name.casefold()) > 1), ""):
        raise UsageError(f"{again} is named twice", hint="A data set counts once: name each once in --pool.")
    wanted = wanted or [name for name, pair in there.items() if not pair[0].run.dataset.level] or list(there)
    if lacking := [name for name in wanted if name not in there]:
        held = names([pair[0].dataset for pair in there.values()])
        raise UsageError(
            f"{base} and {candidate} were not both asked {names(lacking)}, with the same problems",
            hint=f"Both have {held or 'no data set in common'}: "
            "ask what is missing, or name others with --pool.",
        )
    if not wanted:
        raise UsageError(
            f"{base} and {candidate} have no data set in common",
            hint="What a run was asked: evalsite report RUN",
        )
    return [there[name] for name in wanted]


def shared(runs: Sequence[LoadedRun], base: str, candidate: str) -> dict[str, tuple[LoadedRun, LoadedRun]]:
    """Pair the runs of two models on each data set that both were asked, by its name in lower case."""
    ours, theirs = (_by_dataset(runs, model) for model in (base, candidate))
    return {key[0].casefold(): (run, theirs[key]) for key, run in ours.items() if key in theirs}


def _by_dataset(runs: Sequence[LoadedRun], model: str) -> dict[DatasetKey, LoadedRun]:
    own = [run for run in runs if run.model == model]
    keys = dict.fromkeys(run.dataset_key for run in own)
    return {key: best_of(run for run in own if run.dataset_key == key) for key in keys}
