"""Times and tokens of a run: each figure by hand, and why a sample has none."""

import asyncio
from typing import get_args

import pytest
from msgspec import structs

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.counts.loaded import load_run
from evalsite.counts.tally import agrees, rebuild_summary, summarize
from evalsite.counts.times import WHY, Untimed, seconds_per_token, why_untimed
from evalsite.counts.validate import find_faults
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Completion, Dataset, Distribution, Settings, Summary, Verdict
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.stats.targets import judge, named_targets
from tests.make import GRADING, make_problem, make_record
from tests.paced_server import LENGTHS, STEP_S, PacedServer

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

SETTINGS = Settings(api="completions", prompt="completion-v1", temperature=0.8, top_p=1.0, max_tokens=64)


def answer(sample=0, problem="Demo/0", **fields):
    """One of several answers to a request that streamed: 2 seconds to the first token, 11 tokens in 7."""
    plain = {
        "choices": 4, "completion_tokens": 11, "tokens_from": "usage", "latency_s": 7.0, "first_token_s": 2.0,
        "prompt_tokens": 30,
    }  # fmt: skip
    return Completion(problem=problem, sample=sample, text="x", form="completion", **(plain | fields))


def summary_of_rows(*rows, verdicts=(), **changes):
    return summarize(
        make_record(**{"num_samples": 4, "settings": SETTINGS} | changes), [make_problem()], rows, verdicts
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 0.5),  # (7 - 2) / (11 - 1)
        ({"choices": 1}, 0.5),
        ({"choices": 1, "first_token_s": None}, 7 / 11),
        ({"choices": None, "first_token_s": None}, 7 / 11),
        ({"choices": None}, 0.5),
        ({"tokens_from": None}, 0.5),  # another tool's count
        ({"first_token_s": None}, "together"),
        ({"tokens_from": "shared"}, "shared"),
        ({"tokens_from": "shared", "first_token_s": None}, "together"),
        ({"tokens_from": "chunks"}, "uncounted"),
        ({"completion_tokens": None, "tokens_from": None}, "uncounted"),
        ({"latency_s": None}, "unmeasured"),
        ({"completion_tokens": 1}, "short"),
        ({"completion_tokens": 0}, "short"),
        ({"completion_tokens": 0, "choices": 1, "first_token_s": None}, "short"),
        ({"first_token_s": 7.0}, "at once"),
        ({"completion_tokens": 2, "latency_s": 2.5}, 0.5),
    ],
)
def test_a_time_per_token_is_a_samples_own_or_none(fields, expected):
    """After its first token to its own end, over the tokens in between; or the reason why there is none."""
    found = seconds_per_token(answer(**fields))
    assert found == (expected if isinstance(expected, str) else pytest.approx(expected))


@pytest.mark.parametrize("why", [*get_args(Untimed)])
def test_every_reason_has_words(why):
    """As they follow a number of samples, singular or plural."""
    said = [why_untimed(Summary(run="r", tallies=(), verdicts={}, untimed={why: n})) for n in (1, 1640)]
    assert said == [f"1 sample {WHY[why]}", f"1,640 samples {WHY[why]}"]


def test_old_rows_that_may_have_shared_a_request_have_no_time_per_token():
    """They do not say how many choices there were, and counted up to the end of all."""
    old = answer(choices=None)
    assert seconds_per_token(old, together=True) == "together"
    assert summary_of_rows(old).untimed == {"together": 1}
    for alone in ({"num_samples": 1}, {"settings": None, "kind": "imported"}, {"settings": seeded()}):
        assert summary_of_rows(old, **alone).token_s.mean == 0.5


def seeded():
    return Settings(api="chat", prompt="chat-v1", temperature=0.8, top_p=1.0, max_tokens=64, seed=1)


