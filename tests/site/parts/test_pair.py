"""The pages of one comparison: its own, and one for each problem that went over the half."""

from tests.site.helpers import PAIR


def test_only_problems_that_crossed_the_half_have_such_a_page(site):
    """The others changed, but stayed on their side; their samples are linked."""
    paged = {path.parent.name for path in (site / PAIR).glob("*/index.html")}
    assert paged == {"HumanEval-2", "HumanEval-3", "HumanEval-7"}
    overview = (site / PAIR / "index.html").read_text()
    assert '<a href="../../problems/HumanEval-1/">HumanEval/1</a>' in overview
