"""Run directories -> a site: finds out which parts changed, and makes those, several at a time."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evalsite.events import Event, Listener, ignore
from evalsite.machine import usable_cpus
from evalsite.machine.garbage import not_looked_for
from evalsite.machine.room import pool_size
from evalsite.site.evidence.archiving import by_want, size_of_overviews
from evalsite.site.evidence.judgement import Judgement, judge_all
from evalsite.site.evidence.runs import Evidence, gather
from evalsite.site.options import BuildReport, Made, SiteOptions
from evalsite.site.output.bundle import Assets, bundle
from evalsite.site.output.figures import Figures
from evalsite.site.output.fingerprint import fingerprint, program_and_options
from evalsite.site.output.folder import (
    FORMER,
    STATE,
    Holding,
    State,
    Unit,
    Writer,
    claim,
    former_assets,
    intact,
    read_state,
    remove_orphans,
    write_state,
)
from evalsite.site.parts import PARTS
from evalsite.site.parts.archive import Archive
from evalsite.site.parts.base import Part
from evalsite.site.parts.index import IndexPart
from evalsite.site.parts.maker import Make, Maker, begin_early, beside, making
from evalsite.site.parts.packable import Packable
from evalsite.site.parts.pair import pairs_of
from evalsite.site.parts.passed import PassedPart
from evalsite.site.parts.redirects import Redirect, resolve_redirects
from evalsite.words import cells

log = logging.getLogger("evalsite")


def build_site(
    runs_dir: Path,
    output: Path,
    *,
    options: SiteOptions,
    listener: Listener = ignore,
) -> BuildReport:
    """Render all runs below ``runs_dir`` into ``output``; what has not changed is not made again.

    Raises :class:`OutputError` where the folder cannot be written, :class:`UsageError` where the options do
    not fit the runs, and passes on what the run directories
    raise: :class:`RunFormatError` for a broken file, :class:`RunError` where there is no such folder.
    """
    started = time.monotonic()
    with not_looked_for():
        evidence = gather(runs_dir, options, listener)
    redirects = resolve_redirects(evidence, options.redirects)
    claim(output)
    before = read_state(output)
    common = program_and_options(options)
    unread = [one.sentence for one in evidence.unread]
    key = fingerprint(
        common,
        evidence.entries,
        evidence.urls,
        options.redirects,
        evidence.removed,
        unread,
        evidence.distances,
    )
    if before.key == key and all(intact(output, unit) for unit in before.units.values()):
        return _report(evidence, before, output, started)
    listener(Event("building", "comparing runs", 0, 1))
    if pool_size(options.jobs or usable_cpus()) > 1:
        begin_early()
    figures = Figures(output, common)
    with figures.remembered(), not_looked_for():
        judgement = judge_all(evidence, options.targets, options.max_pairs, pairs_of(before.units))
    build = _Build(output, options, listener, before, key)
    build.run(judgement, redirects, common, figures)
    removed = remove_orphans(output, before, build.after, build.dropped)
    write_state(output, build.after)
    report = _report(
        evidence, build.after, output, started, made=build.made, written=build.written, removed=removed
    )
    if 0 < options.site_budget < report.bytes:
        log.warning(
            "the site takes %s, more than its budget of %s: %s, so leave some out "
            "(exclude in evalsite.toml), or allow it more (--site-budget).",
            *map(cells.size, (report.bytes, options.site_budget)),
            "what earlier builds published leads on" if build.whole else "no run is left to archive",
        )
    return replace(report, pairs_left_out=build.pairs_left_out, archived=build.archived)


class _Build:
    """One build on its way, with the account of what it did."""

    def __init__(
        self, output: Path, options: SiteOptions, listener: Listener, before: State, key: str
    ) -> None:
        self._output, self._options, self._listener, self._before = output, options, listener, before
        self.after = State(key=key)
        self.made: list[Made] = []
        self.dropped: list[Unit] = []
        self.written = self.pairs_left_out = self.whole = self.archived = 0

    def run(
        self, judgement: Judgement, redirects: tuple[Redirect, ...], common: str, figures: Figures
    ) -> None:
        """Make what changed. The pages that link to runs come last, so that no link dangles at any moment."""
        assets = bundle()
        shared = Writer(self._output)
        for path, data in assets.files.items():
            shared.write(path, data)
        figures.write(shared)
        maker = Maker(self._output, self._options, Assets(assets.paths, {}))
        with not_looked_for():
            parts = {kind: list(kind.all_of(judgement)) for kind in PARTS}
        archive = self._archive(judgement.evidence, [part for kind in parts for part in parts[kind]], shared)
        parts = {kind: archive.formed(parts[kind]) for kind in parts}
        keys = {part.name: part.key(common) for kind in parts for part in parts[kind]}
        stale = {kind: [part for part in parts[kind] if not self._keep(part, keys)] for kind in parts}
        jobs = pool_size(min(self._options.jobs or usable_cpus(), sum(map(len, stale.values()))))
        listed = tuple(path for kind in parts for part in parts[kind] for path in part.listed)
        index, held = IndexPart(judgement, redirects, listed), Holding(self._output)
        with making(maker, jobs) as make, beside(lambda: maker.make(index, held), jobs) as made:
            for kind in parts:
                self._make(make, stale[kind], kind.what, keys)
                self.made.append(Made(kind.what, len(stale[kind]), len(parts[kind])))
            self._tell("indexes", 0, 1)
            name, files, _ = made()
            self.written += held.release()
            self.after.units[name] = Unit(self.after.key, shared.files | files)
            self._settle(archive, make, maker, common)
        name, files, passed = maker.make(PassedPart.of(self._before, self.after, judgement, redirects))
        if files:
            self.after.units[name] = Unit(self.after.key, files)
        if former := former_assets(self._before, shared.files):
            self.after.units[FORMER] = former
        self.written += shared.written + passed
        self.pairs_left_out = judgement.pairs_left_out

    def _archive(self, evidence: Evidence, parts: Sequence[Part], shared: Writer) -> Archive:
        """Choose how many runs stay whole, by what is known of the last build, or else by estimates."""
        options = self._options
        baselines = list(evidence.baselines.values())
        order = by_want(evidence.entries, baselines, options) if options.site_budget else []
        archive = Archive(
            [part for part in parts if isinstance(part, Packable)], order, options, self._before
        )
        assets = sum(shared.files.values())
        archive.choose(archive.others(self._before.units) or assets + size_of_overviews(evidence.entries))
        return archive

    def _settle(self, archive: Archive, make: Make, maker: Maker, common: str) -> None:
        """Make parts in another form until as many runs are whole as the budget has room for."""

        def key(part: Part) -> str:
            return part.key(common)

        others = archive.others(self.after.units)
        archive.take_stock(archive.free, self.after.units)
        while True:
            if changed := archive.choose(others):
                self.dropped += [self.after.units[part.name] for part in changed]
                self._make(make, changed, "archived runs", {part.name: key(part) for part in changed})
                archive.take_stock(changed, self.after.units)
            elif unknown := archive.unknown(key):
                for part in unknown:
                    archive.weighed(part, maker.weigh(part, key(part)))
            else:
                break
        self.after.weights = archive.weights(key)
        self.whole, self.archived = archive.whole, archive.packed

    def _keep(self, part: Part, keys: Mapping[str, str]) -> bool:
        """Keep a part as it is, if all that it is made from is as it was; returns whether it is kept."""
        unit = self._before.units.get(part.name)
        if unit is None or unit.key != keys[part.name] or not intact(self._output, unit):
            return False
        self.after.units[part.name] = unit
        return True

    def _tell(self, what: str, done: int, total: int) -> None:
        self._listener(Event("building", f"rendering {what}", done, total))

    def _make(self, make: Make, stale: Sequence[Part], what: str, keys: Mapping[str, str]) -> None:
        """Make the stale parts of one kind."""
        self._tell(what, 0, len(stale))
        for done, (name, files, written) in enumerate(make(stale), start=1):
            self.after.units[name] = Unit(keys[name], files)
            self.written += written
            self._tell(what, done, len(stale))


def _report(
    evidence: Evidence,
    state: State,
    output: Path,
    started: float,
    *,
    made: Sequence[Made] = (),
    written: int = 0,
    removed: int = 0,
) -> BuildReport:
    sizes = {name: size for unit in state.units.values() for name, size in unit.files.items()}
    return BuildReport(
        runs=len(evidence.entries),
        unread=evidence.unread,
        pages=sum(name.endswith(".html") for name in sizes),
        files=len(sizes),
        bytes=sum(sizes.values()) + (output / STATE).stat().st_size,
        made=tuple(made),
        written=written,
        removed=removed,
        seconds=time.monotonic() - started,
    )
