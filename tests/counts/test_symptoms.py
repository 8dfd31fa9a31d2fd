"""Symptoms in verdicts, counted."""

from msgspec import UNSET

from evalsite.counts.symptoms import CountedLoops, CountedSymptoms, is_looked_at
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.symptoms import EndedLoops, SymptomCounts, Symptoms
from evalsite.rundir.taxonomy import VerdictClass


def row(problem: str, sample: int, *names: str, passed: bool = False, version: str = "1") -> Verdict:
    verdict = VerdictClass.PASSED if passed else VerdictClass.WRONG_ANSWER
    found = Symptoms(version=version, names=names) if version else UNSET
    return Verdict(problem=problem, sample=sample, verdict=verdict, symptoms=found)


def counted(*rows: Verdict) -> CountedSymptoms:
    counts = CountedSymptoms()
    for each in rows:
        counts.add_to_tally(each)
        counts.add(each)
    return counts


def test_what_a_row_says_twice_counts_once() -> None:
    """Or more samples would have a symptom than there are."""
    found = counted(row("a", 0, "loop", "any", "loop"))
    assert found.tally("a") == {"any": 1, "loop": 1}


def test_by_problem_and_in_all() -> None:
    """In the order of the symptoms, those of a newer evalsite last."""
    found = counted(
        row("a", 0, "stopped_early", "loop"),
        row("a", 1, "loop", passed=True),
        row("b", 0, "melancholy"),
        row("c", 0),
    )
    assert found.tally("a") == {"any": 2, "loop": 2, "stopped_early": 1}
    assert (found.tally("b"), found.tally("c"), found.tally("d")) == ({"any": 1, "melancholy": 1}, {}, UNSET)
    counts = found.counts()
    assert counts == SymptomCounts(
        looked_at=4,
        samples={"any": 3, "loop": 2, "stopped_early": 1, "melancholy": 1},
        passed={"any": 1, "loop": 1},
        versions={"1": 4},
    )
    assert is_looked_at(counts, 4)
    assert not is_looked_at(counts, 5)


def test_rows_that_nobody_looked_at() -> None:
    """Add nothing; rows of two versions are not alike."""
    assert counted(row("a", 0, version="")).counts() is UNSET
    assert not is_looked_at(UNSET, 0)
    assert not is_looked_at(counted(row("a", 0), row("a", 1, version="2")).counts(), 2)


def test_answers_that_were_ended_spared_the_rest_of_their_limit() -> None:
    """Of a run that ends none nothing is counted; no answer spares less than nothing."""
    found, none = CountedLoops(100), CountedLoops.of(None)
    for reason, tokens in (("loop", 40), ("loop", None), ("loop", 130), ("stop", 10)):
        answer = Completion(
            problem="a", sample=0, text="x", form="response", finish_reason=reason, completion_tokens=tokens
        )
        found.add(answer)
        none.add(answer)
    assert found.counts() == EndedLoops(answers=3, spared=160)
    assert none.counts() is UNSET
