"""In which order runs stay whole where a site's budget has no room for all their pages.

How many of them stay is found out by what is written: :mod:`evalsite.site.parts.archive`.
"""

from collections.abc import Collection, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.site.options import SiteOptions

NEWEST = 10
"""So many of the newest runs come before all others but baselines."""


def packed_by_rule(entries: Sequence[LoadedRun], options: SiteOptions) -> frozenset[str]:
    """Find the runs whose pages are packed whatever the site's size."""
    return frozenset(entry.id for entry in entries if options.rule_for(entry.run).archive == "packed")


def by_want(
    entries: Sequence[LoadedRun], baselines: Collection[LoadedRun], options: SiteOptions
) -> list[str]:
    """Sort the runs that no rule archives by how much their pages are wanted.

    Baselines come first, then the newest runs, then the newest of each model on each data set that a target
    speaks of, then all others; the newest first among equals.
    """
    in_use = {entry.id for entry in baselines}
    free = [entry for entry in entries if not options.rule_for(entry.run).archive]
    newest = sorted(free, key=lambda entry: (entry.run.created_at, entry.id), reverse=True)
    seen: set[tuple[object, ...]] = set()
    ranked = []
    for place, entry in enumerate(newest):
        of = (entry.model, *entry.dataset_key)
        judged = of not in seen and any(
            target.wants_dataset(entry.run.dataset.name) for target in options.targets.rows
        )
        seen.add(of)
        rank = 0 if entry.id in in_use else 1 if place < NEWEST else 2 if judged else 3
        ranked.append((rank, place, entry.id))
    return [run_id for *_, run_id in sorted(ranked)]


def size_of_overviews(entries: Sequence[LoadedRun]) -> int:
    """About the bytes of what shows all runs, and is never packed: problems' pages, boards, targets."""
    return _OVERVIEW * len(entries) + _ROW * sum(len(entry.asked_ids) for entry in entries)


_OVERVIEW, _ROW = 35_000, 700
"""Bytes in overviews for each run, and for each problem that it was asked."""
