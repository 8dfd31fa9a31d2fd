"""Makes the parts of a site, in this process or in several side by side."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TypeVar

from evalsite.site.options import SiteOptions
from evalsite.site.output.bundle import Assets
from evalsite.site.output.folder import Scale, Unit, Writer
from evalsite.site.output.packs import Packs
from evalsite.site.output.render import Renderer
from evalsite.site.parts.base import Copy, Data, Packed, Part
from evalsite.site.urls import file_of
from evalsite.site.views.frame import Page
from evalsite.site.views.packed import packed_page

log = logging.getLogger("evalsite")

Result = tuple[str, dict[str, int], int]
"""A part's name, its files with their sizes, and how many of them changed."""
_NO_PROCESS = (OSError, ImportError, EOFError, RuntimeError)
"""What starting another process comes to where it cannot be had."""
_SAFE = "PYTHONSAFEPATH"
_BEGIN_S = 120.0
"""Seconds in which a process begins, on the busiest machine: who would have to tell of it may have failed."""
_PRELOADED = [__name__, "evalsite.site.parts"]
Make = Callable[[Sequence[Part]], Iterator[Result]]
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Maker:
    """Everything that is needed to make any part of a site but the part."""

    output: Path
    options: SiteOptions
    assets: Assets

    def __reduce__(self) -> tuple[type["Maker"], tuple[Path, SiteOptions, Assets]]:
        """Each process renders with templates of its own, whatever this one has rendered before it begins."""
        return Maker, (self.output, self.options, self.assets)

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self.options, self.assets)

    def make(self, part: Part, writer: Writer | None = None) -> Result:
        """Make one part: render its pages, and write them with its files."""
        writer = writer or Writer(self.output)
        for file in part.files(self.options):
            match file:
                case Copy(path, source):
                    writer.copy(path, source)
                case Data(path, content):
                    writer.write(path, content)
                case Packed(path, pages):
                    self._pack(writer, path, pages)
                case page:
                    writer.write(file_of(page.frame.path), self._renderer.render(page))
        return part.name, writer.files, writer.written

    def weigh(self, part: Part, key: str) -> int:
        """Find out how many bytes a part would take, and write nothing."""
        name, files, _ = self.make(part, Scale(self.output))
        return Unit(key, files).weight(name)

    def _pack(self, writer: Writer, path: str, pages: Iterable[tuple[Page, str]]) -> None:
        """Render pages into a compressed file, and beside it a small page at the address of each."""
        packs = Packs(path)
        for page, above in pages:
            at = packs.add(page.frame.path, self._renderer.render(page))
            shown = packed_page(page.frame, at, above)
            writer.write(file_of(page.frame.path), self._renderer.render(shown))
        for name, content in packs.files():
            writer.write(name, content)


def begin_early() -> None:
    """Start what processes are forked from, so that it has imported what they need once they are wanted."""
    if sys.platform == "linux":  # elsewhere each process begins anew
        from multiprocessing import forkserver

        get_context("forkserver").set_forkserver_preload(_PRELOADED)
        with _nothing_imported_from_here(), suppress(*_NO_PROCESS):
            forkserver.ensure_running()


@contextmanager
def beside(work: Callable[[], Outcome], jobs: int) -> Iterator[Callable[[], Outcome]]:
    """Begin some work in this process while others make parts; yield what waits for it and returns what came
    of it. With one job alone, and where no thread can be had, it is done when that is called.
    """
    with ThreadPoolExecutor(1) as thread:
        begun: Callable[[], Outcome] = work
        if jobs > 1:
            with suppress(RuntimeError):  # can't start new thread
                begun = thread.submit(work).result
        yield begun


@contextmanager
def making(maker: Maker, jobs: int) -> Iterator[Make]:
    """Yield a function that makes parts in as many processes as there are ``jobs``, or in this one where no
    others can be had, or they are ended from outside, as where memory is short.
    """
    with _nothing_imported_from_here():
        pool = _pool(maker, jobs) if jobs > 1 else None
        if pool is None:
            yield lambda parts: map(maker.make, parts)
            return
        with pool:
            yield lambda parts: _side_by_side(maker, pool, parts)


@contextmanager
def _nothing_imported_from_here() -> Iterator[None]:
    """Have Pythons that begin look for modules where this one does: results may be somebody else's folder."""
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE]
        else:
            os.environ[_SAFE] = before


def _side_by_side(maker: Maker, pool: ProcessPoolExecutor, parts: Sequence[Part]) -> Iterator[Result]:
    begun: dict[Future[Result], Part] = {}
    left = list(reversed(parts))
    try:
        while left:
            future = pool.submit(_make, left[-1])
            begun[future] = left.pop()
    except _NO_PROCESS as exc:
        _tell_of(exc)
    for future in as_completed(begun):
        try:
            yield future.result()
        except BrokenExecutor as exc:
            if not left:
                _tell_of(exc)
            left.append(begun[future])
    if left:
        pool.shutdown()
        yield from map(maker.make, left)


def _tell_of(lack: Exception) -> None:
    log.info("the site is made in one process, as others cannot be had: %s", lack)


def _pool(maker: Maker, jobs: int) -> ProcessPoolExecutor | None:
    """Processes that have begun; None where this machine refuses what they take: a socket with a name, a
    semaphore, a process, a thread.
    """
    # Each process gets the maker once, not with every part.
    context = get_context("forkserver" if hasattr(os, "fork") else "spawn")  # Windows starts each anew
    if sys.platform == "linux":  # where libraries that were imported may be forked
        context.set_forkserver_preload(_PRELOADED)
    try:
        threading.Thread(target=int).start()  # without one, a pool's processes would begin and complain
        pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(maker,))
        pool.submit(os.getpid).result(_BEGIN_S)
    except _NO_PROCESS as exc:
        _tell_of(exc)
        return None
    return pool


_maker: Maker | None = None
"""The maker of a process that works for another."""


def _prepare(maker: Maker) -> None:
    global _maker  # the pool offers no other place to keep it
    _maker = maker
    with suppress(RuntimeError):  # can't start new thread
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A build that is killed from outside ends its pool no more, which would wait for work for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _make(part: Part) -> Result:
    assert _maker is not None
    return _maker.make(part)
