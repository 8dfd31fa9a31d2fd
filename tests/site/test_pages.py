"""The pages as files: valid, linked, self-contained, inert, and equal to what their dataclasses promise."""

import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import jinja2
import pytest
from jinja2 import meta

from evalsite.assets import asset_dir
from evalsite.site.parts.redirects import RedirectView
from evalsite.site.parts.removals import RemovedView
from evalsite.site.urls import file_of
from evalsite.site.views.boards import FurtherView
from evalsite.site.views.cliffs import CliffsView
from evalsite.site.views.compare import CompareView
from evalsite.site.views.comparisons import ComparisonsView
from evalsite.site.views.distance import DistanceView
from evalsite.site.views.failures import FailuresView
from evalsite.site.views.flip import FlipView
from evalsite.site.views.leaderboard import LeaderboardView
from evalsite.site.views.methods import MethodsView
from evalsite.site.views.models import ModelsView
from evalsite.site.views.packed import PackedView
from evalsite.site.views.problem import OlderView, ProblemView
from evalsite.site.views.problem_in_run import ProblemInRunView
from evalsite.site.views.problems import ProblemsView
from evalsite.site.views.run import RunView
from evalsite.site.views.targets import TargetsView
from evalsite.words.text import unbroken
from tests.site.helpers import every_internal_link_resolves, pages_of, parse

VIEWS = {
    "leaderboard": LeaderboardView,
    "runs": FurtherView,
    "targets": TargetsView,
    "methods": MethodsView,
    "run": RunView,
    "problem_in_run": ProblemInRunView,
    "problem": ProblemView,
    "older": OlderView,
    "packed": PackedView,
    "problems": ProblemsView,
    "compare": CompareView,
    "comparisons": ComparisonsView,
    "cliffs": CliffsView,
    "models": ModelsView,
    "distance": DistanceView,
    "flip": FlipView,
    "failures": FailuresView,
    "redirect": RedirectView,
    "removed": RemovedView,
}
FRAME = {"frame", "site", "place", "url", "asset", "once"}


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
    own = {field.name for field in fields(VIEWS[template])} - {"targets"}
    shared = FRAME | {path.stem for path in (folder / "macros").iterdir()} | {"targets"}
    assert used - (shared - own) == own


def test_every_page_has_its_view():
    """Whoever adds a template to pages/ says here which dataclass it shows; the lost page shows none."""
    assert {path.stem for path in (asset_dir("templates") / "pages").iterdir()} == {*VIEWS, "404"}


def test_every_page_is_valid_html(site):
    """The strict parser finds nothing to repair, and ids are unique on each page."""
    for page in pages_of(site):
        try:
            tree = parse(page)
        except html5lib.html5parser.ParseError as exc:
            pytest.fail(f"{page.relative_to(site)}: {exc}")
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), page


def test_every_internal_link_and_anchor_resolves(site):
    """Whatever a page points to, page, anchor, asset or download, is there."""
    assert every_internal_link_resolves(site) > 1000


def test_every_page_is_links_away_from_the_front_page(site):
    """Without scripts, which pick two runs and search: nothing can be reached by them alone."""
    reached, left = set(), ["index.html"]
    while left:
        place = left.pop()
        if place in reached or not place.endswith(".html"):
            continue
        reached.add(place)
        links = [element.get("href") for element in parse(site / place).iter("a")]
        paths = [urlsplit(urljoin(f"/{place}", link)) for link in links if link]
        left += [file_of(unquote(one.path).lstrip("/")) for one in paths if not one.scheme]
    lead_on = b'<a id="to"'
    pages = {str(page.relative_to(site)) for page in pages_of(site) if lead_on not in page.read_bytes()}
    assert pages - reached == {"404.html"}


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
