"""A run's calls on its page: the report's facts, and a table of groups."""

from evalsite.site.views.calls import calls_of, compared_calls
from evalsite.stats.compare.runs import compare_runs
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


def test_two_runs_stand_in_tables():
    """Right calls and those that fit, with intervals and verdicts; and who calls where, two by two."""
    found = compare_runs(run_with_calls(), run_with_calls())
    shown = compared_calls(found)
    assert [row[0] for row in shown.rows] == ["Right calls (pass@1)", "Calls that fit their schema"]
    assert len(shown.head) == 7
    assert {len(row) for row in shown.rows} == {7}
    assert [row[0] for row in shown.trigger] == ["The baseline calls", "It does not"]
    assert sum(float(cell) for row in shown.trigger for cell in row[1:]) == found.calls.trigger.num_problems
    assert compared_calls(compare_runs(loaded_run([1, 0], 1), loaded_run([1, 1], 1, model="b"))) is None
