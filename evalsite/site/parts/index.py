"""What looks at everything: leaderboard, targets, methods, search, tables, badges, feed, old addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.languages import titles_of
from evalsite.site.exports import exported_files
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import Data, File, Part
from evalsite.site.redirects import Redirect, redirect_pages
from evalsite.site.views.leaderboard import leaderboard_page
from evalsite.site.views.methods import methods_page
from evalsite.site.views.not_found import not_found_page
from evalsite.site.views.targets import targets_page


@dataclass(frozen=True)
class IndexPart(Part):
    """Made after all others, since it links to them."""

    name = "index"
    judgement: Judgement
    redirects: tuple[Redirect, ...]
    others: tuple[str, ...]
    """Paths of the other parts that search engines may show."""

    def files(self, options: SiteOptions) -> Iterator[File]:
        """Pages first, then files for machines."""
        yield leaderboard_page(self.judgement, options)
        yield targets_page(self.judgement)
        evidence = self.judgement.evidence
        languages = titles_of(problem for group in evidence.groups for problem in group.problems)
        yield methods_page(len(evidence.entries), languages)
        yield not_found_page()
        yield from redirect_pages(self.redirects, self.judgement.evidence.urls)
        for path, content in exported_files(self.judgement, options, self.others):
            yield Data(path, content)
