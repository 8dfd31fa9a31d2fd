"""Samples to paste: what stands in them, and that nothing hostile gets out of them."""

import re

import pytest
from markdown_it import MarkdownIt

from evalsite.languages.python import PYTHON
from evalsite.report.sample import (
    MAX_BLOCK,
    MAX_HEADLINE,
    Pasted,
    as_block,
    as_line,
    headline,
    what_went_wrong,
)
from evalsite.rundir.schema import Model
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_record
from tests.report.helpers import URL, sample


def test_the_line_says_where_what_and_who():
    """Link, verdict, error, model and data set."""
    assert as_line(sample()) == (
        f"[HumanEval/3, sample 2]({URL}): runtime error, `NameError: name 'y' is not defined` "
        "(`org/m on demo`)"
    )


def test_a_failed_assertion_is_told_by_its_test():
    """The class says that an assertion failed, so the exception's name adds nothing, and the test does."""
    failed = {"verdict": VerdictClass.WRONG_ANSWER, "exception": "AssertionError", "message": ""}
    verdict = sample(**failed, failed_test="assert f(2) ==  4").verdict
    assert (headline(verdict), what_went_wrong(verdict)) == ("", "assert f(2) == 4")
    told = sample(**{**failed, "message": "two\nlines"}, failed_test="assert f(2) == 4").verdict
    assert (headline(told), what_went_wrong(told)) == ("two lines", "assert f(2) == 4: two lines")
    assert as_line(sample(**failed, failed_test="assert f(2) == 4")).endswith(
        "): wrong answer, `assert f(2) == 4` (`org/m on demo`)"
    )


def test_the_failing_test_stands_before_a_traceback_that_does_not_show_it():
    """And only there."""
    failed = {"verdict": VerdictClass.WRONG_ANSWER, "failed_test": "assert f(2) == 4", "program": "x"}
    without = as_block(sample(**failed, traceback="AssertionError"))
    assert without.endswith("```text\nassert f(2) == 4\nAssertionError\n```")
    shown = as_block(sample(**failed, traceback="    assert f(2) == 4\nAssertionError"))
    assert shown.endswith("```text\n    assert f(2) == 4\nAssertionError\n```")


def test_a_long_block_is_cut():
    """A comment on GitHub has to hold it."""
    block = as_block(sample(program="x = 1\n" * 20_000, traceback="e" * 50_000))
    assert len(block) < 2 * MAX_BLOCK + 1000 < 65_536
    assert block.count("shortened") == 2


def test_an_error_without_a_traceback_is_told():
    """As of a program that was ended from outside; a long message is cut in the line, which says so."""
    told = {"exception": "", "message": "killed by SIGSEGV", "traceback": "", "verdict": VerdictClass.CRASHED}
    assert as_block(sample(**told)).endswith("```text\nkilled by SIGSEGV\n```")
    long = headline(sample(**{**told, "message": "m" * 5000}).verdict)
    assert len(long) == MAX_HEADLINE
    assert long == "m" * (MAX_HEADLINE - 1) + "…"


def test_a_pass_has_no_error():
    """Neither in the line nor below the code."""
    passed = sample(verdict=VerdictClass.PASSED, exception="", message="", traceback="")
    assert as_line(passed).endswith("): passed (`org/m on demo`)")
    assert as_block(passed).count("```") == 2


@pytest.mark.parametrize(
    "program", ["```\n# out\n", "````python\n```\n`````", "x = '''```'''", "``` `` ````"]
)
def test_a_fence_inside_does_not_end_the_block(program):
    """A Markdown reader finds the whole program in one block, and nothing outside."""
    tokens = MarkdownIt().parse(as_block(sample(program=program)))
    fences = [token for token in tokens if token.type == "fence"]
    assert [fence.content for fence in fences] == [
        program.rstrip("\n") + "\n",
        'File "<program>", line 2\nNameError: y\n',
    ]
    assert not [token for token in tokens if token.type == "heading_open"]


@pytest.mark.parametrize(
    "message",
    ["`a` ``b``", "@octocat please", "](http://evil)", "<img src=x onerror=alert(1)>", "a\n\n# heading", "`"],
)
def test_hostile_messages_stay_in_their_span(message):
    """No mention, link, image or heading comes of an error message."""
    html = MarkdownIt().render(as_line(sample(message=message)))
    assert re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL) == (
        f'<p><a href="{URL}">HumanEval/3, sample 2</a>: runtime error,  ()</p>\n'
    )


def test_direction_overrides_are_spelled_out():
    """Code and errors never show in another order than they run in."""
    assert "\u202e" not in as_block(sample(program="x = 1 \u202e# 2", message="\u202e", exception="\u202e"))


def test_a_models_name_stays_on_its_line():
    """Whoever made the run directory chose it."""
    hostile = Pasted(sample().verdict, make_record(model=Model(name="m`\n\n# @all")), PYTHON, URL)
    html = MarkdownIt().render(as_line(hostile))
    assert html.count("<p>") == 1
    assert "<h1>" not in html
    assert "<code>m` # @all on demo</code>" in html
