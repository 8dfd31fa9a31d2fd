"""Addresses of new issues on GitHub that are filled in already."""

import pytest

from evalsite.report.sample import MAX_ISSUE, as_issue
from tests.report.helpers import URL, fields, sample

REPOSITORY = "https://github.com/me/results"


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
