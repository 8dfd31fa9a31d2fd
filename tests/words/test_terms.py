"""Every word of statistics that is shown is explained, in the glossary and on every site."""

from evalsite.stats import intervals
from evalsite.stats.compare import evidence, paired, signflip
from evalsite.words.terms import TERMS
from tests.conftest import ROOT

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
