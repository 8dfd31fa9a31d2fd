"""The pages as files: valid, linked, self-contained, inert, and equal to what their dataclasses promise."""

import json
import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import jinja2
import pytest
from jinja2 import meta

from evalsite.assets import asset_dir
from evalsite.site.redirects import RedirectView
from evalsite.site.removals import RemovedView
from evalsite.site.render import CSP, render_markdown
from evalsite.site.views.compare import CompareView
from evalsite.site.views.flip import FlipView
from evalsite.site.views.leaderboard import LeaderboardView
from evalsite.site.views.methods import MethodsView
from evalsite.site.views.problem import ProblemView
from evalsite.site.views.problem_in_run import ProblemInRunView
from evalsite.site.views.run import RunView
from evalsite.site.views.targets import TargetsView
from evalsite.stats.targets import named_targets
from evalsite.words.text import unbroken

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

VIEWS = {
    "leaderboard": LeaderboardView,
    "targets": TargetsView,
    "methods": MethodsView,
    "run": RunView,
    "problem_in_run": ProblemInRunView,
    "problem": ProblemView,
    "compare": CompareView,
    "flip": FlipView,
    "redirect": RedirectView,
    "removed": RemovedView,
}
FRAME = {"frame", "site", "url", "asset"}


@pytest.mark.parametrize("template", VIEWS)
def test_a_template_uses_exactly_the_fields_of_its_view(template):
    """A field that no template shows, or a name that no view gives, is a mistake."""
    folder = asset_dir("templates")
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
    env.filters["prose"] = unbroken
    used, left = set(), [f"pages/{template}.html"]
    while left:
        tree = env.parse((folder / left.pop()).read_text())
        used |= meta.find_undeclared_variables(tree)
        left += [name for name in meta.find_referenced_templates(tree) if not name.startswith("macros/")]
    shared = FRAME | {path.stem for path in (folder / "macros").iterdir()} | {"targets"}
    assert used - shared == {field.name for field in fields(VIEWS[template])} - {"targets"}


def test_every_page_has_its_view():
    """Whoever adds a template to pages/ says here which dataclass it shows; the lost page shows none."""
    assert {path.stem for path in (asset_dir("templates") / "pages").iterdir()} == {*VIEWS, "404"}


def pages_of(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 3, "what is true of every page has to be true of some"
    return pages


def parse(page):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.read_bytes(), "utf-8")


def test_every_page_is_valid_html(site):
    """The strict parser finds nothing to repair, and ids are unique on each page."""
    for page in pages_of(site):
        try:
            tree = parse(page)
        except html5lib.html5parser.ParseError as exc:
            pytest.fail(f"{page.relative_to(site)}: {exc}")
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), page


def every_internal_link_resolves(site):
    """Return how many links there are, all of which lead somewhere."""
    anchors, links = {}, []
    for page in pages_of(site):
        place = str(page.relative_to(site))
        tree = parse(page)
        anchors[place] = {element.get("id") for element in tree.iter() if element.get("id")}
        if place == "404.html":
            continue
        for element in tree.iter():
            found = [element.get("href"), element.get("src")]
            links += [(place, link) for link in found if link and not urlsplit(link).scheme]
    broken = []
    for place, link in links:
        target = urlsplit(urljoin(f"/{place}", link))
        name = unquote(target.path).lstrip("/")
        name = f"{name}index.html" if name == "" or name.endswith("/") else name
        ok = (site / name).is_file() and (not target.fragment or target.fragment in anchors[name])
        if not ok:
            broken.append((place, link))
    assert broken == []
    return len(links)


def test_every_internal_link_and_anchor_resolves(site):
    """Whatever a page points to, page, anchor, asset or download, is there."""
    assert every_internal_link_resolves(site) > 1000


def test_pages_are_self_contained(site):
    """No inline script or style, no address outside but links, one strict policy, relative links only."""
    for page in pages_of(site):
        tree, place = parse(page), page.relative_to(site)
        elements = [element for element in tree.iter() if isinstance(element.tag, str)]
        assert elements, place
        assert f'content="{CSP}"' in page.read_text().replace("&#39;", "'"), place
        for element in elements:
            assert element.tag != "style", place
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")], place
            if element.tag == "script":
                assert element.get("src") or element.get("type") == "application/json", place
            for name in ("src", "href"):
                link = element.get(name) or ""
                outside = bool(urlsplit(link).scheme)
                assert not (outside and name == "src"), (place, link)
                assert not (link.startswith("/") and str(place) != "404.html"), (place, link)


