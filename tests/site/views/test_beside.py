"""Two samples beside each other: which are chosen, how their programs line up, and where they are shown."""

import re

from evalsite.languages.python import PYTHON
from evalsite.rundir.schema import Tally, Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from evalsite.site.samples import batches, contrast, glances
from evalsite.site.views.beside import stretches
from tests.make import make_record, write_demo
from tests.site.test_pages import every_internal_link_resolves

PAIR = "compare/2026-11-18T10-00-00Z--toy-fp8--humaneval--2026-11-20T10-00-00Z--toy-ternary--humaneval"
CANDIDATE = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"


def verdict(program="", sample=0, passed=True, line=None):
    kind = VerdictClass.PASSED if passed else VerdictClass.RUNTIME_ERROR
    return Verdict(problem="p", sample=sample, verdict=kind, program=program, line=line)


def kinds(base, candidate):
    return [
        (one.kind, [line.number for line in one.base], [line.number for line in one.candidate])
        for one in stretches(verdict(base), verdict(candidate), PYTHON)
    ]


def test_programs_line_up_and_what_they_share_folds():
    """What stands in each other's place shares a row; three lines around a difference stay."""
    base = "\n".join(f"x{i}" for i in range(30))
    candidate = base.replace("x10", "y10\nz10").replace("x20", "y20")
    assert kinds(base, candidate) == [
        ("gap", [], []),
        ("same", [8, 9, 10], [8, 9, 10]),
        ("changed", [11], [11, 12]),
        ("same", [12, 13, 14], [13, 14, 15]),
        ("gap", [], []),
        ("same", [18, 19, 20], [19, 20, 21]),
        ("changed", [21], [22]),
        ("same", [22, 23, 24], [23, 24, 25]),
        ("gap", [], []),
    ]
    assert stretches(verdict(base), verdict(candidate), PYTHON)[0].note == "7 lines that both share"


def test_short_shared_stretches_stay():
    """A single line is not folded: the fold would take its room."""
    assert kinds("a\nb\nc\nd\ne", "a\nb\nc\nd\nf") == [
        ("same", [1, 2, 3, 4], [1, 2, 3, 4]),
        ("changed", [5], [5]),
    ]


def test_the_line_that_failed_is_never_folded():
    """It may well stand far from what differs."""
    base, candidate = verdict("a\n" * 20 + "x\n"), verdict("a\n" * 20 + "y\n", line=2, passed=False)
    assert [one.kind for one in stretches(base, candidate, PYTHON)] == ["same", "changed"]


def test_a_blank_program_has_no_lines():
    """Nothing is made up for an answer without code: no line of it is equal to a blank one."""
    assert kinds("a\n\nb\n", " \n") == [("changed", [1, 2, 3], [])]


def test_each_side_marks_its_own_failing_line():
    """The line where one program failed is marked there alone."""
    (same,) = stretches(verdict("a\nb\n"), verdict("a\nb\n", line=2), PYTHON)
    assert [line.failed for line in same.base] == [False, False]
    assert [line.failed for line in same.candidate] == [False, True]


def seen(*passed):
    rows = [verdict(sample=number, passed=one) for number, one in enumerate(passed)]
    return glances(rows, make_record("run"), SiteOptions())["p"]


def numbers(base, candidate, **how):
    return tuple(one.sample for one in contrast(base, candidate, **how))


def test_the_samples_that_show_the_difference_are_chosen():
    """A pass beside a failure where there are such; turned round where the candidate gained."""
    assert numbers(seen(False, True), seen(True, False)) == (1, 1)
    assert numbers(seen(False, True), seen(True, False), gained=True) == (0, 0)
    assert numbers(seen(False, False), seen(False, True)) == (0, 1)
    assert numbers(seen(True), seen(True)) == (0, 0)
    assert numbers(seen(False), seen(False)) == (0, 0)


def test_a_run_is_read_in_batches_that_fit():
    """No more samples at once than allowed, problems stay whole and in order, none is lost."""
    tallies = [Tally(problem=f"p{i}", n=n, c=0) for i, n in enumerate([3, 3, 3, 9, 0, 1])]
    assert list(batches(tallies, 6)) == [{"p0", "p1"}, {"p2"}, {"p3"}, {"p4", "p5"}]
    assert list(batches([], 6)) == []


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


def test_only_problems_that_crossed_the_half_have_such_a_page(site):
    """The others changed, but stayed on their side; their samples are linked."""
    paged = {path.parent.name for path in (site / PAIR).glob("*/index.html")}
    assert paged == {"HumanEval-2", "HumanEval-3", "HumanEval-7"}
    overview = (site / PAIR / "index.html").read_text()
    assert '<a href="../../problems/HumanEval-1/">HumanEval/1</a>' in overview


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
