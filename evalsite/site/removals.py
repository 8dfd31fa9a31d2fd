"""Pages at the addresses of runs that were removed, which say so: links to them stand in issues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalsite.rundir.removed import Removed
from evalsite.site.evidence import Evidence
from evalsite.site.redirects import Redirect, led_to
from evalsite.site.slugs import slug_map
from evalsite.site.views.frame import Frame, Page
from evalsite.words import cells

Renamed = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class RemovedView:
    """The context of ``pages/removed.html``."""

    run_id: str
    model: str
    dataset: str
    made: str
    removed: str
    """The day."""


def removed_pages(evidence: Evidence, redirects: Sequence[Redirect], renamed: Renamed) -> Iterator[Page]:
    """Make the page of each removed run and of each of its problems, unless a run has that address again.

    ``renamed``: old run id and new; a removed run had the addresses of its former names, too.
    """
    onward = dict(renamed)
    taken = (*evidence.urls.runs.values(), *(redirect.slug for redirect in redirects))
    used = {slug.lower() for slug in taken}
    for gone in evidence.removed:
        for name in (gone.id, *(old for old in sorted(onward) if led_to(onward, old) == gone.id)):
            slug = slug_map([name])[name]
            if slug.lower() not in used:
                used.add(slug.lower())
                yield from _pages(gone, f"runs/{slug}/", evidence)


def _pages(gone: Removed, folder: str, evidence: Evidence) -> Iterator[Page]:
    view = RemovedView(
        run_id=gone.id,
        model=gone.model,
        dataset=gone.dataset,
        made=cells.day(gone.created_at),
        removed=cells.day(gone.removed_at),
    )
    for path in (folder, *(f"{folder}{evidence.urls.tasks[task]}/" for task in gone.problems)):
        frame = Frame(path=path, title="Removed", description="This run was removed.", private=True)
        yield Page("pages/removed.html", frame, view)
