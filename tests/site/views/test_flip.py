"""One problem that changed sides between two runs: both programs beside each other."""

import re

from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from tests.make import write_demo
from tests.site.helpers import PAIR, every_internal_link_resolves

CANDIDATE = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"


def test_a_flip_has_a_page_with_both_programs(site):
    """The comparison names it; it shows verdict, error and program of both, and leads on to the next one."""
    overview = (site / PAIR / "index.html").read_text()
    assert '<a href="HumanEval-3/">HumanEval/3</a>' in overview
    assert f'href="../../{CANDIDATE}/HumanEval-3/#s0"' in overview
    page = (site / PAIR / "HumanEval-3/index.html").read_text()
    assert "8 of 10 samples passed" in page
    assert "0 of 10 samples passed" in page
    assert f'href="../../../{CANDIDATE}/HumanEval-3/#s0"' in page
    assert "NameError: name &#39;c&#39; is not defined" in page
    assert re.search(r'<pre class="changed baseline">.*?return</span> a \+ b', page, re.DOTALL)
    assert re.search(r'<pre class="changed candidate">.*?total = a \+ c.*?failed here', page, re.DOTALL)
    assert 'rel="next"' in page


def test_samples_that_a_page_leaves_out_are_linked_by_their_page(tmp_path):
    """Where a rule thins or archives a run, no link leads to an anchor that is not there."""
    (tmp_path / "runs").mkdir()
    write_demo(tmp_path / "runs")
    for number, rule in enumerate(
        (RunRule(match=("*FP8",), keep="failures"), RunRule(("*FP8",), archive=True))
    ):
        output = tmp_path / f"site{number}"
        build_site(tmp_path / "runs", output, options=SiteOptions(rules=(rule,), jobs=1))
        every_internal_link_resolves(output)
        assert (output / PAIR / "HumanEval-3/index.html").is_file() is not rule.archive
