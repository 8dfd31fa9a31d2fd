"""What looks at everything: leaderboard, targets, methods, search, tables, badges, feed, old addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, starmap

from evalsite.languages import titles_of
from evalsite.site.cards.faces import front_card
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.exports.badges import badges, badges_in_markdown
from evalsite.site.exports.crawlers import crawler_files
from evalsite.site.exports.feed import feed
from evalsite.site.exports.records import records
from evalsite.site.exports.search import search_index
from evalsite.site.options import SiteOptions
from evalsite.site.parts.base import Data, File, Part, unfurled
from evalsite.site.parts.redirects import Redirect, redirect_pages
from evalsite.site.parts.removals import removed_pages
from evalsite.site.urls import FEED, SEARCH
from evalsite.site.views.comparisons import comparisons_pages
from evalsite.site.views.leaderboard import leaderboard_pages
from evalsite.site.views.methods import methods_page
from evalsite.site.views.not_found import not_found_page
from evalsite.site.views.problems import problems_pages
from evalsite.site.views.targets import targets_pages


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
        front, *further = leaderboard_pages(self.judgement, options)
        yield from unfurled(front, options, lambda: front_card(self.judgement, options.title))
        yield from further
        told = badges_in_markdown(self.judgement, options.base_url) if options.site_url else {}
        yield from targets_pages(self.judgement, told)
        yield from problems_pages(self.judgement)
        yield from comparisons_pages(self.judgement)
        evidence = self.judgement.evidence
        languages = titles_of(problem for group in evidence.groups for problem in group.problems)
        yield methods_page(len(evidence.entries), languages)
        yield not_found_page()
        yield from redirect_pages(self.redirects, evidence.urls)
        yield from removed_pages(evidence, self.redirects, options.redirects)
        yield Data(SEARCH, search_index(self.judgement))
        if options.site_url:
            yield Data(FEED, feed(self.judgement, options))
        written = (
            records(self.judgement, options),
            badges(self.judgement),
            crawler_files(self.others, options),
        )
        yield from starmap(Data, chain(*written))
