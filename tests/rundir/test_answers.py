"""A verdict belongs to an answer: without it, or beside another one, it is void."""

import hashlib
import json

import pytest
from msgspec.structs import replace

from evalsite.counts.validate import find_faults
from evalsite.rundir.answers import answer_text, drop_void, find_void, hash_completion
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record


def answer(sample=0, **fields):
    plain = {"problem": "Demo/0", "text": "    return 2 * x\n", "form": "completion", "finish_reason": "stop"}
    return Completion(**(plain | {"sample": sample} | fields))


def verdict_on(completion, **fields):
    plain = {"problem": completion.problem, "sample": completion.sample, "verdict": "passed"}
    return Verdict(**(plain | {"completion_sha256": hash_completion(completion)} | fields))


def run_of(folder, completions, verdicts):
    run_dir = RunDir.create(folder, make_record(num_samples=4), [make_problem()])
    with run_dir.append_completions() as appender:
        for completion in completions:
            appender.append(completion)
    run_dir.write_verdicts(verdicts)
    return run_dir


def test_the_hash_is_the_one_that_is_documented():
    """Form, finish reason and text, joined by line feeds, in UTF-8."""
    there = hashlib.sha256("response\nlength\nπ = 3".encode()).hexdigest()
    assert hash_completion(answer(form="response", finish_reason="length", text="π = 3")) == there
    assert hash_completion(answer(finish_reason=None)) == hash_completion(answer(finish_reason=""))


@pytest.mark.parametrize(
    "changes", [{"text": "    return x\n"}, {"finish_reason": "length"}, {"form": "solution"}]
)
def test_whatever_a_verdict_depends_on_is_hashed(changes):
    """A token limit makes a failure `truncated`, and the form decides which program is found."""
    assert hash_completion(answer()) != hash_completion(answer(**changes))


@pytest.mark.parametrize(
    "changes", [{"latency_s": 3.0}, {"attempts": 4}, {"sample": 9}, {"fingerprint": "fp"}]
)
def test_what_does_not_change_a_verdict_is_not_hashed(changes):
    """A verdict does not become void because a time was rounded."""
    assert hash_completion(answer()) == hash_completion(answer(**changes))


def test_void_verdicts_are_named_and_dropped_and_the_others_stay(tmp_path):
    """One without its answer, one beside another answer; the rest to the byte as it was."""
    answers = [answer(n) for n in range(4)]
    run_dir = run_of(tmp_path, answers[:3], [verdict_on(each) for each in answers])
    rows = (run_dir.path / "verdicts.jsonl").read_bytes().splitlines(keepends=True)
    path = run_dir.path / "completions.jsonl"
    path.write_bytes(
        path.read_bytes().replace(
            b'"sample": 1, "text": "    return 2', b'"sample": 1, "text": "    return 3'
        )
    )
    assert [(each.sample, why) for each, why in find_void(run_dir)] == [
        (1, "has a verdict on another completion than the one that is there"),
        (3, "has a verdict but no completion"),
    ]
    faults = find_faults(run_dir)
    assert "verdicts.jsonl: Demo/0 sample 1 has a verdict on another completion" in faults[0]
    assert "verdicts.jsonl: Demo/0 sample 3 has a verdict but no completion" in faults[1]
    assert drop_void(run_dir) == 2
    assert (run_dir.path / "verdicts.jsonl").read_bytes() == rows[0] + rows[2]
    assert drop_void(run_dir) == 0


def test_a_void_verdict_before_a_sound_one_gives_way_to_it(tmp_path):
    """The first row of a sample counts, but only among those that judge its answer."""
    old = answer(0, text="    return 7\n")
    run_dir = run_of(tmp_path, [answer(0)], [verdict_on(old, verdict="wrong_answer"), verdict_on(answer(0))])
    assert drop_void(run_dir) == 1
    assert [each.verdict for each in run_dir.verdicts()] == ["passed"]


def test_a_verdict_of_format_1_belongs_to_the_answer_with_its_key(tmp_path):
    """It carries no hash; without any answer it is void as well."""
    bare = [replace(verdict_on(answer(n)), completion_sha256="") for n in (0, 1)]
    run_dir = run_of(tmp_path, [answer(0)], bare)
    assert [each.sample for each, _ in find_void(run_dir)] == [1]
    assert drop_void(run_dir) == 1
    assert [each.sample for each in run_dir.verdicts()] == [0]


def test_all_that_a_model_said_is_its_words_and_its_calls():
    """As one text, in which calls are JSON."""
    assert answer_text(answer(text="words")) == "words"
    said = answer_text(answer(text="words", calls=(CallPiece(name="add", arguments='{"a": 1}'),)))
    words, _, calls = said.partition("\n")
    (call,) = json.loads(calls)
    assert (words, call["name"], call["arguments"]) == ("words", "add", '{"a": 1}')
