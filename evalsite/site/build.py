"""Run directories -> a site: finds out which parts changed, and makes those, several at a time."""

import os
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from evalsite.errors import OutputError
from evalsite.machine import usable_cpus
from evalsite.site.bundle import Assets, bundle
from evalsite.site.evidence import Evidence, gather
from evalsite.site.exports import exported_files
from evalsite.site.judgement import judge_all
from evalsite.site.options import BuildReport, Made, Progress, SiteOptions
from evalsite.site.output import State, Unit, Writer, intact, read_state, remove_orphans, write_state, writing
from evalsite.site.pages import index_pages
from evalsite.site.parts import INDEX, KINDS, Part, all_parts, common_key, digest
from evalsite.site.redirects import Redirect, redirect_pages, resolve_redirects
from evalsite.site.render import Renderer
from evalsite.site.urls import file_of
from evalsite.site.workshop import Workshop, crew


def build_site(
    runs_dir: Path,
    output: Path,
    *,
    options: SiteOptions,
    progress: Progress | None = None,
) -> BuildReport:
    """Render all runs below ``runs_dir`` into ``output``; what has not changed is not made again.

    Raises :class:`OutputError` where the folder cannot be written, :class:`UsageError` where the options do
    not fit the runs, and passes on what the run directories
    raise: :class:`RunFormatError` for a broken file, :class:`RunError` where there is no such folder.
    """
    started = time.monotonic()
    tell = progress or (lambda *_: None)
    evidence = gather(runs_dir, options, tell)
    redirects = resolve_redirects(evidence, options.redirects)
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
    if not os.access(output, os.W_OK):
        raise OutputError(
            f"{output}: cannot be written (Permission denied)", hint="Choose another folder with --output."
        )
    before = read_state(output)
    common = common_key(options)
    key = digest(
        common, repr(options.redirects), *(f"{entry.id} {entry.digest}" for entry in evidence.entries)
    )
    if before.key == key and all(intact(output, unit) for unit in before.units.values()):
        return _report(evidence, before, started)
    build = _Build(evidence, output, options, tell)
    after = build.run(before, State(key=key), common, redirects)
    removed = remove_orphans(output, before, after)
    write_state(output, after)
    return _report(evidence, after, started, made=build.made, written=build.written, removed=removed)


class _Build:
    """One build on its way, with the account of what it did."""

    def __init__(self, evidence: Evidence, output: Path, options: SiteOptions, tell: Progress) -> None:
        self._evidence, self._output, self._options, self._tell = evidence, output, options, tell
        self.made: list[Made] = []
        self.written = 0

    def run(self, before: State, after: State, common: str, redirects: Sequence[Redirect]) -> State:
        """Make what changed. The pages that link to runs come last, so that no link dangles at any moment."""
        self._tell("comparing runs", 0, 1)
        judgement = judge_all(self._evidence, self._options.targets, self._options.max_pairs)
        assets = bundle()
        shared = Writer(self._output)
        for path, data in assets.files.items():
            shared.write(path, data)
        stale: list[Part] = []
        parts = list(all_parts(common, judgement))
        for part in parts:
            unit = before.units.get(part.name)
            if unit is not None and unit.key == part.key and intact(self._output, unit):
                after.units[part.name] = unit
            else:
                stale.append(part)
        shop = Workshop(judgement, self._output, self._options, Assets(assets.paths, {}))
        self._make(parts, stale, shop, after)
        self._tell("rendering indexes", 0, 1)
        renderer = Renderer(self._options, assets)
        for page in chain(
            index_pages(judgement, self._options), redirect_pages(redirects, self._evidence.urls)
        ):
            shared.write(file_of(page.frame.path), renderer.render(page))
        for path, data in exported_files(judgement, self._options):
            shared.write(path, data)
        after.units[INDEX] = Unit(after.key, shared.files)
        self.written += shared.written
        return after

    def _make(self, parts: Sequence[Part], stale: Sequence[Part], shop: Workshop, after: State) -> None:
        """Make the stale parts, kind by kind."""
        keys = {part.name: part.key for part in stale}
        jobs = min(self._options.jobs or usable_cpus(), len(stale))
        with crew(shop, jobs) as make:
            for kind, what in KINDS.items():
                wanted = [part.name for part in stale if part.kind == kind]
                self._tell(f"rendering {what}", 0, len(wanted))
                for done, (name, files, written) in enumerate(make(wanted), start=1):
                    after.units[name] = Unit(keys[name], files)
                    self.written += written
                    self._tell(f"rendering {what}", done, len(wanted))
                self.made.append(Made(what, len(wanted), sum(part.kind == kind for part in parts)))


def _report(
    evidence: Evidence,
    state: State,
    started: float,
    *,
    made: Sequence[Made] = (),
    written: int = 0,
    removed: int = 0,
) -> BuildReport:
    sizes = {name: size for unit in state.units.values() for name, size in unit.files.items()}
    return BuildReport(
        runs=len(evidence.entries),
        pages=sum(name.endswith(".html") for name in sizes),
        files=len(sizes),
        bytes=sum(sizes.values()),
        made=tuple(made),
        written=written,
        removed=removed,
        seconds=time.monotonic() - started,
    )
