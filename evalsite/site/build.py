"""Views -> pages: renders the site and writes it; the only importer of Jinja and markdown-it."""

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, fields
from functools import partial
from importlib.metadata import version
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

import evalsite
from evalsite.assets import asset_dir
from evalsite.errors import OutputError
from evalsite.site import cards
from evalsite.site.bundle import Assets, bundle
from evalsite.site.evidence import Evidence, RunEntry, gather
from evalsite.site.exports import exported_files, run_files
from evalsite.site.judgement import Judgement, judge_all
from evalsite.site.options import BuildReport, Progress, SiteOptions
from evalsite.site.output import State, Unit, Writer, intact, read_state, remove_orphans, write_state, writing
from evalsite.site.pages import Page, RunPages, index_pages
from evalsite.site.redirects import Redirect, redirect_pages, resolve_redirects
from evalsite.site.text import visible
from evalsite.site.urls import NOT_FOUND, file_of, relative
from evalsite.site.views.common import Frame

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
INDEX = "index"
"""Name of the unit that holds everything but the runs' own pages."""

_NOTE_TAGS = {
    *("p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_NOT_ON_PAGES = ("jobs", "redirects")
"""Options that change no page of a run."""
_INPUTS = ("jinja2", "markdown-it-py", "nh3", "plotly", "pygments")


@dataclass(frozen=True)
class Site:
    """What every template knows of the site, as ``site``."""

    title: str
    base_url: str
    repository_url: str
    version: str
    csp: str


class Renderer:
    """Renders pages. Undefined names are errors, and every text is made visible before it is escaped."""

    def __init__(self, options: SiteOptions, assets: Assets) -> None:
        self._assets = assets
        self._base_path = urlsplit(options.base_url).path or "/"
        self._env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(asset_dir("templates")),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.globals["site"] = Site(
            title=options.title,
            base_url=options.base_url,
            repository_url=options.repository_url,
            version=evalsite.__version__,
            csp=CSP,
        )

    def render(self, page: Page) -> bytes:
        """Render one page."""
        template = self._env.get_template(page.template)
        return template.render(context_of(page.view) | self._frame_context(page.frame)).encode()

    def _frame_context(self, frame: Frame) -> dict[str, Any]:
        """Links of a page are relative, but for the one that is shown at any address."""
        if frame.path == NOT_FOUND:
            link = partial(_absolute, self._base_path)
        else:
            link = partial(relative, frame.path)
        return {"frame": frame, "url": link, "asset": lambda name: link(self._assets[name])}


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
    common = _common_key(options)
    key = _digest(
        common, repr(options.redirects), *(f"{entry.id} {entry.digest}" for entry in evidence.entries)
    )
    if before.key == key and all(intact(output, unit) for unit in before.units.values()):
        return _report(output, evidence, before, 0, 0, started)
    after, written = _rebuild(evidence, output, options, (before, key, common), tell, redirects)
    removed = remove_orphans(output, before, after)
    write_state(output, after)
    return _report(output, evidence, after, written, removed, started)


def _rebuild(
    evidence: Evidence,
    output: Path,
    options: SiteOptions,
    keys: tuple[State, str, str],
    tell: Progress,
    redirects: Sequence[Redirect],
) -> tuple[State, int]:
    """Make what changed. The pages that link to runs come last, so that no link dangles at any moment."""
    before, key, common = keys
    tell("comparing runs", 0, 1)
    judgement = judge_all(evidence, options.targets, options.max_pairs)
    assets = bundle()
    shared = Writer(output)
    for path, data in assets.files.items():
        shared.write(path, data)
    after = State(key=key)
    changed: list[RunEntry] = []
    for entry in evidence.entries:
        unit_key = _run_key(common, entry, judgement)
        unit = before.units.get(f"run:{entry.id}")
        if unit is not None and unit.key == unit_key and intact(output, unit):
            after.units[f"run:{entry.id}"] = unit
        else:
            after.units[f"run:{entry.id}"] = Unit(unit_key, {})
            changed.append(entry)
    written = 0
    for entry_id, files, count in _render_runs(changed, judgement, output, options, assets, tell):
        after.units[f"run:{entry_id}"].files = files
        written += count
    tell("rendering indexes", 0, 1)
    renderer = Renderer(options, assets)
    for page in chain(index_pages(judgement, options), redirect_pages(redirects, evidence.urls)):
        shared.write(file_of(page.frame.path), renderer.render(page))
    for path, data in exported_files(judgement, options):
        shared.write(path, data)
    after.units[INDEX] = Unit(key, shared.files)
    return after, written + shared.written


def _render_runs(
    changed: list[RunEntry],
    judgement: Judgement,
    output: Path,
    options: SiteOptions,
    assets: Assets,
    tell: Progress,
) -> Iterable[tuple[str, dict[str, int], int]]:
    """Render runs side by side, one process each; yield (run id, files, how many changed)."""
    jobs = min(options.jobs or len(os.sched_getaffinity(0)), len(changed))
    slim = Assets(assets.paths, {})
    tell("rendering runs", 0, len(changed))
    if jobs <= 1:
        for done, entry in enumerate(changed, start=1):
            yield _render_run(entry.id, judgement, output, options, slim)
            tell("rendering runs", done, len(changed))
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as pool:
        work = [pool.submit(_render_run, entry.id, judgement, output, options, slim) for entry in changed]
        for done, future in enumerate(as_completed(work), start=1):
            yield future.result()
            tell("rendering runs", done, len(changed))


def _render_run(
    run_id: str, judgement: Judgement, output: Path, options: SiteOptions, assets: Assets
) -> tuple[str, dict[str, int], int]:
    """Render the pages of one run; runs in a process of its own."""
    entry = next(entry for entry in judgement.evidence.entries if entry.id == run_id)
    renderer, writer = Renderer(options, assets), Writer(output)
    card = ""
    if options.site_url and cards.can_draw():
        card = f"{judgement.evidence.urls.run(run_id)}card.png"
        writer.write(card, cards.draw(entry, judgement, options.title))
    pages = RunPages(entry, judgement, options, render_markdown, card)
    for page in pages.pages():
        writer.write(file_of(page.frame.path), renderer.render(page))
    for path, data in run_files(entry, judgement):
        writer.write(path, data)
    for download in pages.copies():
        writer.copy(download.path, entry.dir.path / download.name)
    return run_id, writer.files, writer.written


def render_markdown(text: str) -> Markup:
    """Render a run's notes; whatever could act is taken out."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(visible(text))
    clean = nh3.clean(
        html,
        tags=_NOTE_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - sanitised in the line above


def context_of(view: object) -> dict[str, Any]:
    """Return a view's fields by name: what its template receives."""
    return {field.name: getattr(view, field.name) for field in fields(view)} if view is not None else {}  # type: ignore[arg-type]


def _shown(value: object) -> object:
    """Make text visible; markup has been made safe already."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _absolute(base: str, path: str) -> str:
    return f"{base}{path}"


def _common_key(options: SiteOptions) -> str:
    """Hash what every page depends on: this program, its templates, its libraries, the options."""
    package = Path(evalsite.__file__).parent
    folders = (
        *(package / name for name in ("site", "stats", "rundir")),
        *map(asset_dir, ("templates", "static")),
    )
    sources = [path for folder in folders for path in sorted(folder.rglob("*")) if _is_source(path)]
    chosen = {name: value for name, value in context_of(options).items() if name not in _NOT_ON_PAGES}
    return _digest(
        evalsite.__version__,
        *(f"{name} {version(name)}" for name in _INPUTS),
        *(hashlib.sha256(path.read_bytes()).hexdigest() for path in sources),
        repr(sorted(chosen.items())),
        f"cards {cards.can_draw()}",
    )


def _is_source(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def _run_key(common: str, entry: RunEntry, judgement: Judgement) -> str:
    """Hash what one run's pages depend on: its files, the baseline's, and what is said of it."""
    baseline = judgement.baseline_of(entry)
    urls = judgement.evidence.urls
    return _digest(
        common,
        entry.digest,
        baseline.digest if baseline else "",
        urls.runs[baseline.id] if baseline else "",
        urls.runs[entry.id],
        *(urls.tasks[task] for task in entry.facts.task_ids),
        repr(judgement.sentences(entry)),
        repr(judgement.warnings(entry)),
        judgement.side(entry),
        judgement.compare_path(entry),
        judgement.evidence.group_of(entry).label,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _report(
    output: Path, evidence: Evidence, state: State, written: int, removed: int, started: float
) -> BuildReport:
    sizes = {name: size for unit in state.units.values() for name, size in unit.files.items()}
    return BuildReport(
        output=output,
        runs=len(evidence.entries),
        pages=sum(name.endswith(".html") for name in sizes),
        files=len(sizes),
        bytes=sum(sizes.values()),
        written=written,
        removed=removed,
        seconds=time.monotonic() - started,
    )
