"""The docs as a site: every page is found there, and a link that leads nowhere is told."""

import re

import pytest

import evalsite
from scripts.build_docs import api_page, as_markdown, faults_of, lay_out
from tests.conftest import ROOT

CONFIG = (ROOT / "mkdocs.yml").read_text("utf-8")


def test_every_page_is_in_the_navigation(tmp_path):
    """And nothing else; files that pages link come along."""
    lay_out(ROOT, tmp_path / "pages")
    there = {path.relative_to(tmp_path / "pages").as_posix() for path in tmp_path.rglob("*.md")}
    assert set(re.findall(r": ([\w/-]+\.md)$", CONFIG, re.MULTILINE)) == there
    assert (tmp_path / "pages" / "examples" / "compare.ipynb").is_file()


def test_the_reference_has_every_public_name():
    named = re.findall(r"^::: [\w.]+\.(\w+)$", api_page(), re.MULTILINE)
    assert set(named) == set(evalsite.__all__) - {"__version__"}


def test_nobody_who_reads_fetches_anything():
    assert "\n  font: false" in CONFIG
    assert not re.search(r"https?://", CONFIG)


GOOD = '<h1 id="top">a</h1><a href="../b/#there">b</a><a href="https://example.org">c</a><img src="../x.svg">'


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (GOOD, []),
        (GOOD + '<a href="../c/">', ["a/index.html: ../c/ leads nowhere"]),
        (GOOD + '<a href="#nowhere">', ["a/index.html: #nowhere: no such place on that page"]),
        (GOOD + '<a href="/b/#gone">', ["a/index.html: /b/#gone: no such place on that page"]),
        (GOOD + '<img src="y.svg">', ["a/index.html: y.svg leads nowhere"]),
        (
            GOOD + '<link rel="stylesheet" href="https://fonts.example.org/x.css">',
            ["a/index.html: fetches https://fonts.example.org/x.css"],
        ),
        (GOOD + '<script src="//cdn.example.org/x.js">', ["a/index.html: fetches //cdn.example.org/x.js"]),
    ],
)
def test_links_are_checked(tmp_path, page, said):
    """Pages, places on them, and what a page fetches from elsewhere."""
    for name, text in {"a": page, "b": '<a id="there">'}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(text)
    (tmp_path / "x.svg").touch()
    assert list(faults_of(tmp_path)) == said


@pytest.mark.parametrize(
    ("docstring", "shown"),
    [
        ("Raises :class:`RunError` where there is none.", "Raises `RunError` where there is none."),
        (":meth:`LoadedRun.table` does", "[`LoadedRun.table`][evalsite.api.LoadedRun] does"),
        (":class:`evalsite.counts.table.Table`.", "[`Table`][evalsite.counts.table.Table]."),
        (":mod:`~evalsite.rundir.levels`)", "`levels`)"),
        (
            "yield a verdict for each::\n\n    with a: pass\n",
            "yield a verdict for each:\n\n    with a: pass\n",
        ),
        ("``a::b`` and ``x: int``", "``a::b`` and ``x: int``"),
    ],
)
def test_docstrings_are_shown_as_markdown(docstring, shown):
    """Names as code, public ones as links into the reference."""
    assert as_markdown(docstring) == shown
