"""The methods page: how every number is made, taken from the docstrings and constants of the code itself."""

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.words.terms import TERMS
from tests.make import write_run
from tests.site.helpers import every_internal_link_resolves


def test_pages_lead_to_the_words(tmp_path):
    """The heads of a comparison's table, and every explanation has an address."""
    write_run(tmp_path / "runs", "fp8", [4] * 6, n=4)
    write_run(tmp_path / "runs", "ternary", [4, 3, 0] * 2, n=4, day="2026-11-21")
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    methods = (tmp_path / "site" / "methods.html").read_text()
    assert all(f'id="w-{term.id}"' in methods for term in TERMS)
    (page,) = (tmp_path / "site" / "compare").glob("*/index.html")
    text = page.read_text()
    for word in ("interval", "p", "detectable", "difference", "bonett-price"):
        assert f'href="../../methods.html#w-{word}"' in text
    for path in ("index.html", "targets.html"):
        assert 'methods.html#words">What the words mean</a>' in (tmp_path / "site" / path).read_text()
    assert every_internal_link_resolves(tmp_path / "site")
