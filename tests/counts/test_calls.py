"""Calls are counted by problem, by group and over the run."""

from msgspec import UNSET

from evalsite.counts.calls import CountedCalls, would_pass
from evalsite.rundir.calls import CallCounts, CallGroup, CallsVerdict, CallTally
from evalsite.rundir.schema import Verdict


def verdict(kind, problem="a", **told):
    return Verdict(problem=problem, sample=0, verdict=kind, calls=CallsVerdict(**told))


def test_what_would_pass_with_a_working_parser():
    """What passes, and what leaked and is right."""
    assert would_pass(verdict("passed"))
    assert would_pass(verdict("leaked_call", parsed="passed"))
    assert not would_pass(verdict("leaked_call", parsed="wrong_arguments"))
    assert not would_pass(Verdict(problem="a", sample=0, verdict="wrong_answer"))


def test_calls_are_counted():
    """Excluded problems have a tally alone; where nothing wants calls there are no counts."""
    counted = CountedCalls()
    rows = [
        (verdict("passed", made=1, fitting=1), "x"),
        (verdict("wrong_count", made=3, fitting=2, symptoms=("repeated_call",)), "x"),
        (verdict("leaked_call", "b", parsed="passed", family="hermes"), "y"),
        (verdict("no_call", "b"), "y"),
    ]
    for row, group in rows:
        counted.add_to_tally(row)
        counted.add(row, group)
    counted.add_to_tally(verdict("passed", "excluded", made=1, fitting=1))
    assert counted.counts() == CallCounts(
        made=4, fitting=3, called=2, leaked=1, families={"hermes": 1}, symptoms={"repeated_call": 1},
        groups={"x": CallGroup(samples=2, passed=1, parsed=1), "y": CallGroup(samples=2, passed=0, parsed=1)},
    )  # fmt: skip
    assert counted.tallies == {
        "a": CallTally(made=4, fitting=3, called=2, parsed=1),
        "b": CallTally(made=0, fitting=0, called=0, parsed=1),
        "excluded": CallTally(made=1, fitting=1, called=1, parsed=1),
    }
    others = CountedCalls()
    others.add_to_tally(Verdict(problem="a", sample=0, verdict="passed"))
    others.add(Verdict(problem="a", sample=0, verdict="passed"), "")
    assert (others.counts(), others.tallies) == (UNSET, {})
