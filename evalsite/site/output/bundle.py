"""Static sources -> assets with their hash in the name, so that a cache never shows yesterday's script."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from plotly.offline import get_plotlyjs

from evalsite.assets import asset_dir

ASSETS = "assets/"
"""The folder of all assets of a site."""

BUNDLES: dict[str, tuple[str, ...]] = {
    "site.css": (
        "css/tokens.css",
        "css/base.css",
        "css/tables.css",
        "css/marks.css",
        "css/sections.css",
        "css/figures.css",
        "css/code.css",
        "css/lists.css",
        "css/plotly.css",
        "css/print.css",
    ),
    "theme.js": ("js/theme.js",),
    "site.js": ("js/site.js", "js/search.js"),
    "leaderboard.js": ("js/table.js", "js/leaderboard.js", "js/charts.js"),
    "run.js": ("js/table.js", "js/run.js", "js/charts.js"),
    "compare.js": ("js/table.js", "js/charts.js"),
    "problems.js": ("js/table.js", "js/problems.js"),
    "charts.js": ("js/charts.js",),
    "problem.js": ("js/pasting.js", "js/problem.js"),
    "flip.js": ("js/pasting.js", "js/flip.js"),
    "failures.js": ("js/failures.js",),
    "404.js": ("js/404.js",),
    "redirect.js": ("js/redirect.js",),
    "packed.js": ("js/packed.js",),
    "favicon.svg": ("favicon.svg",),
}
PLOTLY = "plotly.js"
VENDORED = "vendor/plotly-basic.min.js"
"""A bundle with the few trace types that are used, a third of the whole; fetched when packaging."""

_MAP_STYLES = re.compile(rb"document\.head\.appendChild\(e\)(?=\}\}\)\(\)\})")
"""The whole plotly.js adds a style element for maps, which the pages' policy would refuse aloud."""

_CSS_IDLE = re.compile(r'("[^"]*")|/\*.*?\*/|\s+', re.DOTALL)
_CSS_AROUND = re.compile(r'("[^"]*")| ?([{};,]) ?')
_JS_IDLE = re.compile(r"^\s*(//.*|/\*\*.*\*/)?$\n?|^[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class Assets:
    """All assets of a site: logical name -> path, and path -> content."""

    paths: dict[str, str]
    files: dict[str, bytes]

    def __getitem__(self, name: str) -> str:
        return self.paths[name]


def bundle() -> Assets:
    """Read, join and name all assets."""
    static = asset_dir("static")
    content = {name: _join(static, parts) for name, parts in BUNDLES.items()}
    content[PLOTLY] = plotly_source(static)
    paths = {name: _hashed(name, data) for name, data in content.items()}
    return Assets(paths, {paths[name]: data for name, data in content.items()})


def plotly_source(static: Path) -> bytes:
    """Return plotly.js: the vendored partial bundle where there is one, else that of plotly's package."""
    vendored = static / VENDORED
    if vendored.is_file():
        return vendored.read_bytes()
    return _packaged()


@cache
def _packaged() -> bytes:
    """Megabytes, which whoever builds again reads once."""
    return _MAP_STYLES.sub(b"0", get_plotlyjs().encode())


def _join(static: Path, parts: tuple[str, ...]) -> bytes:
    return _shortened("\n".join((static / part).read_text("utf-8") for part in parts), Path(parts[0]).suffix)


@lru_cache(maxsize=64)
def _shortened(text: str, suffix: str) -> bytes:
    """Without what only people read; whoever builds again and again shortens the same."""
    if suffix == ".css":
        text = _CSS_AROUND.sub(r"\1\2", _CSS_IDLE.sub(lambda match: match[1] or " ", text)).strip() + "\n"
    elif suffix == ".js":
        text = _JS_IDLE.sub("", text)
    return text.encode()


@lru_cache(maxsize=64)  # more than there are
def _hashed(name: str, data: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{ASSETS}{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
