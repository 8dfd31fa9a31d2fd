"""Which run is the baseline of which: named by the user, else by the model cards, else there is none."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.errors import UsageError
from evalsite.rundir.schema import Run
from evalsite.stats.compare.guard import role_rank, swapped_roles
from evalsite.stats.readiness import is_whole
from evalsite.words.sentences import names

log = logging.getLogger("evalsite")


def pick_baselines(runs: Sequence[Run], wanted: str | None = None) -> dict[str, Run]:
    """Return run id -> the baseline that this run is held against; a baseline is its own.

    ``wanted`` is a run's id or a model's name. A run's id also stands for its model on the other data sets.
    On data sets where that model has no run, as without ``wanted``, the runs count whose model card says
    ``role = "baseline"``. A baseline of the run's own family goes before one of another family, also before
    a named one. Where the cards make baselines of several models, and nobody names one, a run of none of them
    has none: :func:`why_undecided` says so.

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


def why_undecided(run: Run, runs: Iterable[Run]) -> str:
    """Say in a sentence that model cards make baselines of several models, any of which could be meant for a
    run; else nothing.
    """
    carded = [one for one in runs if one.model.card.role == "baseline"]
    _, rivals = _from_cards(run, carded)
    if not rivals:
        return ""
    return (
        f"Several models are baselines on {run.dataset.name} by their model cards, {names(rivals)}, and "
        f"nothing tells which {run.model.name} is held against: name one with --baseline, or take the role "
        "from the others."
    )


def contradicted(runs: Iterable[Run], held: Mapping[str, Run]) -> list[tuple[Run, Run, str]]:
    """Return (baseline, run, sentence) of runs whose baseline the model cards contradict."""
    pairs = ((held[run.id], run) for run in runs if run.id in held)
    found = ((base, run, swapped_roles(base, run)) for base, run in pairs if not is_repeat(run, base))
    return [each for each in found if each[2]]


def why_unknown(runs: Iterable[Run], wanted: str) -> str:
    """Say that no run is or answers to the name of a baseline, and which models there are; else nothing."""
    models = {run.model.name for run in runs}
    if wanted in models or wanted in (run.id for run in runs):
        return ""
    here = f"models here: {', '.join(sorted(models))}" if models else "there are no runs"
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
    nothing says which is which and there are two, what is no candidate by its card is taken for the baseline,
    else the older one. Never two whose roles contradict that, nor one without verdicts.
    """
    ready = [each for each in (*others, run) if is_whole(each) and each.grading is not None]
    alike = [each for each in ready if _fits(each, run, same_hash=True)]
    held = pick_baselines(alike)
    pairs = [
        (base, each)
        for each in alike
        if (base := held.get(each.id)) is not None and not is_repeat(each, base)
    ]
    if not held and len(alike) == 2:
        first, second = sorted(alike, key=lambda each: (role_rank(each), each.created_at))
        pairs = [(first, second)]
    own = [pair for pair in pairs if run in pair and not swapped_roles(*pair)]
    return max(own, key=lambda pair: pair[1].created_at, default=None)


_ASIDE = ("role", "notes", "link")
"""Fields of a model card that say nothing of the weights."""


def best_run(runs: Iterable[Run]) -> Run | None:
    """Choose one of several runs of one model: a ready one, then the one that asks most, then the newest."""
    return max(runs, key=_worth, default=None)


def best_of(runs: Iterable[LoadedRun]) -> LoadedRun:
    """Return the best of some loaded runs, which are not none."""
    return max(runs, key=lambda one: _worth(one.run))


def _worth(run: Run) -> tuple[bool, int, str, str]:
    return is_whole(run), run.num_problems, run.created_at, run.id


def _baseline_of(run: Run, named: Sequence[Sequence[Run]], carded: Sequence[Run]) -> Run | None:
    """Go through the groups of possible baselines: same hash first, own family first, named ones first."""
    family = run.model.card.family
    kin = [[one for one in group if one.model.card.family in (family, "")] for group in named]
    own, _ = _from_cards(run, carded)
    of_family = [one for one in own if family and one.model.card.family == family]
    order = (*(kin if family else ()), of_family, *named, own)
    for same_hash in (True, False):
        for group in order:
            if found := best_run(one for one in group if _fits(one, run, same_hash=same_hash)):
                return found
    return None


def _from_cards(run: Run, carded: Iterable[Run]) -> tuple[Sequence[Run], list[str]]:
    """The runs that may be a run's baseline by their cards, of one model; else the names of several models.

    The family's own go first; one of another family will do where it is there alone. Then those on the same
    problems count, and of these the ready ones. A baseline itself is held against its own model.
    """
    family, is_one = run.model.card.family, run.model.card.role == "baseline"
    there = [one for one in carded if one.dataset.name == run.dataset.name]
    if is_one:
        there = [one for one in there if one.model.name == run.model.name]
    found = [one for one in there if family and one.model.card.family == family] or there
    found = [one for one in found if _fits(one, run, same_hash=True)] or found
    models = {one.model.name for one in [one for one in found if is_whole(one)] or found}
    return (
        ((), sorted(models)) if len(models) > 1 else ([one for one in found if one.model.name in models], [])
    )


def _fits(one: Run, other: Run, *, same_hash: bool) -> bool:
    ours, theirs = one.dataset, other.dataset
    return ours.name == theirs.name and (ours.sha256 == theirs.sha256) is same_hash
