"""Tables as text and as Markdown, and what is dangerous in either defused."""

from evalsite.report.scores import Reported, as_markdown, as_text
from tests.report.helpers import loaded


def test_tables_mark_what_is_not_complete():
    """Beside a complete run's score, an incomplete one must not pass for the same."""
    run = loaded([["passed"], []], status="incomplete")
    for form in (as_text, as_markdown):
        assert "model (baseline, incomplete)" in form([Reported.of(run, run)] * 2)


def test_markdown_defuses_names():
    """A model's name cannot break the table or smuggle HTML in."""
    from evalsite.rundir.schema import Model

    run = loaded([["passed"]], model=Model(name="a|b<img src=x>"))
    text = as_markdown([Reported(run)])
    assert "<img" not in text
    assert "a\\|b" in text
