"""Which run is the baseline: named by the user, else by the model card, else there is none."""

from collections.abc import Iterable, Sequence

from evalsite.errors import UsageError
from evalsite.rundir.schema import Run


def pick_baselines(runs: Sequence[Run], wanted: str | None = None) -> dict[str, Run]:
    """Return data set name -> its baseline run.

    ``wanted`` is a run's id or a model's name. A run's id also stands for its model on the other data
    sets. Without it, runs whose model card says ``role = "baseline"`` are taken. Of several runs of the
    baseline on one data set, a complete one counts before others, then one that asks more problems (a
    trial of five is no baseline), then the newest.

    Raises :class:`UsageError` where ``wanted`` names nothing, so that a typo is not a silent "no baseline".
    """
    named = [run for run in runs if wanted in (run.id, run.model.name)] if wanted else []
    if wanted and not named:
        names = ", ".join(sorted({run.model.name for run in runs})) or "none: there are no runs"
        raise UsageError(f"--baseline {wanted}: no such model or run", hint=f"Models here: {names}")
    if wanted:
        models = {run.model.name for run in named}
        others = [run for run in runs if run.model.name in models and run not in named]
        return {**_newest(others), **_newest(named)}
    return _newest(run for run in runs if run.model.card.role == "baseline")


def _newest(runs: Iterable[Run]) -> dict[str, Run]:
    ordered = sorted(
        runs, key=lambda run: (run.status == "complete", run.num_problems, run.created_at, run.id)
    )
    return {run.dataset.name: run for run in ordered}
