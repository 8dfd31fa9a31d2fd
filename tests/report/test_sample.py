"""Links to paste: what stands in them, and that nothing hostile gets out of them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from markdown_it import MarkdownIt

from evalsite.languages.python import PYTHON
from evalsite.report.failures import as_markdown, as_text, group_failures
from evalsite.report.markup import code_block, code_span
from evalsite.report.sample import (
    MAX_BLOCK,
    MAX_HEADLINE,
    MAX_ISSUE,
    Pasted,
    as_block,
    as_issue,
    as_line,
    headline,
    what_went_wrong,
)
from evalsite.rundir.schema import Model, Verdict
from evalsite.rundir.taxonomy import VerdictClass
from tests.make import make_record

URL = "https://me.github.io/results/runs/a/HumanEval-3/#s2"
REPOSITORY = "https://github.com/me/results"


def sample(**changes):
    """A failed sample with code and error."""
    fields = {
        "problem": "HumanEval/3",
        "sample": 2,
        "verdict": VerdictClass.RUNTIME_ERROR,
        "exception": "NameError",
        "message": "name 'y' is not defined",
        "traceback": 'File "<program>", line 2\nNameError: y',
        "program": "def f(x):\n    return y\n",
    }
    return Pasted(Verdict(**{**fields, **changes}), make_record(model=Model(name="org/m")), PYTHON, URL)


def fields(address):
    """The fields of an issue's address, as GitHub reads them back."""
    parts = urlsplit(address)
    assert parts.path == "/me/results/issues/new"
    return {name: value for name, (value,) in parse_qs(parts.query, keep_blank_values=True).items()}


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
    assert headline(told) == what_went_wrong(told) == "two lines"
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


def test_markup_helpers_agree_with_a_markdown_reader():
    """Whatever the run of backticks, the content comes back."""
    for text in ("a", "`", "``a`", "a ```` b"):
        (inline,) = [token for token in MarkdownIt().parse(code_span(text)) if token.type == "inline"]
        assert [child.content for child in inline.children] == [text]
        (fence,) = MarkdownIt().parse(code_block(text))
        assert fence.content == text + "\n"


def test_an_issue_is_parsed_back_to_its_fields():
    """Title and body without a form; each field of the form with one."""
    plain = fields(as_issue(sample(), REPOSITORY))
    assert set(plain) == {"title", "body"}
    assert plain["title"] == "HumanEval/3: runtime error (org/m, sample 2)"
    assert plain["body"].startswith(URL + "\n\n```python\ndef f(x):")
    filled = fields(as_issue(sample(), REPOSITORY, "eval-failure.yml"))
    assert filled == {
        "template": "eval-failure.yml",
        "title": plain["title"],
        "permalink": URL,
        "run": "org/m on demo",
        "verdict": "runtime error",
        "code": "def f(x):\n    return y\n",
        "error": 'File "<program>", line 2\nNameError: y',
    }


@pytest.mark.parametrize("form", ["", "eval-failure.yml"])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("x = 1\n" * 5000, "short"),
        ("é漢🙂" * 3000, "short"),
        ("x", "E" * 50000),
        ("\n" * 9000, "%&#" * 9000),
        ("\ud800" * 5000, "\x00" * 9000),
    ],
)
def test_long_issues_are_cut_code_first_and_keep_the_link(form, code, error):
    """At most 6,000 bytes encoded; the error is cut only where there is no more code to cut."""
    address = as_issue(sample(program=code, traceback=error), REPOSITORY, form)
    assert len(address.encode()) <= MAX_ISSUE == 6000
    found = fields(address)
    assert found["title"] == "HumanEval/3: runtime error (org/m, sample 2)"
    text = found["permalink"] if form else found["body"]
    assert URL in text
    if error == "short":
        assert "shortened" in (found["code"] if form else found["body"])
        assert "short" in (found["error"] if form else found["body"])
        assert len(address) > MAX_ISSUE - 200, "as much as fits stays"


def test_failures_are_grouped_by_class_the_largest_first():
    """Within a class in the data set's order; those left out are counted."""
    kinds = [VerdictClass.TIMEOUT, VerdictClass.WRONG_ANSWER, VerdictClass.WRONG_ANSWER, VerdictClass.PASSED]
    verdicts = [
        Verdict(problem=f"A/{9 - number}", sample=0, verdict=kind, message="it | broke")
        for number, kind in enumerate(kinds)
    ]
    order = {f"A/{number}": number for number in range(10)}
    groups = group_failures(verdicts, order)
    listed = [(str(kind), [row.problem for row in members]) for kind, members in groups]
    assert listed == [("wrong_answer", ["A/7", "A/8"]), ("timeout", ["A/9"])]
    run = make_record()

    def address(verdict):
        return f"https://x/{verdict.problem}"

    text = as_text(run, groups, 4, address, 1)
    assert text.splitlines()[0] == "3 of 4 samples failed on demo"
    assert "wrong answer: 2\n  A/7 sample 0  it | broke  https://x/A/7\n  and 1 more" in text
    markdown = as_markdown(run, groups, 4, address, 20)
    assert "<summary>wrong answer: 2</summary>" in markdown
    assert "- [A/7, sample 0](https://x/A/7): `it | broke`" in markdown
    assert "- A/9, sample 0: `it | broke`" in as_markdown(run, groups, 4, lambda _: "", 20)
