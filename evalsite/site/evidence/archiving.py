"""Which runs are archived so that a site stays within its budget: the oldest that nothing is judged by.

The choice depends on the runs and the options alone, never on an earlier build: sizes are estimated from the
files of the runs, which is within a tenth of the truth for samples as models write them.
"""

from collections.abc import Collection, Iterator, Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.site.options import SiteOptions

NEWEST = 10
"""So many of the newest runs come before all others but baselines."""


def choose_packed(
    entries: Sequence[LoadedRun], baselines: Collection[LoadedRun], options: SiteOptions
) -> frozenset[str]:
    """Choose the runs whose pages are packed: by a rule, or as the budget has no room."""
    ruled = {entry.id for entry in entries if options.rule_for(entry.run).archive}
    packed = {entry.id for entry in entries if options.rule_for(entry.run).archive == "packed"}
    if options.site_budget:
        files = {entry.id: sum(path.lstat().st_size for _, path in entry.dir.files()) for entry in entries}
        least = {entry.id: _least(entry, files[entry.id]) for entry in entries}
        room = options.site_budget - _SITE - sum(least.values())
        for entry in _in_order([one for one in entries if one.id not in ruled], baselines, options):
            room -= _whole(entry, files[entry.id], options) - least[entry.id]
            if room < 0:
                packed.add(entry.id)
    return frozenset(packed)


def _in_order(
    entries: Sequence[LoadedRun], baselines: Collection[LoadedRun], options: SiteOptions
) -> Iterator[LoadedRun]:
    """Sort runs by how much their pages are wanted.

    Baselines come first, then the newest runs, then the newest of each model on each data set that a target
    speaks of, then all others; the newest first among equals.
    """
    in_use = {entry.id for entry in baselines}
    newest = sorted(entries, key=lambda entry: (entry.run.created_at, entry.id), reverse=True)
    seen: set[tuple[object, ...]] = set()
    ranked = []
    for place, entry in enumerate(newest):
        of = (entry.model, *entry.dataset_key)
        judged = of not in seen and any(
            target.wants_dataset(entry.run.dataset.name) for target in options.targets.rows
        )
        seen.add(of)
        rank = 0 if entry.id in in_use else 1 if place < NEWEST else 2 if judged else 3
        ranked.append((rank, place, entry))
    return (entry for _, _, entry in sorted(ranked, key=lambda each: each[:2]))


def _whole(entry: LoadedRun, files: int, options: SiteOptions) -> int:
    """Estimate the bytes of a run that is not packed: its pages, its ``files``, and its part of the rest."""
    return _RUN + _pages(entry, files) + (files if options.downloads else 0)


def _least(entry: LoadedRun, files: int) -> int:
    """Estimate the bytes of a run that is packed."""
    return _RUN + _SMALL_PAGE * len(entry.summary.tallies) + _pages(entry, files) // _PACKED


def _pages(entry: LoadedRun, files: int) -> int:
    return _PAGE * len(entry.summary.tallies) + _MARKUP * files


_SITE = 6_000_000
"""Bytes of what no run adds to: scripts, mostly."""
_RUN, _SMALL_PAGE, _PAGE = 200_000, 950, 9_000
"""Bytes of a run's own page with its comparison, and of a problem's page, what models wrote left out."""
_MARKUP, _PACKED = 2, 14
"""Bytes of pages for each byte of a run's files, and for each byte of a compressed file of pages."""