def test_the_page_for_lost_links_works_at_any_depth(site):
    """404.html alone uses absolute links, below the site's own prefix."""
    text = (site / "404.html").read_text()
    assert 'href="/results/"' in text
    assert 'src="/results/assets/site.' in text


def test_pages_with_benchmark_problems_stay_out_of_search_engines(site):
    """Problems and generated code are kept from crawlers; leaderboard and run pages are not."""
    run = site / "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"
    for page in (run / "HumanEval-2/index.html", site / "problems/HumanEval-2/index.html"):
        assert '<meta name="robots" content="noindex">' in page.read_text()
    for page in (site / "index.html", run / "index.html"):
        assert "noindex" not in page.read_text()


def test_runs_unfurl_with_a_card(site):
    """A shared link shows title, description and a picture by absolute addresses."""
    run = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/"
    text = (site / run / "index.html").read_text()
    assert f'<link rel="canonical" href="https://example.org/results/{run}">' in text
    assert '<meta property="og:title" content="Toy-Ternary on humaneval">' in text
    match = re.search(r'og:image" content="https://example.org/results/([^"]+)"', text)
    assert match
    assert (site / match[1]).read_bytes().startswith(b"\x89PNG")


def test_tracebacks_keep_their_lines_and_link_into_the_program(site):
    """Each frame stands on a line of its own, and those of the program lead to its line."""
    page = site / "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/HumanEval-2/index.html"
    text = page.read_text()
    assert (
        '  <a href="#s6-L2">File &#34;&lt;program&gt;&#34;, line 2</a>, in add2\n    total = a + c\nNameError'
        in text
    )


def test_answer_and_four_rows_stand_on_the_front_page(site):
    """The shipped targets appear with baseline, target, actual and verdict, pending ones included."""
    text = (site / "index.html").read_text()
    assert "Is Toy-Ternary good enough?" in text
    tree = parse(site / "index.html")
    table = next(element for element in tree.iter("table") if element.get("class") == "targets")
    names = [row.findtext("th").strip() for row in table.iter("tr")][1:]
    assert list(dict.fromkeys(names)) == [target.name for target in BORN_WITH.rows]


def test_numbers_on_the_page_are_those_of_the_data(site):
    """What the table says and what data/runs.json says is the same pass@1."""
    runs = json.loads((site / "data/runs.json").read_text())["runs"]
    text = (site / "index.html").read_text()
    for run in runs:
        assert f"<b>{100 * run['pass_at']['1']:.1f}</b>" in text
    assert {
        run["model"]: run["pass_at"]["1"] for run in runs if run["dataset"] == "humaneval"
    } == pytest.approx({"Toy-FP8": 62 / 80, "Toy-Ternary": 45 / 80, "Other": 6 / 8})


def test_hostile_text_stays_text(hostile_site):
    """Nothing of it becomes an element or an attribute, whatever page it stands on."""
    for page in pages_of(hostile_site):
        tree = parse(page)
        place = page.relative_to(hostile_site)
        assert not list(tree.iter("img")), place
        elements = [element for element in tree.iter() if isinstance(element.tag, str)]
        assert elements, place
        for element in elements:
            assert not [name for name in element.attrib if name.startswith("on")], place
            assert not (element.get("href") or "").startswith("javascript:"), place
            if element.tag == "script":
                assert not element.text or element.get("type") == "application/json", place
        text = page.read_text()
        assert "\u202e" not in text, place
        assert "\x1b" not in text, place
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(\w+)", text), place


def test_hostile_names_do_not_leave_the_site(hostile_site):
    """Slugs keep every file below the output folder, and no traceback leads to a line that is not there."""
    every_internal_link_resolves(hostile_site)
    assert not list(Path(hostile_site).parent.glob("Evil*"))
    assert list(hostile_site.glob("problems/Evil-*/index.html"))


def test_notes_are_sanitised():
    """Markdown's own HTML is shown as text, and only harmless links survive."""
    html = render_markdown(
        "**bold** <b onclick=x>raw</b> [a](javascript:x) [b](https://e.org)\n\n<style>x</style>"
    )
    assert "<strong>bold</strong>" in html
    assert "<b " not in html
    assert "javascript:" not in html.replace("[a](javascript:x)", "")
    assert 'href="https://e.org"' in html
    assert "<style" not in html
