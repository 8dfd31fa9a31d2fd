"""Makes the parts of a site, in this process or in several side by side."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

from evalsite.counts.loaded import LoadedRun
from evalsite.site import cards
from evalsite.site.bundle import Assets
from evalsite.site.exports import run_files
from evalsite.site.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.output import Writer
from evalsite.site.pages import Page, PairPages, RunPages, problem_page
from evalsite.site.parts import pair_of
from evalsite.site.render import Renderer, render_markdown
from evalsite.site.urls import file_of

Result = tuple[str, dict[str, int], int]
"""A part's name, its files with their sizes, and how many of them changed."""
Make = Callable[[Sequence[str]], Iterator[Result]]


@dataclass(frozen=True)
class Workshop:
    """Everything that is needed to make any part of a site, given its name."""

    judgement: Judgement
    output: Path
    options: SiteOptions
    assets: Assets

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self.options, self.assets)

    @cached_property
    def _entries(self) -> dict[str, LoadedRun]:
        return {entry.id: entry for entry in self.judgement.evidence.entries}

    def make(self, name: str) -> Result:
        """Make one part."""
        writer = Writer(self.output)
        kind, _, subject = name.partition(":")
        if kind == "run":
            self._make_run(self._entries[subject], writer)
        elif kind == "pair":
            base, candidate = (self._entries[run_id] for run_id in pair_of(name))
            self._write(PairPages((base, candidate), self.judgement, self.options).pages(), writer)
        else:
            self._write([problem_page(subject, self.judgement)], writer)
        return name, writer.files, writer.written

    def _make_run(self, entry: LoadedRun, writer: Writer) -> None:
        card = ""
        if self.options.site_url and cards.can_draw():
            card = f"{self.judgement.evidence.urls.run(entry.id)}card.png"
            writer.write(card, cards.draw(entry, self.judgement, self.options.title))
        pages = RunPages(entry, self.judgement, self.options, render_markdown, card)
        self._write(pages.pages(), writer)
        for path, data in run_files(entry, self.judgement):
            writer.write(path, data)
        for download in pages.copies():
            writer.copy(download.path, entry.dir.path / download.name)

    def _write(self, pages: Iterable[Page], writer: Writer) -> None:
        for page in pages:
            writer.write(file_of(page.frame.path), self._renderer.render(page))


@contextmanager
def crew(shop: Workshop, jobs: int) -> Iterator[Make]:
    """Yield a function that makes parts, given their names, in as many processes as there are ``jobs``."""
    if jobs <= 1:
        yield lambda names: map(shop.make, names)
        return
    # Each process gets the workshop once, not with every part.
    context = get_context("forkserver" if hasattr(os, "fork") else "spawn")  # Windows starts each anew
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_open_shop, initargs=(shop,)) as pool:
        yield lambda names: (
            future.result() for future in as_completed([pool.submit(_make, name) for name in names])
        )


_shop: Workshop | None = None
"""The workshop of a process that works for another."""


def _open_shop(shop: Workshop) -> None:
    global _shop  # the pool offers no other place to keep it
    _shop = shop


def _make(name: str) -> Result:
    assert _shop is not None
    return _shop.make(name)
