"""Pages that lead on, from where something was published to where it stands now: those of renamed runs and of
their comparisons, and those that later builds have no longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.errors import UsageError
from evalsite.site.evidence.runs import Evidence
from evalsite.site.slugs import slug_map
from evalsite.site.urls import Urls, run_path
from evalsite.site.views.frame import Frame, Page


@dataclass(frozen=True)
class Redirect:
    """A run's former slug, and the run."""

    slug: str
    entry: LoadedRun


@dataclass(frozen=True)
class RedirectView:
    """The context of ``pages/redirect.html``."""

    target: str
    """Path of the page that stands for this one."""


def resolve_redirects(evidence: Evidence, renamed: Sequence[tuple[str, str]]) -> tuple[Redirect, ...]:
    """Follow every old run id to the run that it leads to, also where that was renamed again.

    Raises one :class:`UsageError` with every redirect that leads nowhere, in a circle, or away from a page
    that another run has.
    """
    onward = dict(renamed)
    entries = {entry.id: entry for entry in evidence.entries}
    taken = {evidence.urls.runs[run_id].lower(): run_id for run_id in entries}
    gone = {one.id for one in evidence.removed} - entries.keys()
    gone |= {one.run_id for one in evidence.unread}
    found, mistakes = [], []
    for old in sorted(onward):
        new, slug = led_to(onward, old), slug_map([old])[old]
        if new in gone:
            continue  # its page says so (parts/removals.py), or the front page that it cannot be read
        if new is None:
            mistakes.append(f"redirects.{old}: leads in a circle")
        elif new not in entries:
            mistakes.append(f"redirects.{old}: the site has no run {new}")
        elif slug.lower() in taken:
            mistakes.append(f"redirects.{old}: its address is that of {taken[slug.lower()]}")
        else:
            taken[slug.lower()] = old
            found.append(Redirect(slug, entries[new]))
    if mistakes:
        listed = "\n".join(f"  {mistake}" for mistake in mistakes)
        raise UsageError(
            f"redirects of renamed runs do not fit the runs there are\n{listed}",
            hint="In evalsite.toml, [redirects] says old-run-id = new-run-id.",
        )
    return tuple(found)


def led_to(onward: Mapping[str, str], old: str) -> str | None:
    """Follow a renamed run to the last of its names; None where that leads in a circle."""
    new, seen = onward[old], {old}
    while new in onward and new not in seen:
        seen.add(new)
        new = onward[new]
    return None if new in seen else new


def redirect_pages(redirects: Sequence[Redirect], urls: Urls) -> Iterator[Page]:
    """Make the old run page and the old page of each of its problems."""
    for redirect in redirects:
        entry, folder = redirect.entry, run_path(redirect.slug)
        yield leading_on(folder, urls.run(entry.id), entry.model)
        for task in entry.asked_ids:
            target = urls.problem_in_run(entry.id, task)
            yield leading_on(f"{folder}{urls.tasks[task]}/", target, f"{task} · {entry.model}")


def leading_on(path: str, target: str, title: str) -> Page:
    """Make a page at ``path`` that leads to ``target``."""
    frame = Frame(path=path, title=title, description="", private=True)
    return Page("pages/redirect.html", frame, RedirectView(target))
