"""Every word of statistics that is shown is explained, in the glossary and on every site."""

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.stats import intervals
from evalsite.stats.compare import evidence, paired, signflip
from evalsite.words.terms import TERMS
from tests.conftest import ROOT
from tests.make import write_run
from tests.site.test_pages import every_internal_link_resolves

SHOWN = (
    intervals.WILSON,
    intervals.CLUSTER,
    intervals.BCA,
    *paired.BONETT_PRICE.split(", "),
    *paired.CLUSTER.split(", "),
    signflip.MCNEMAR,
    signflip.EXACT.removeprefix("exact "),
    signflip.SAMPLED.partition(",")[0],
    evidence.OWN,
)


def test_every_method_that_is_named_is_explained():
    """Intervals and tests, as reports and pages name them."""
    words = {word for term in TERMS for word in term.word.split(", ")}
    assert [name for name in SHOWN if name not in words] == []
    assert {"met", "missed", "inconclusive", "vacuous", "pending"} <= words


def test_the_glossary_holds_every_word():
    """As the page of methods does, to the letter."""
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    for term in TERMS:
        assert f"| **{term.word}** | {term.meaning} |\n" in glossary


def test_pages_lead_to_the_words(tmp_path):
    """The heads of a comparison's table, and every explanation has an address."""
    write_run(tmp_path / "runs", "fp8", [4] * 12, n=4)
    write_run(tmp_path / "runs", "ternary", [4, 3, 0] * 4, n=4, day="2026-11-21")
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
