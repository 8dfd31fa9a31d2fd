"""One problem that changed sides between two runs: both programs beside each other."""

import re

from msgspec import structs

from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from tests.make import BASELINE, CANDIDATE, verdict, write_demo, write_rows, write_run
from tests.site.helpers import PAIR, every_internal_link_resolves

TERNARY = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval"


def test_a_flip_has_a_page_with_both_programs(site):
    """The comparison names it; it shows verdict, error and program of both, and leads on to the next one."""
    overview = (site / PAIR / "index.html").read_text()
    assert '<a href="HumanEval-3/">HumanEval/3</a>' in overview
    assert f'href="../../{TERNARY}/HumanEval-3/#s0"' in overview
    page = (site / PAIR / "HumanEval-3/index.html").read_text()
    assert "8 of 10 samples passed" in page
    assert "0 of 10 samples passed" in page
    assert f'href="../../../{TERNARY}/HumanEval-3/#s0"' in page
    assert "NameError: name &#39;c&#39; is not defined" in page
    assert re.search(r'<pre class="changed baseline">.*?return</span> a \+ b', page, re.DOTALL)
    assert re.search(r'<pre class="changed candidate">.*?total = a \+ c.*?failed here', page, re.DOTALL)
    assert 'rel="next"' in page


def test_a_flip_is_a_page_to_send(site):
    """What was asked is folded; each line has its address; it can be copied, and any sample chosen."""
    page = (site / PAIR / "HumanEval-7/index.html").read_text()
    text = " ".join(page.split())
    assert "<details><summary>Prompt</summary>" in text
    assert '<details id="tests"><summary>Tests, 4 lines</summary>' in text
    assert 'id="baseline-L2"' in page
    assert 'href="#candidate-L2"' in page
    assert page.count("data-choose=") == 20
    assert 'href="https://github.com/toy/results/issues/new?' in page
    told = page.partition('<template class="markdown">')[2].partition("</template>")[0]
    assert told.startswith("[HumanEval/7: broken, −50 points](#flip) (`Toy-Ternary` against `Toy-FP8`)")
    assert "**baseline**: [HumanEval/7, sample 0](https://example.org/results/runs/" in told
    assert "**candidate**: " in told


def test_a_flip_says_what_was_expected_and_what_came(tmp_path):
    """Of the call that failed; on the flip's page, on the sample's, and in what is copied."""
    write_run(tmp_path / "runs", "A", [1], n=1, card=BASELINE, day="2026-11-18")
    other = write_run(tmp_path / "runs", "B", [0], n=1, card=CANDIDATE, day="2026-11-19")
    write_rows(other, [verdict("HumanEval/0", 0, 1, 0)])
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    (flip,) = (tmp_path / "site/compare").glob("*/HumanEval-0/index.html")
    (sample,) = (tmp_path / "site/runs").glob("*--b--*/HumanEval-0/index.html")
    for page in (flip.read_text(), sample.read_text()):
        told = " ".join(re.sub(r"<[^>]*>", " ", page).split())
        assert "Failing test assert candidate(1, 2) == 3 Call add0(1, 2) Expected 3 Got -1" in told
        assert "call: add0(1, 2) expected: 3 got: -1" in told
    assert "Beside the baseline</a>" in sample.read_text()


def test_an_answer_without_a_program_is_shown_in_its_place(tmp_path):
    """Beside the other program, on the page of the flip and of the run: how long it is, its head and tail."""
    write_run(tmp_path / "runs", "A", [1], n=1, card=BASELINE, day="2026-11-18")
    other = write_run(tmp_path / "runs", "B", [0], n=1, card=CANDIDATE, day="2026-11-19")
    row = structs.replace(verdict("HumanEval/0", 0, 1, 0), program="", verdict=VerdictClass.NO_CODE)
    write_rows(other, [row])
    (answer,) = other.completions()
    (other.path / "completions.jsonl").unlink()
    with other.append_completions() as appender:
        appender.append(structs.replace(answer, text="<b>head</b>" + 3000 * "la " + "tail"))
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    pages = [*(tmp_path / "site").glob("compare/*/HumanEval-0/index.html")]
    pages += (tmp_path / "site").glob("runs/*--b--*/HumanEval-0/index.html")
    assert len(pages) == 2
    for page in pages:
        text = page.read_text()
        assert (
            "There is no program. The answer as it came: 9,015 characters, 20 tokens, finish: stop." in text
        )
        assert re.search(
            r'<pre class="text raw">&lt;b&gt;head.*left out here.*la tail</pre>', text, re.DOTALL
        )
        places = [text.index(f'class="{name}"') for name in ("changed baseline", "instead", "text raw")]
        assert places == sorted(places), "it stands beside the other program, not above both"


def test_samples_that_a_page_leaves_out_are_linked_by_their_page(tmp_path):
    """Where a rule thins or archives a run, no link leads to an anchor that is not there."""
    (tmp_path / "runs").mkdir()
    write_demo(tmp_path / "runs")
    for number, rule in enumerate(
        (RunRule(match=("*FP8",), keep="failures"), RunRule(("*FP8",), archive="counts"))
    ):
        output = tmp_path / f"site{number}"
        build_site(tmp_path / "runs", output, options=SiteOptions(rules=(rule,), jobs=1))
        every_internal_link_resolves(output)
        assert (output / PAIR / "HumanEval-3/index.html").is_file() is not (rule.archive == "counts")