def test_every_figure_by_hand():
    """Four samples of which two have times of their own; the others are counted, not timed."""
    rows = [
        answer(0),
        answer(1, latency_s=12.0, completion_tokens=21),
        answer(2, latency_s=20.0, completion_tokens=8, tokens_from="shared"),
        answer(3, first_token_s=None, completion_tokens=None, tokens_from=None, latency_s=21.0),
    ]
    summary = summary_of_rows(*rows)
    assert (summary.token_s.count, summary.token_s.mean) == (2, 0.5)
    assert summary.untimed == {"shared": 1, "together": 1}
    assert (summary.latency_s.count, summary.latency_s.mean) == (4, 15.0)
    assert (summary.latency_s.p50, summary.latency_s.p95) == (16.0, pytest.approx(20.85))
    assert (summary.first_token_s.count, summary.first_token_s.mean) == (3, 2.0)
    assert summary.completion_tokens == 11 + 21 + 8
    assert summary.prompt_tokens == 4 * 30
    assert summary.tokens_per_s == pytest.approx((11 + 21) / (7.0 + 12.0))
    assert summary.tokens_from == "shared"


@pytest.mark.parametrize(
    ("sources", "least"),
    [
        ([None], None),
        (["usage"], "usage"),
        (["usage", None], "usage"),
        (["usage", "shared", "usage"], "shared"),
        (["shared", "chunks", "usage"], "chunks"),
    ],
)
def test_the_summary_names_the_least_exact_source(sources, least):
    """One share among a thousand counts makes the sum a sum of shares."""
    assert (
        summary_of_rows(*(answer(n, tokens_from=source) for n, source in enumerate(sources))).tokens_from
        == least
    )


def test_one_measurement_has_a_mean_and_no_spread():
    """Nor an error of the mean, which takes two problems."""
    latency = summary_of_rows(answer(0, latency_s=3.0)).latency_s
    assert (latency.count, latency.mean, latency.p50, latency.p95) == (1, 3.0, 3.0, 3.0)
    assert (latency.sd, latency.error) == (None, None)


def test_without_any_measurement_there_is_no_figure():
    """Imported samples: nothing is zero that nobody measured."""
    bare = Completion(problem="Demo/0", sample=0, text="x", form="solution")
    summary = summary_of_rows(bare)
    figures = (summary.token_s, summary.latency_s, summary.first_token_s, summary.tokens_per_s)
    assert figures == (None, None, None, None)
    assert (summary.prompt_tokens, summary.completion_tokens, summary.tokens_from) == (None, None, None)
    assert summary.untimed == {"unmeasured": 1}


def test_samples_of_excluded_problems_without_a_time_are_counted_apart():
    """What an older summary counted together agrees with the rows all the same; another number does not."""
    grading = structs.replace(GRADING, excluded={"Demo/0": "NameError"})
    bare = Completion(problem="Demo/0", sample=0, text="x", form="solution")
    rows = [answer(0), bare, structs.replace(bare, problem="Demo/1")]
    summary = summary_of_rows(*rows, grading=grading)
    assert summary.untimed == {"excluded": 1, "unmeasured": 1}
    assert summary.token_s.count == 1
    older = structs.replace(summary, untimed={"unmeasured": 2})
    assert agrees(older, summary)
    assert not agrees(structs.replace(summary, untimed={"unmeasured": 3}), summary)
    assert not agrees(structs.replace(summary, untimed={"unmeasured": 1, "excluded": 2}), summary)


def test_rules_names_and_execution_times_are_counted():
    """The most frequent first, ties by name; no rule and no name is none."""
    verdicts = [
        Verdict(
            problem="Demo/0", sample=n, verdict=VerdictClass(verdict), rule=rule, wall_s=wall, exception=error
        )
        for n, (verdict, rule, wall, error) in enumerate(
            [
                ("passed", "fenced", 1.0, ""),
                ("runtime_error", "fenced", 2.0, "NameError"),
                ("runtime_error", "continues-prompt", 3.0, "KeyError"),
                ("wrong_answer", "", 6.0, "AssertionError"),
            ]
        )
    ]
    rows = [
        answer(n, model=m, fingerprint=f)
        for n, (m, f) in enumerate([("b", ""), ("a", "fp"), ("", ""), ("b", "")])
    ]
    summary = summary_of_rows(*rows, verdicts=verdicts)
    assert list(summary.rules.items()) == [("fenced", 2), ("continues-prompt", 1)]
    assert list(summary.exceptions.items()) == [("KeyError", 1), ("NameError", 1)]
    assert list(summary.answered_by.items()) == [("b", 2), ("a fp", 1)]
    assert (summary.execution_s.count, summary.execution_s.mean) == (4, 3.0)
    assert (summary.tallies[0].execution_s, summary.tallies[0].n, summary.tallies[0].c) == (3.0, 4, 1)


