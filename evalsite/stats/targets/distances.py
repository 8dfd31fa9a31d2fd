"""The distance that a target is about: the newest one beside the run, of its model and the baseline's."""

from functools import lru_cache
from pathlib import Path

from evalsite.counts.loaded import LoadedRun
from evalsite.distance.store import DistanceDir, find_distances
from evalsite.errors import RunError
from evalsite.stats.distance import Figure, Found, load_distance
from evalsite.stats.distance.figures import figures
from evalsite.stats.targets.measured import Measured, Unmeasured
from evalsite.stats.targets.schema import Target

KEPT = 64


def measure_distance(target: Target, run: LoadedRun, base: LoadedRun | None) -> Measured | Unmeasured:
    """Return the figure of a target for a run, or why there is none."""
    found = newest_between(run, base)
    if found is None:
        return Unmeasured(f"No distance of {run.model} was measured: evalsite distance --help")
    figure = distance_figure(found, target.metric.name, target.confidence)
    return Measured(figure.value, figure.interval, num_problems=len(found.pairs.problems))


def newest_between(run: LoadedRun, base: LoadedRun | None) -> Found | None:
    """Return the newest distance in the run's folder whose candidate is the run's model; None for none.

    Its baseline is that of ``base``, where there is one. One that cannot be read is none.
    """
    folder = run.dir.path.absolute().parent
    for each in reversed(find_distances(folder)):
        try:
            record = each.read()
            other = base is not None and record.base.model.name != base.model
            if record.candidate.model.name != run.model or record.status != "complete" or other:
                continue
            return _loaded(each.path, each.digest())
        except RunError:
            continue
    return None


@lru_cache(KEPT)
def _loaded(path: Path, _digest: str) -> Found:
    """Load a distance once, as long as its files are the same: several targets are about one."""
    return load_distance(DistanceDir(path))


def distance_figure(found: Found, name: str, confidence: float) -> Figure:
    """Return the figure of a metric, in its unit."""
    all_of = figures(found.pairs, confidence)
    if name == "same_top_token":
        share = all_of.same_top
        return Figure(100 * share.value, share.interval and share.interval.scaled(100))
    if name == "kl.p99":
        return next(figure for at, figure in all_of.percentiles if at == 99)
    return all_of.kl if name == "kl.mean" else all_of.perplexity_ratio
