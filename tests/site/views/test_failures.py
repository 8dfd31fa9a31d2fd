"""Failures as a list that filters: of a run, and of two."""

import re

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from tests.make import write_demo, write_run
from tests.site.helpers import PAIR, RUN, every_internal_link_resolves, pages_of
from tests.site.test_browser import until


def lists(page):
    """The sections of a list, each with its rows in words."""
    text = page.read_text()
    found = {}
    for facet, rows in re.findall(
        r'<section class="listed" id="([^"]*)".*?<ul class="rows">(.*?)</ul>', text, re.DOTALL
    ):
        items = re.findall(r"<li .*?</li>", rows, re.DOTALL)
        found[facet] = [" ".join(re.sub(r"<[^>]*>", " ", item).split()) for item in items]
    return found


def test_a_run_lists_its_failures_by_class(site):
    """Without any script: each with its problem, function, samples and message."""
    found = lists(site / RUN / "failures.html")
    assert list(found) == ["class=wrong_answer", "class=runtime_error"]
    assert found["class=wrong_answer"][0] == (
        "HumanEval/2 add2 · samples 4–5, 7–8 assert candidate(1, 2) == 3: the last call returned -1"
    )
    assert len(found["class=runtime_error"]) == 5


def test_two_runs_list_their_problems_by_what_became_of_them(site):
    """Broken, fixed, both fail, both pass; each problem once, with how either failed."""
    found = lists(site / PAIR / "failures.html")
    assert list(found) == ["status=broken", "status=both_fail", "status=both_pass"]
    assert [len(rows) for rows in found.values()] == [3, 1, 4]
    assert found["status=broken"][1].startswith(
        "HumanEval/3 add3 · 8 of 10 → 0 of 10 candidate: 6 × wrong answer"
    )
    assert 'href="HumanEval-3/"' in (site / PAIR / "failures.html").read_text()


def test_every_count_of_a_class_leads_into_the_list(site):
    """On a run's page, in its table of problems, on a problem's page, and where failures shifted."""
    run, name = (site / RUN / "index.html").read_text(), RUN.split("/")[1]
    assert '<a href="failures.html#class=wrong_answer">21</a>' in run
    assert '<a href="failures.html#class=wrong_answer">4 × wrong answer</a>' in run
    assert '<a href="failures.html#exception=NameError">14 × NameError</a>' in run
    assert '<a href="failures.html">All failures' in run
    problem = (site / "problems/HumanEval-3/index.html").read_text()
    assert f'<a href="../../runs/{name}/failures.html#class=wrong_answer">6 × wrong answer</a>' in problem
    compare = (site / PAIR / "index.html").read_text()
    assert 'href="failures.html#class=wrong_answer"' in compare
    assert 'href="failures.html#was=wrong_answer"' in compare
    assert 'href="failures.html#status=broken"' in compare


def test_an_archived_run_has_no_list_and_no_link_to_one(tmp_path):
    """Nor has a comparison with it."""
    write_demo(tmp_path / "runs")
    options = SiteOptions(rules=(RunRule(("*FP8",), archive="counts"),), jobs=1)
    build_site(tmp_path / "runs", tmp_path / "site", options=options)
    assert every_internal_link_resolves(tmp_path / "site") > 100
    assert not (tmp_path / "site" / PAIR / "failures.html").exists()
    assert (tmp_path / "site" / RUN / "failures.html").exists()
    assert len([page for page in pages_of(tmp_path / "site") if page.name == "failures.html"]) > 1


def test_a_run_without_a_failure_says_so(tmp_path):
    """Its list is there, and empty."""
    write_run(tmp_path / "runs", "A", [1], n=1)
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    (page,) = (tmp_path / "site").glob("runs/*/failures.html")
    assert "Nothing failed." in page.read_text()


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.xdist_group("browser")
def test_chips_and_texts_filter_and_stand_in_the_address(open_page):
    """Together; a view can be linked, programs are searched, too, and a chip lets go of what it chose."""
    page = open_page(f"{RUN}failures.html#class=runtime_error")
    rows = page.locator(".rows li:not([hidden])")
    assert rows.count() == 5
    assert page.locator("[data-count]").text_content() == "14 of 35 samples"
    assert page.locator('[data-facet="class=runtime_error"]').get_attribute("aria-current") == "true"
    page.locator('[data-facet="class=wrong_answer"]').click()
    assert page.url.endswith("#class=wrong_answer")
    assert rows.count() == 4
    page.get_by_label("Text in code or message").fill("ATTEMPT 2")
    until(page, "() => document.querySelectorAll('.rows li:not([hidden])').length === 3")
    assert page.url.endswith("#class=wrong_answer&q=ATTEMPT%202")
    page.reload()
    until(page, "() => document.querySelectorAll('.rows li:not([hidden])').length === 3")
    assert page.locator('[data-facet="exception=NameError"] b').text_content() == "0"
    page.locator('[data-facet="class=wrong_answer"]').click()
    assert page.url.endswith("failures.html#q=ATTEMPT%202")
    page.get_by_label("Text in code or message").fill("nowhere")
    page.get_by_role("button", name="Clear the filters").click()
    assert rows.count() == 9


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.xdist_group("browser")
def test_problems_of_two_runs_filter_by_either_side(open_page):
    """By what became of them, the class in either run, and texts in the programs of both."""
    page = open_page(f"{PAIR}/failures.html#status=broken")
    rows = page.locator(".rows li:not([hidden])")
    assert rows.count() == 3
    page.locator('[data-facet="was=wrong_answer"]').click()
    assert page.url.endswith("#status=broken&was=wrong_answer")
    assert rows.locator("a").all_text_contents() == ["HumanEval/3", "HumanEval/7"]
    page.get_by_label("Text in code or message").fill("attempt 8")
    until(page, "() => document.querySelectorAll('.rows li:not([hidden])').length === 2")
