"""What is measured of a run for a target: a figure with its interval, or why there is none yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.guard import reservations
from evalsite.stats.compare.planning import Needed
from evalsite.stats.compare.settling import Settling
from evalsite.stats.intervals import Interval
from evalsite.words.sentences import names

BY_A_FIGURE = "The baseline is a figure, not a run."


@dataclass(frozen=True, slots=True)
class Measured:
    """A target's figure for one run, in the metric's unit; for a degradation, positive means lost."""

    actual: float
    interval: Interval | None
    """None where the summary does not hold what an interval needs, as for a median of times."""
    candidate: float | None = None
    """Against a baseline, the run's own figure in the baseline's unit: pass@k in percent, a time in ms."""
    base: float | None = None
    """Against a baseline, its figure; of pass@k, on the same problems."""
    least: float | None = None
    """Of a loss what could be lost at most, where that is not the baseline's figure; in percent."""
    since: str = ""
    """The data set that the figures are changes from; empty where they are none."""
    needed: Needed | Settling | None = None
    """What would settle it, where it is open and that is known."""
    num_problems: int = 0
    total_problems: int = 0
    """Problems of the data set, of which ``num_problems`` were used."""
    caveats: tuple[str, ...] = ()
    """Whole sentences on what limits the figure."""
    chance: float | None = None
    """One-sided p-value of "not met", of what is held against a run of the baseline; of one look of several
    as large as it would be of one alone that is decided alike."""
    hidden: bool = False
    """Whether what is missing could hide that the target is not met."""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Why there is no figure yet, as a whole sentence."""

    reason: str


def no_baseline(run: LoadedRun) -> Unmeasured:
    """Say that there is nothing to hold a run against."""
    return Unmeasured(
        f"No baseline run on {run.dataset} to compare {run.model} with: name one with --baseline, in its "
        "model card, or in targets.toml."
    )


def unlike(base: LoadedRun, run: LoadedRun) -> Sequence[str]:
    """Say in what two runs are not known to be alike, besides the model."""
    unlike = [reservation.field for reservation in reservations(base.run, run.run)]
    if not unlike:
        return ()
    return (f"Not known to be the same in both runs: {names(unlike)}.",)
