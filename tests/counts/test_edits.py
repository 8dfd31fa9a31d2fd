"""Edits are counted by problem and over the run, with what each turn brought."""

from msgspec import UNSET

from evalsite.counts.edits import CountedEdits, turns_of
from evalsite.rundir.edits import EditCounts, EditTally, EditVerdict
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass


def verdict(kind, problem="a", *turns, well_formed=True, applied=True, form="diff"):
    edit = EditVerdict(
        format=form, well_formed=well_formed, applied=applied, turns=tuple(map(VerdictClass, turns))
    )
    return Verdict(problem=problem, sample=0, verdict=VerdictClass(kind), edit=edit)


OTHER = Verdict(problem="a", sample=0, verdict=VerdictClass.PASSED)


def test_edits_are_counted():
    """Passed at the first turn, and by the end of each further one; others add nothing."""
    counted = CountedEdits()
    rows = [
        verdict("passed"),
        verdict("passed", "a", "wrong_answer", "passed", form="whole"),
        verdict("passed", "b", "passed"),
        verdict("wrong_answer", "b", "edit_does_not_apply", "wrong_answer", applied=False),
        verdict("passed", "b", "wrong_answer", "wrong_answer", "passed", well_formed=False),
        verdict("no_code", "b", well_formed=False, applied=False),
        OTHER,
    ]
    for row in rows:
        counted.add_to_tally(row)
        counted.add(row)
    assert counted.counts() == EditCounts(
        format="diff", samples=6, well_formed=4, applied=4, passed=(2, 3, 4)
    )
    assert counted.tallies == {
        "a": EditTally(well_formed=2, applied=2, first=1),
        "b": EditTally(well_formed=2, applied=2, first=1),
    }


def test_where_nothing_is_an_edit_nothing_is_counted():
    counted = CountedEdits()
    counted.add_to_tally(OTHER)
    counted.add(OTHER)
    assert (counted.counts(), counted.tallies) == (UNSET, {})
    assert turns_of(OTHER) == ("passed",)
