"""Builds the docs as a site into build/site, with the demo's own site below it, and checks it: ``make docs``.

Every link inside leads to a page and an anchor that are there, and no page fetches anything from elsewhere.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import evalsite

ROOT = Path(__file__).resolve().parent.parent
PAGES, SITE = ROOT / "build" / "docs", ROOT / "build" / "site"
DEMO = ROOT / "demo" / "site"
_LINKED = re.compile(r"\]\((?:\.\./)?((?:evalsite|examples|scripts)/[\w./-]+)")
_ROLE = re.compile(r":(?:class|func|meth|mod|data|attr|exc):`(?P<name>[^`]+)`")
_BLOCK = re.compile(r"::$", re.MULTILINE)
_FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src"}
_HERE = "https://docs.invalid/"


def main() -> None:
    """Lay out, build, check."""
    shutil.rmtree(PAGES, ignore_errors=True)
    lay_out(ROOT, PAGES)
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--clean"], cwd=ROOT, check=True
    )
    faults = sorted(faults_of(SITE))
    if DEMO.is_dir():
        shutil.copytree(DEMO, SITE / "demo", dirs_exist_ok=True)  # its own tests check its links
    print("\n".join(faults) or f"{SITE / 'index.html'}: {len(list(SITE.rglob('*.html')))} pages")
    sys.exit(bool(faults))


def lay_out(checkout: Path, folder: Path) -> None:
    """Put the pages, and the files that they link, where they stand in a checkout; links stay as they are."""
    shutil.copytree(checkout / "docs", folder / "docs")
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        shutil.copy(checkout / name, folder / name)
    (folder / "docs" / "api.md").write_text(api_page(), "utf-8")
    for page in list(folder.rglob("*.md")):
        for name in _LINKED.findall(page.read_text("utf-8")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(checkout / name, folder / name)


def api_page() -> str:
    """The reference of all public names, which mkdocstrings fills in from their docstrings."""
    head = "All that is public, by `import evalsite`: `LoadedRun` is `evalsite.LoadedRun`. "
    head += "[From Python](python.md) shows it in use.\n"
    return f"# Python reference\n\n{head}" + "".join(
        f"\n::: {module}.{name}\n" for name, module in evalsite._PUBLIC.items()
    )


def as_markdown(docstring: str) -> str:
    """A docstring without reST's marks: names are code, public ones links; a block follows a single colon."""
    return _BLOCK.sub(":", _ROLE.sub(_named, docstring))


def _named(found: re.Match[str]) -> str:
    told = found["name"].lstrip("~.")
    shown = told.rpartition(".")[2] if told.startswith("evalsite.") else told
    public = next((name for name in (shown, shown.partition(".")[0]) if name in evalsite._PUBLIC), None)
    return f"[`{shown}`][{evalsite._PUBLIC[public]}.{public}]" if public else f"`{shown}`"


class _Page(HTMLParser):
    """What a page links, fetches, and can be linked at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = {"", "__skip"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon", "preconnect", "preload"):
            self.fetched.append(found["href"])
        elif tag in _FETCHED and _FETCHED[tag] in found:
            self.fetched.append(found[_FETCHED[tag]])


def faults_of(site: Path) -> Iterator[str]:
    """Yield what is wrong with the links of a built site, each with its page."""
    pages = {path: _Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        if name == "404.html":
            continue  # it stands at every address
        for link in {*page.links, *page.fetched}:
            parts = urlsplit(urljoin(_HERE + name, link))
            if parts.netloc != urlsplit(_HERE).netloc:
                if link in page.fetched and parts.scheme in ("http", "https"):
                    yield f"{name}: fetches {link}"
                continue
            target = site / unquote(parts.path).lstrip("/")
            target = target / "index.html" if target.is_dir() or parts.path.endswith("/") else target
            if not target.is_file():
                yield f"{name}: {link} leads nowhere"
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{name}: {link}: no such place on that page"


if __name__ == "__main__":
    main()
