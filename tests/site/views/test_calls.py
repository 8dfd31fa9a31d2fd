"""A run's calls on its page: the report's facts, and a table of groups."""

from evalsite.site.views.calls import calls_of
from tests.make import loaded_run
from tests.report.test_calls import run_with_calls


def test_calls_stand_on_a_run_s_page_where_there_are_some():
    """The share that fits has a name there; groups are rows."""
    shown = calls_of(run_with_calls())
    names = [fact.name for fact in shown.facts]
    assert names == ["Calls", "Schema", "Left in the text", "Repeated call"]
    assert shown.head == ("Group", "Samples", "Accuracy", "With a working parser")
    assert shown.rows == (("a", "5", "60.0 %", "100.0 %"), ("b", "5", "60.0 %", "100.0 %"))
    assert calls_of(loaded_run([1, 0], 1)) is None
