"""What did not stay the same while a run was made is told by name, and nothing else is."""

from evalsite.counts.tally import summarize
from evalsite.counts.times import SHOWN_NAMES
from evalsite.rundir.schema import Completion, Sighting, Summary
from evalsite.stats.steadiness import changes_answered, changes_told, changes_within
from tests.make import make_problem, make_record

HERE, THERE = "http://a/v1/completions", "http://b/v1/completions"


def seen(day, endpoint=HERE, **told):
    return Sighting(at=f"2026-01-0{day}T00:00:00Z", endpoint=endpoint, told=told)


def summary_answered_by(*names):
    completions = [
        Completion(problem="Demo/0", sample=sample, text="", form="completion", model=model, fingerprint=mark)
        for sample, (model, mark) in enumerate(names)
    ]
    return summarize(make_record(num_samples=len(names)), [make_problem()], completions, [])


def test_a_steady_server_is_not_worth_a_word():
    """Nor is one that tells nothing, nor a summary of before this was recorded."""
    steady = make_record(sightings=(seen(1, version="b1"), seen(2, version="b1")))
    assert changes_within(steady, summary_answered_by(("m", "fp"), ("m", "fp"))) == ()
    assert changes_within(make_record(sightings=(seen(1), seen(2))), summary_answered_by(("", ""))) == ()
    assert changes_within(make_record(), Summary(run="r", tallies=(), verdicts={})) == ()


def test_an_upgrade_names_every_field_and_the_times_between_which_it_happened():
    """What only one of the two tells is a difference, too; each change is told once."""
    run = make_record(
        sightings=(
            seen(1, version="b1", context="2048"),
            seen(2, version="b1", context="2048"),
            seen(3, version="b2"),
        )
    )
    (said,) = changes_told(run)
    assert said == (
        f"The server {HERE} changed between 2026-01-02T00:00:00Z and 2026-01-03T00:00:00Z: "
        "context 2048 -> untold; version b1 -> b2, which may change what the model answers."
    )


def test_servers_that_share_the_load_are_compared_with_one_another_and_each_with_itself():
    """The second differs from the first one; later only the second is upgraded."""
    run = make_record(
        sightings=(
            seen(1, version="b1"),
            seen(1, THERE, version="b2"),
            seen(2, version="b1"),
            seen(2, THERE, version="b3"),
        )
    )
    between, in_time = changes_told(run)
    assert between.startswith(f"The servers {HERE} and {THERE} differ: version b1 -> b2, ")
    assert in_time.startswith(f"The server {THERE} changed between 2026-01-01")


def test_answers_under_several_names_are_counted():
    """Model id and fingerprint go together; the most frequent pair comes first."""
    summary = summary_answered_by(("m", "fp_1"), ("m", "fp_0"), ("m", "fp_1"))
    assert summary.answered_by == {"m fp_1": 2, "m fp_0": 1}
    (said,) = changes_answered(summary)
    assert "m fp_1 (2), m fp_0 (1)" in said


def test_a_server_with_a_new_fingerprint_for_every_answer_does_not_fill_the_summary():
    """Ten of them are named; the rest is one number."""
    summary = summary_answered_by(*(("m", f"fp_{number}") for number in range(50)))
    assert summary.answered_by is not None
    assert len(summary.answered_by) == SHOWN_NAMES + 1
    assert summary.answered_by["others"] == 50 - SHOWN_NAMES
