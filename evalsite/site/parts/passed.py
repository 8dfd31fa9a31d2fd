"""Pages that earlier builds published and this one does not make: they lead on to the page above them.

A problem's page in a run that is archived by now leads to its row on the run's page, that of a problem which
no longer differs to its comparison, and what stood at two runs' ids in another order, or at the former
id of one, to where it stands now. A page of two models, one of which has no run any more, leads to the front,
and so does a further page of runs, or of targets, that is not filled any more.
What has no page above it any more is gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.output.folder import State
from evalsite.site.parts.base import File, Part
from evalsite.site.parts.redirects import Redirect, leading_on
from evalsite.site.urls import HOME, TARGETS, compared, file_of, row_of

_LASTING = ("runs", "compare")
"""Folders whose addresses are pasted into issues."""
_FRONTS = {"models/": HOME, "boards/": HOME, "targets-": TARGETS}
"""How addresses of pages begin that lead to one of the site's fronts, and which."""


@dataclass(frozen=True)
class PassedPart(Part):
    """All such pages together; they are made last, when it is known what is not made."""

    name = "passed"
    onward: tuple[tuple[str, str], ...]
    """Path of a page, and where it leads."""

    @classmethod
    def of(
        cls, before: State, after: State, judgement: Judgement, redirects: Sequence[Redirect]
    ) -> "PassedPart":
        """Find what ``before`` has and ``after`` lacks; ``redirects`` are those of renamed runs."""
        made = {name for unit in after.units.values() for name in unit.files}
        urls = judgement.evidence.urls
        archived = {urls.run(run_id) for run_id in urls.archived}
        moved = {urls.turned(*pair): urls.compare(*pair) for pair in judgement.comparisons}
        for one in redirects:
            for pair in (pair for pair in judgement.comparisons if one.entry.id in pair):
                others = [urls.runs[run_id] for run_id in pair if run_id != one.entry.id]
                for slugs in ((one.slug, *others), (*others, one.slug)):
                    moved[compared(*slugs)] = urls.compare(*pair)
        onward = []
        for name in sorted({name for unit in before.units.values() for name in unit.files} - made):
            folder, _, rest = name.partition("/")
            front = next((page for start, page in _FRONTS.items() if name.startswith(start)), None)
            if front is not None:
                onward.append((name.removesuffix("index.html"), front))
                continue
            parent, _, task = rest.removesuffix("/index.html").partition("/")
            if folder not in _LASTING or not name.endswith("/index.html") or "/" in task:
                continue
            above = moved.get(f"{folder}/{parent}/", f"{folder}/{parent}/")
            target = f"{above}{task}/" if task else above
            if file_of(target) not in made:
                target = f"{above}#{row_of(task)}" if above in archived and task else above
            if file_of(above) in made:
                onward.append((name.removesuffix("index.html"), target))
        return cls(tuple(onward))

    def files(self, options: SiteOptions) -> Iterator[File]:  # noqa: ARG002 - every part's
        """Make a page for each."""
        for path, target in self.onward:
            yield leading_on(path, target, target)
