"""Pages at the addresses of removed runs and of their comparisons, which say so: issues link to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    other: str = ""
    """The run that it was compared with, where this stood at such an address; empty for its own."""
    other_path: str = ""
    """Of that run's page; empty where that was removed, too."""


def removed_pages(evidence: Evidence, redirects: Sequence[Redirect], renamed: Renamed) -> Iterator[Page]:
    """Make the page of each removed run, of its problems and comparisons, unless a run has that address.

    ``renamed``: old run id and new; a removed run had the addresses of its former names, too.
    """
    onward = dict(renamed)
    taken = (*evidence.urls.runs.values(), *(redirect.slug for redirect in redirects))
    used = {slug.lower() for slug in taken}
    gone_slugs: list[tuple[Removed, str]] = []
    for gone in evidence.removed:
        for name in (gone.id, *(old for old in sorted(onward) if led_to(onward, old) == gone.id)):
            slug = slug_map([name])[name]
            if slug.lower() not in used:
                used.add(slug.lower())
                gone_slugs.append((gone, slug))
                yield from _pages(gone, f"runs/{slug}/", evidence)
    yield from _comparisons(gone_slugs, evidence)


def _pages(gone: Removed, folder: str, evidence: Evidence) -> Iterator[Page]:
    view = _view(gone)
    for path in (folder, *(f"{folder}{evidence.urls.tasks[task]}/" for task in gone.problems)):
        yield _page(path, "This run was removed.", view)


def _comparisons(gone_slugs: Sequence[tuple[Removed, str]], evidence: Evidence) -> Iterator[Page]:
    """The pages that compared a removed run: with any run on its data set that was there while it was.

    Which of the two came first is not known any more: both addresses say so.
    """
    for number, (gone, slug) in enumerate(gone_slugs):
        there = [
            (evidence.urls.runs[entry.id], entry.id, evidence.urls.run(entry.id))
            for entry in evidence.entries
            if entry.dataset == gone.dataset and entry.run.created_at <= gone.removed_at
        ]
        there += [
            (other_slug, other.id, "")
            for other, other_slug in gone_slugs[number + 1 :]
            if other.id != gone.id and other.dataset == gone.dataset
        ]
        for other_slug, other_id, path in there:
            view = replace(_view(gone), other=other_id, other_path=path)
            for pair in ((slug, other_slug), (other_slug, slug)):
                yield _page(f"compare/{'--'.join(pair)}/", "A run of this comparison was removed.", view)


def _view(gone: Removed) -> RemovedView:
    return RemovedView(
        run_id=gone.id,
        model=gone.model,
        dataset=gone.dataset,
        made=cells.day(gone.created_at),
        removed=cells.day(gone.removed_at),
    )


def _page(path: str, description: str, view: RemovedView) -> Page:
    frame = Frame(path=path, title="Removed", description=description, private=True)
    return Page("pages/removed.html", frame, view)
