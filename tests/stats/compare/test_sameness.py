"""One model asked twice under two names gives itself away."""

import dataclasses

import pytest
from msgspec import structs

from evalsite.counts.loaded import load_run
from evalsite.rundir.schema import Completion, Model, ModelCard
from evalsite.rundir.store import RunDir
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.sameness import Texts, compare_texts, same_model_twice
from evalsite.stats.steadiness import answered_by_another
from evalsite.stats.targets import Targets, judge
from evalsite.stats.targets.metrics import parse_metric
from evalsite.stats.targets.schema import Target
from tests.make import loaded_run, make_problem, make_record

PROBLEMS = [make_problem(f"Demo/{number}") for number in range(6)]


def answered(folder, name, texts, *, model_id="", url="http://gpu:8081/v1", samples=1, card=None):
    """A complete run on six problems, ``texts[i]`` being what was answered to problem i."""
    run = make_record(
        f"2026-01-01T00-00-00Z--{name}--demo",
        model=Model(name=name, endpoints=(url,), card=card or ModelCard()),
        num_problems=len(PROBLEMS),
        num_samples=samples,
    )
    run_dir = RunDir.create(folder, run, PROBLEMS)
    with run_dir.append_completions() as appender:
        for problem, text in zip(PROBLEMS, texts, strict=True):
            for sample in range(samples):
                appender.append(
                    Completion(
                        problem=problem.task_id, sample=sample, text=text, form="completion", model=model_id
                    )
                )
    return load_run(run_dir)


TEXTS = [f"    return {number} * x\n" for number in range(6)]
OTHERS = [f"    return x + {number}\n" for number in range(6)]


def test_equal_texts_are_counted(tmp_path):
    """How many of how many; and where greedy answers that differ do so first."""
    base = answered(tmp_path, "base", TEXTS)
    other = answered(tmp_path, "other", TEXTS[:2] + OTHERS[2:])
    found = compare_texts(base, other)
    assert (found.common, found.identical) == (6, 2)
    assert found.first_difference == len("    return ")
    assert found.sentence == (
        "2 of 6 answers (33.3 %) are the same text in both runs; "
        "the others first differ at character 11 (median)."
    )


def test_several_samples_are_told_apart_by_their_digests(tmp_path):
    """Their order means nothing, so there is no first difference."""
    base = answered(tmp_path, "base", TEXTS, samples=2)
    other = answered(tmp_path, "other", TEXTS[:3] + OTHERS[3:], samples=2)
    assert compare_texts(base, other) == Texts(common=12, identical=6, first_difference=None)


def test_one_sample_is_held_against_several(tmp_path):
    """A text against digests: the first sample of each problem is common to both."""
    base = answered(tmp_path, "base", TEXTS)
    other = answered(tmp_path, "other", TEXTS[:4] + OTHERS[4:], samples=3)
    assert compare_texts(base, other) == Texts(common=6, identical=4, first_difference=None)
    assert compare_texts(other, base) == Texts(common=6, identical=4, first_difference=None)


@pytest.mark.parametrize(("texts", "warned"), [(TEXTS, True), ([*TEXTS[:5], "else"], False)])
def test_a_run_whose_texts_are_all_the_same_is_one_model_under_two_names(tmp_path, texts, warned):
    """One text that differs is enough to let it be."""
    base, other = answered(tmp_path, "fp8", TEXTS), answered(tmp_path, "ternary", texts, url="http://b/v1")
    found = compare_runs(base, other)
    assert any("All 6 answers are the same text" in one for one in found.reservations) is warned


def test_one_model_id_at_one_address_is_suspicious(tmp_path):
    """As when the server was not restarted, or answers to any name."""
    base = answered(tmp_path, "fp8", TEXTS, model_id="qwen-fp8.gguf")
    other = answered(tmp_path, "ternary", OTHERS, model_id="qwen-fp8.gguf")
    (sentence,) = [
        one for one in compare_runs(base, other).reservations if "one model under two names" in one
    ]
    assert "answered by qwen-fp8.gguf at http://gpu:8081/v1" in sentence


def test_the_same_id_elsewhere_is_not(tmp_path):
    """Two servers may call their only model the same; and so may two runs of one model."""
    base = answered(tmp_path, "fp8", TEXTS, model_id="model")
    elsewhere = answered(tmp_path, "ternary", OTHERS, model_id="model", url="http://other:8081/v1")
    assert "one model" not in "".join(compare_runs(base, elsewhere).reservations)
    again = answered(tmp_path / "again", "fp8", OTHERS, model_id="model")
    assert "one model" not in "".join(compare_runs(base, again).reservations)


@pytest.mark.parametrize(
    ("asked", "answered_as", "another"),
    [
        ("qwen3-coder-ternary", "qwen3-coder-fp8.gguf", True),
        ("qwen3-coder-ternary", "/models/Qwen3-Coder-Ternary-TQ2_0.gguf", False),
        ("Qwen/Qwen3-Coder", "qwen3-coder", False),
        ("model-a", "", False),
    ],
)
def test_a_model_that_never_was_the_asked_one(tmp_path, asked, answered_as, another):
    """Paths, endings and longer names are the same model; another name is told."""
    run = answered(tmp_path, "x", TEXTS, model_id=answered_as)
    assert bool(answered_by_another(asked, run.summary)) is another


def test_a_target_tells_it_as_a_comparison_does(tmp_path):
    """Whoever reads the gate alone is warned as well."""
    counted = loaded_run([1] * 6, 1, task_ids=[problem.task_id for problem in PROBLEMS]).summary.tallies
    base, other = (
        dataclasses.replace(run, summary=structs.replace(run.summary, tallies=counted))
        for run in (answered(tmp_path, "base", TEXTS), answered(tmp_path, "other", TEXTS))
    )
    targets = Targets((Target("x", parse_metric("degradation"), 10, "below"),), "test")
    (found,) = judge(targets, [other], {other.id: base})
    assert "it is one model under two names" in found.sentence


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("http://gpu:8081/v1/completions", "http://gpu:8081/v1/chat/completions", True),
        ("http://localhost:8081/v1/completions", "http://127.0.0.1:8081/v1/completions", True),
        ("http://[::1]:8081/v1/completions", "http://LOCALHOST:8081/v1", True),
        ("http://gpu:80/v1/completions", "http://gpu/v1/completions", True),
        ("http://gpu:8081/v1/completions", "http://gpu:8082/v1/completions", False),
        ("http://gpu/fp8/v1/completions", "http://gpu/ternary/v1/completions", False),
        ("http://gpu/v1/completions", "https://gpu/v1/completions", False),
        ("http://gpu:99999/v1", "http://gpu:99999/v1", True),
        ("http://gpu:99999/v1", "http://[::1", False),
    ],
)
def test_one_server_is_known_by_whatever_address(tmp_path, one, other, told):
    """By both of its APIs, and by all names of this machine; paths before an API lead to other servers."""
    base = answered(tmp_path, "base", TEXTS, model_id="fp8", url=one)
    candidate = answered(tmp_path, "other", OTHERS, model_id="fp8", url=other)
    said = list(same_model_twice(base, candidate))
    assert bool(said) is told
    assert all(f"Both runs were answered by fp8 at {one}" in each for each in said)
