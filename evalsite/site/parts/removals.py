"""Pages at the addresses of removed runs and of their comparisons, which say so: issues link to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.removed import Removed
from evalsite.site.evidence.runs import Evidence
from evalsite.site.parts.redirects import Redirect, led_to
from evalsite.site.slugs import slug_map
from evalsite.site.urls import below, compared, run_path
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
                yield from _pages(gone, run_path(slug), evidence)
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
            _Compared.of(entry, evidence)
            for entry in evidence.entries
            if entry.dataset == gone.dataset and entry.run.created_at <= gone.removed_at
        ]
        there += [
            _Compared(other_slug, other.id, "", other.problems, other.solved)
            for other, other_slug in gone_slugs[number + 1 :]
            if other.id != gone.id and other.dataset == gone.dataset
        ]
        for other in there:
            view = replace(_view(gone), other=other.run_id, other_path=other.path)
            flipped = [evidence.urls.tasks[task] for task in _flipped(gone, other)]
            for pair in ((slug, other.slug), (other.slug, slug)):
                folder = compared(*pair)
                for path in (folder, *(below(folder, task) for task in flipped)):
                    yield _page(path, "A run of this comparison was removed.", view)


@dataclass(frozen=True)
class _Compared:
    """A run that a removed one was compared with."""

    slug: str
    run_id: str
    path: str
    problems: Sequence[str]
    solved: Sequence[str] | None

    @classmethod
    def of(cls, entry: LoadedRun, evidence: Evidence) -> "_Compared":
        """A run that is still there."""
        urls = evidence.urls
        return cls(urls.runs[entry.id], entry.id, urls.run(entry.id), entry.task_ids, entry.mostly_solved)


def _flipped(gone: Removed, other: _Compared) -> list[str]:
    """The problems that had a page below a comparison: those on two sides of the half.

    All that both asked, where nobody wrote down what the removed run solved.
    """
    both = [task for task in gone.problems if task in set(other.problems)]
    if gone.solved is None or other.solved is None:
        return both
    crossed = set(gone.solved) ^ set(other.solved)
    return [task for task in both if task in crossed]


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