def test_times_are_added_up_alike_in_every_python():
    """Ten times a tenth is one: from 3.12 on ``sum`` does what only ``math.fsum`` did before."""
    verdicts = [Verdict(problem="Demo/0", sample=n, verdict="passed", wall_s=0.1) for n in range(10)]
    summary = summary_of_rows(verdicts=verdicts, num_samples=10)
    assert summary.tallies[0].execution_s == 0.1


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("n", [1, 10])
def test_the_default_target_judges_ten_milliseconds_as_ten(tmp_path, n, stream):
    """At any n where the server tells each answer's end; else pending, with the reason."""
    run_dir = paced_run(tmp_path, n, stream=stream)
    loaded = load_run(run_dir)
    (result,) = [each for each in judge(BORN_WITH, [loaded]) if each.target.name == "Average latency"]
    if n == 10 and not stream:
        assert loaded.summary.token_s is loaded.summary.tokens_per_s is None
        assert result.decision == "pending"
        assert "50 samples asked for several in a request" in result.sentence
        return
    assert 1000 * STEP_S * 0.9 <= result.actual <= 1000 * STEP_S * 1.1
    assert result.decision == "met"


def paced_run(folder, n, *, stream):
    """Five problems asked of the paced server, by its own clock."""
    settings = Settings(
        api="chat", prompt="chat-v1", temperature=0.8, top_p=1.0, max_tokens=512, stream=stream
    )
    problems = [make_problem(f"Demo/{number}", f"double_{number}") for number in range(5)]
    server = PacedServer()

    class Timed(Client):
        clock = staticmethod(server.clock)

    async def ask():
        async with (
            server,
            Timed([parse_endpoint(server.url, "chat")], settings, model="m", concurrency=1) as client,
        ):
            work = [(build_prompt(problem, "chat-v1"), range(n)) for problem in problems]
            return [outcome async for outcome in client.generate(work)]

    dataset = Dataset(name="demo", sha256="0" * 64, num_problems=5)
    run = make_record(num_samples=n, num_problems=5, dataset=dataset, settings=settings)
    run_dir = RunDir.create(folder, run, problems)
    with run_dir.append_completions() as appender:
        for completion in asyncio.run(ask()):
            appender.append(completion)
    run_dir.write_summary(rebuild_summary(run_dir))
    assert sum(row.completion_tokens for row in run_dir.completions()) <= n * 5 * max(LENGTHS)
    return run_dir


def test_an_old_run_is_as_sound_as_it_was(tmp_path):
    """Its summary lacks what was not counted then, and counts times as they were: no fault of the run's."""
    run_dir = RunDir.create(
        tmp_path, make_record(format=1, num_samples=4, settings=SETTINGS), [make_problem()]
    )
    with run_dir.append_completions() as appender:
        for sample in range(4):
            appender.append(answer(sample, choices=None))
    run_dir.write_verdicts(
        [Verdict(problem="Demo/0", sample=n, verdict="passed", wall_s=1.0) for n in range(4)]
    )
    new = rebuild_summary(run_dir)
    spread = Distribution(count=4, mean=0.5, p50=0.5, p95=0.5)
    old = {
        name: Distribution(count=each.count, mean=each.mean, p50=each.p50, p95=each.p95)
        for name in ("execution_s", "latency_s", "first_token_s")
        if (each := getattr(new, name))
    }
    run_dir.write_summary(
        Summary(
            format=1, run=new.run, tallies=new.tallies, verdicts=new.verdicts, pass_at=new.pass_at,
            prompt_tokens=new.prompt_tokens, completion_tokens=44, tokens_from="usage", token_s=spread,
            tokens_per_s=1.5, **old,
        )
    )  # fmt: skip
    assert find_faults(run_dir) == []
