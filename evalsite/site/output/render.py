"""Views -> bytes: the only importer of Jinja and markdown-it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from types import CodeType
from typing import Any
from urllib.parse import urlsplit

import jinja2
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

import evalsite
from evalsite.assets import asset_dir
from evalsite.site.code.highlighting import numbered_html, plain_html
from evalsite.site.options import SiteOptions
from evalsite.site.output.bundle import Assets
from evalsite.site.urls import NOT_FOUND, PATHS, place_of, relative
from evalsite.site.views.frame import Frame, Page
from evalsite.words.text import unbroken, visible

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)

_NOTE_TAGS = {
    *("p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


@dataclass(frozen=True)
class Site:
    """What every template knows of the site, as ``site``."""

    title: str
    base_url: str
    repository_url: str
    version: str
    csp: str
    paths: Mapping[str, str]
    """Of the pages and files that do not depend on any run, by name."""


class _Compiled(jinja2.BytecodeCache):
    """Templates as they were compiled for an earlier site of this process; another text is compiled anew."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - jinja's
        return name  # wherever it stands

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if code := self._code.get(f"{bucket.key} {bucket.checksum}"):
            bucket.code = code

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        assert bucket.code is not None, "jinja hands over what it has just compiled"
        self._code[f"{bucket.key} {bucket.checksum}"] = bucket.code


_COMPILED = _Compiled()


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
            auto_reload=False,  # else each page asks the disk whether its templates changed
            bytecode_cache=_COMPILED,
        )
        self._env.filters["prose"] = unbroken
        self._env.globals |= {"numbered_html": numbered_html, "plain_html": plain_html}
        self._env.globals |= {"once": remembering(), "links": self._links, "assets": assets}
        self._env.globals["site"] = Site(
            title=options.title,
            base_url=options.base_url,
            repository_url=options.repository_url,
            version=evalsite.__version__,
            csp=CSP,
            paths=PATHS,
        )

    def render(self, page: Page) -> bytes:
        """Render one page."""
        template = self._env.get_template(page.template)
        return template.render(context_of(page.view) | self._frame_context(page.frame)).encode()

    def _frame_context(self, frame: Frame) -> dict[str, Any]:
        link = self._links(frame.path)
        about = {"frame": frame, "place": place_of(frame.path)}
        return about | {"url": link, "asset": lambda name: link(self._assets[name])}

    def _links(self, path: str) -> Callable[[str], str]:
        """Return what makes a page's links: relative ones, but for the page that is shown at any address."""
        return partial(_absolute, self._base_path) if path == NOT_FOUND else partial(relative, path)


def remembering() -> Callable[..., Markup]:
    """Return what calls a macro once for the same things: pieces that many pages show are made for the first.

    Such a macro may look at nothing else but the site.
    """

    @lru_cache(maxsize=2048)
    def once(macro: Callable[..., Markup], *about: object, **more: object) -> Markup:
        return macro(*about, **more)

    return once


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
    if type(value) is str:  # as nearly all is
        return visible(value)
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _absolute(base: str, path: str) -> str:
    return f"{base}{path}"
