"""Several candidates of one baseline, judged together and each by itself."""

import json

import pytest

from evalsite.errors import UsageError
from evalsite.report.targets import as_json, as_text
from evalsite.stats.targets import Standing, families, judge, parse_targets
from tests.make import loaded_run
from tests.stats.targets.helpers import against, target

LOSS = ('metric = "degradation"', "margin = 10")
TOGETHER = (*LOSS, 'family = "simultaneous"')
LOST = {"none": 0, "some": 8, "much": 60}


def judged(lines, lost, **fields):
    base = loaded_run([1] * 200, 1, model="fp8", id="base")
    runs = [
        loaded_run([0] * gone + [1] * (200 - gone), 1, model=name, id=name, **fields)
        for name, gone in lost.items()
    ]
    return judge(target(*lines), [base, *runs], against(base, *runs))


def test_who_is_met_by_a_hair_is_not_met_among_many():
    """Holm's: the surest is held to the strictest limit, and what misses goes on missing."""
    results = {one.model: one for one in judged(TOGETHER, LOST | {f"copy {i}": 10 for i in range(4)})}
    assert [results[name].decision for name in LOST] == ["met", "met", "missed"]
    barely = judged(TOGETHER, {"barely": 11} | {f"copy {i}": 20 for i in range(5)})[0]
    assert (barely.plain, barely.together, barely.decision) == ("met", "inconclusive", "inconclusive")
    assert barely.sentence.endswith("of 6 candidates judged together (Holm) these data cannot tell.")
    assert barely.num_candidates == 6


def test_of_very_many_a_further_one_changes_no_sentence(monkeypatch):
    """Their number is told up to a limit, so that the page of each outlasts the next run."""
    monkeypatch.setattr(families, "MOST_COUNTED", 5)
    told = {
        judged(TOGETHER, {"barely": 11} | {f"copy {i}": 20 for i in range(more)})[0].sentence
        for more in (5, 6)
    }
    assert len(told) == 1
    assert "of more than 5 candidates judged together" in told.pop()


def test_each_by_itself_unless_told_and_both_are_shown():
    """The key says which gates."""
    barely = judged(LOSS, {"barely": 11} | {f"copy {i}": 20 for i in range(5)})[0]
    assert (barely.decision, barely.together) == ("met", "inconclusive")
    assert "it would be inconclusive, as any of them may be lucky" in barely.sentence
    standing = Standing.of([barely])
    assert "beside it stands what holds of all of them together (Holm). They differ of barely." in as_text(
        standing, "t", lambda _run: ""
    )
    agreed = Standing.of(judged(LOSS, {"one": 0, "two": 0}))
    assert "together (Holm). They agree.\n" in as_text(agreed, "t", lambda _run: "")
    assert "Each candidate is judged by itself" in as_text(standing, "t", lambda _run: "")
    row = json.loads(as_json(standing, "t", lambda _run: ""))["targets"][0]
    assert (row["decision"], row["alone"], row["together"], row["num_candidates"]) == (
        "met",
        "met",
        "inconclusive",
        6,
    )


def test_how_candidates_were_judged_is_one_sentence():
    """Of targets that do it alike, and of those that do not."""
    lost = {"one": 0, "two": 0}
    together, each = judged(TOGETHER, lost), judged(LOSS, lost)
    assert families.of_families(together).startswith("Candidates of one baseline are judged together (Holm):")
    assert families.of_families(each).startswith("Each candidate is judged by itself;")
    assert families.of_families([*together, *each]) == (
        "Some targets judge candidates together (Holm), others each by itself, with the other beside it."
    )
    assert families.of_families(judged(LOSS, {"one": 0})) == ""


def test_one_candidate_is_no_family():
    """Nor is a target without a baseline's run, nor what is pending."""
    (alone,) = judged(TOGETHER, {"barely": 11})
    assert (alone.decision, alone.together, alone.num_candidates) == ("met", None, 1)
    waiting = judged(TOGETHER, {"one": 11, "two": 11}, status="running")
    assert {one.together for one in waiting} == {None}


@pytest.mark.parametrize("way", [("relative = 0.9",), ("margin = 10", "two_sided = true")])
def test_other_ways_have_families_too(way):
    """A share kept, and equivalence."""
    lines = ('metric = "degradation"', *way, 'family = "simultaneous"')
    results = judged(lines, {"barely": 11} | {f"copy {i}": 20 for i in range(5)})
    assert (results[0].plain, results[0].together) == ("met", "inconclusive")


def test_the_file_may_say_it_for_all():
    """As confidence; a target may say otherwise, and what cannot be meant is refused."""
    rows = '[[target]]\nname = "{}"\nmetric = "degradation"\nmargin = 10\n'
    text = 'family = "simultaneous"\n' + rows.format("a") + rows.format("b") + 'family = "each"\n'
    assert [row.family for row in parse_targets(text, "t").rows] == ["simultaneous", "each"]
    with pytest.raises(UsageError, match="family: must be 'each' or 'simultaneous'"):
        target(*LOSS, 'family = "all"')
