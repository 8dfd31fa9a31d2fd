"""The recordings that evalsite carries: what real models answered to HumanEval, and how fast."""

import gzip

import pytest

from evalsite.distance.store import find_distances
from evalsite.replay.recordings import (
    FIRST_CALLS,
    FIRST_EXERCISE,
    FIRST_STEPS,
    RECORDINGS,
    load_own,
    load_recorded_distance,
    load_recording,
)
from evalsite.rundir.schema import Completion
from scripts.record import pack_distance, pack_recording, recording_of


def test_packing_keeps_what_a_replay_needs_and_is_reproducible():
    """Same completions, same bytes, whatever their order."""
    rows = [
        recording_of(
            Completion(problem="Demo/0", sample=n, text="x", form="response", latency_s=1.23456), turn
        )
        for n in (1, 0)
        for turn in (2, 1)
    ]
    assert pack_recording(rows) == pack_recording(rows[::-1])


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_shipped_recordings_are_whole_and_hold_no_problem(name):
    """Three answers to each of HumanEval's 164 problems; no test of the data set stands in them."""
    model = load_recording(name)
    assert model.about.dataset == "humaneval"
    assert len(model.answers) == 164
    assert {len(answers) for answers in model.answers.values()} == {model.about.num_samples}
    assert model.about.num_samples >= 3
    texts = [answer.text for answers in model.answers.values() for answer in answers]
    assert not any("METADATA" in text for text in texts)
    assert model.about.card.weights_sha256


@pytest.mark.parametrize("name", RECORDINGS)
def test_both_models_answered_the_problems_of_our_own(name):
    """One answer to each, by the same weights as HumanEval's."""
    steps, whole = load_recording(f"{name}-{FIRST_STEPS}"), load_recording(name)
    assert set(steps.answers) == {problem.task_id for problem in load_own(FIRST_STEPS).problems}
    assert len(steps.answers) == 24
    assert {len(answers) for answers in steps.answers.values()} == {1}
    assert steps.about.model == whole.about.model
    assert steps.about.card.weights_sha256 == whole.about.card.weights_sha256


@pytest.mark.parametrize("name", RECORDINGS)
def test_both_models_answered_the_conversations_of_our_own(name):
    """One answer to each, with at least one call among them that a server reported."""
    calls, whole = load_recording(f"{name}-{FIRST_CALLS}"), load_recording(name)
    assert set(calls.answers) == {problem.task_id for problem in load_own(FIRST_CALLS).problems}
    assert len(calls.answers) == 8
    assert calls.about.card.weights_sha256 == whole.about.card.weights_sha256
    assert any(answers[0].calls for answers in calls.answers.values())


def test_a_transcript_was_recorded_turn_by_turn():
    """Of one exercise for an agent, from the first turn on, without a gap."""
    transcript = load_recording(f"{RECORDINGS[0]}-{FIRST_EXERCISE}")
    (problem,) = load_own(FIRST_EXERCISE).problems
    assert problem.kind == "agent"
    answers = transcript.answers[problem.task_id]
    assert [answer.turn for answer in answers] == list(range(1, len(answers) + 1))
    assert 2 <= len(answers) <= transcript.about.settings.max_turns
    assert answers[0].calls


def test_the_recorded_distance_is_of_both_and_replaces_one_that_was_put_there_before(tmp_path):
    """Every place has its word on both sides; what is packed again has the same bytes."""
    recorded = load_recorded_distance()
    assert (recorded.record.base.model.name, recorded.record.candidate.model.name) == RECORDINGS
    places = [{(row.problem, row.at) for row in recorded.named[who]} for who in ("base", "candidate")]
    assert places[0] == places[1]
    assert len(places[0]) == recorded.record.num_positions == 200
    first, again = (recorded.put(tmp_path, ()) for _ in range(2))
    assert [each.path for each in find_distances(tmp_path)] == [first.path] == [again.path]
    assert gzip.decompress(pack_distance(again)) == gzip.decompress(pack_distance(first))
    assert load_recording(RECORDINGS[0]).about.card.weights_sha256 == (
        recorded.record.base.model.card.weights_sha256
    )
