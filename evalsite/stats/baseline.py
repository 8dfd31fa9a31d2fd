"""Which run is the baseline of which: named by the user, else by the model cards, else there is none."""

import logging
from collections.abc import Iterable, Sequence

from evalsite.errors import UsageError
from evalsite.rundir.schema import Run
from evalsite.stats.readiness import is_whole

log = logging.getLogger("evalsite")


def pick_baselines(runs: Sequence[Run], wanted: str | None = None) -> dict[str, Run]:
    """Return run id -> the baseline that this run is held against; a baseline is its own.

    ``wanted`` is a run's id or a model's name. A run's id also stands for its model on the other data sets.
    On data sets where that model has no run, as without ``wanted``, the runs count whose model card says
    ``role = "baseline"``. A baseline of the run's own family goes before one of another family, also before
    a named one.

    Of several runs of the baseline on one data set, one that is ready counts before a trial or an incomplete
    one, then the one that asks more problems, then the newest. A data set is its name and its hash; where
    there is no baseline of the same hash, one of the same name is returned, so that it can be told why
    nothing is concluded from it (:func:`evalsite.stats.readiness.why_not_comparable`).

    Raises :class:`UsageError` where ``wanted`` names nothing, so that a typo is not a silent "no baseline".
    """
    if wanted and (unknown := why_unknown(runs, wanted)):
        raise UsageError(f"--baseline {unknown}")
    named = [run for run in runs if wanted in (run.id, run.model.name)]
    models = {run.model.name for run in named}
    same = [run for run in runs if run.model.name in models]
    carded = [run for run in runs if run.model.card.role == "baseline"]
    found = ((run.id, _baseline_of(run, [named, same], carded)) for run in runs)
    return {run_id: baseline for run_id, baseline in found if baseline is not None}


def why_unknown(runs: Iterable[Run], wanted: str) -> str:
    """Say that no run is or answers to the name of a baseline, and which models there are; else nothing."""
    names = {run.model.name for run in runs}
    if wanted in names or wanted in (run.id for run in runs):
        return ""
    here = f"models here: {', '.join(sorted(names))}" if names else "there are no runs"
    return f"{wanted}: no such model or run ({here})"


def pick_if_known(runs: Sequence[Run], wanted: str | None) -> dict[str, Run]:
    """Return what :func:`pick_baselines` does, or nothing, with a warning, where the named run is not there.

    For whatever shows or judges all runs: a site without comparisons is worth more than none. No other
    baseline takes its place: a gate with a mistyped name must not be met.
    """
    if wanted and (unknown := why_unknown(runs, wanted)):
        log.warning("baseline %s; nothing is compared", unknown)
        return {}
    return pick_baselines(runs, wanted)


def is_repeat(run: Run, base: Run) -> bool:
    """Whether a run is the baseline's own or a further one of its model: no candidate.

    It bears the model's name, says nothing else of the weights in its card, and does not call itself a
    candidate.
    """
    if run.id == base.id:
        return True
    ours, theirs = run.model.card, base.model.card
    stated = (
        (getattr(ours, name), getattr(theirs, name)) for name in ours.__struct_fields__ if name not in _ASIDE
    )
    same = all(one == other for one, other in stated if one and other)
    return run.model.name == base.model.name and same and ours.role != "candidate"


def pair_to_compare(run: Run, others: Iterable[Run]) -> tuple[Run, Run] | None:
    """Return the baseline and the candidate to compare next, of which one is ``run``; None where none are.

    The run is held against its baseline, or the newest of those that it is the baseline of against it; where
    nothing says which is which and there are two, the older one is taken for the baseline.
    """
    alike = [each for each in (*others, run) if is_whole(each) and _fits(each, run, same_hash=True)]
    held = pick_baselines(alike)
    pairs = [
        (base, each)
        for each in alike
        if (base := held.get(each.id)) is not None and not is_repeat(each, base)
    ]
    if not held and len(alike) == 2:
        older, newer = sorted(alike, key=lambda each: each.created_at)
        pairs = [(older, newer)]
    own = [pair for pair in pairs if run in pair]
    return max(own, key=lambda pair: pair[1].created_at, default=None)


_ASIDE = ("role", "notes", "link")
"""Fields of a model card that say nothing of the weights."""


def best_run(runs: Iterable[Run]) -> Run | None:
    """Choose one of several runs of one model: a ready one, then the one that asks most, then the newest."""
    return max(runs, key=lambda run: (is_whole(run), run.num_problems, run.created_at, run.id), default=None)


def _baseline_of(run: Run, named: Sequence[Sequence[Run]], carded: Sequence[Run]) -> Run | None:
    """Go through the groups of possible baselines: same hash first, own family first, named ones first."""
    family = run.model.card.family
    kin = [[one for one in group if one.model.card.family in (family, "")] for group in named]
    own = [one for one in carded if one.model.card.family == family]
    # Another's baseline will do where there is one alone: which of several is meant, nobody said.
    rivals = {one.model.name for one in carded if one.dataset.name == run.dataset.name}
    others = carded if len(rivals) == 1 else [one for one in carded if one.id == run.id]
    order = (*kin, own, *named, others) if family else (*named, others)
    for same_hash in (True, False):
        for group in order:
            if found := best_run(one for one in group if _fits(one, run, same_hash=same_hash)):
                return found
    return None


def _fits(one: Run, other: Run, *, same_hash: bool) -> bool:
    ours, theirs = one.dataset, other.dataset
    return ours.name == theirs.name and (ours.sha256 == theirs.sha256) is same_hash
