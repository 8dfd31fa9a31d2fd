"""Which runs of two models stand against each other, data set by data set."""

from collections.abc import Sequence

from evalsite.counts.loaded import DatasetKey, LoadedRun
from evalsite.errors import UsageError
from evalsite.stats.baseline import best_run
from evalsite.words.sentences import names


def matched(
    runs: Sequence[LoadedRun], base: str, candidate: str, pool: Sequence[str] = ()
) -> list[tuple[LoadedRun, LoadedRun]]:
    """Pair the runs of two models, given by their names, on each data set of a pool, in its order.

    Without a pool on all that both were asked. Of several runs of a model on one data set a ready one counts,
    then the newest. Raises :class:`UsageError` for a data set that either lacks, and where none is shared.
    """
    ours, theirs = (_by_dataset(runs, model) for model in (base, candidate))
    shared = [key for key in ours if key in theirs]
    wanted = list(dict.fromkeys(name.casefold() for name in pool)) or [key[0].casefold() for key in shared]
    there = {key[0].casefold(): key for key in shared}
    if lacking := [name for name in wanted if name not in there]:
        raise UsageError(
            f"{base} and {candidate} were not both asked {names(lacking)}, with the same problems",
            hint=f"Both have {names([key[0] for key in shared]) or 'no data set in common'}: "
            "ask what is missing, or name others with --pool.",
        )
    if not wanted:
        raise UsageError(
            f"{base} and {candidate} have no data set in common", hint="evalsite report lists runs."
        )
    return [(ours[there[name]], theirs[there[name]]) for name in dict.fromkeys(wanted)]


def _by_dataset(runs: Sequence[LoadedRun], model: str) -> dict[DatasetKey, LoadedRun]:
    own = [run for run in runs if run.model == model]
    keys = dict.fromkeys(run.dataset_key for run in own)
    best = {key: best_run(run.run for run in own if run.dataset_key == key) for key in keys}
    return {key: next(run for run in own if run.run is chosen) for key, chosen in best.items()}
