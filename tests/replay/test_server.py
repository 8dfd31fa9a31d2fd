"""The replay server: the recorded answer to each prompt and sample, on both APIs, streamed or whole."""

import asyncio

import pytest

from evalsite.client import Client, Missing, parse_endpoint
from evalsite.errors import EndpointError
from evalsite.kinds.prompts import build_prompt
from evalsite.replay.client import SPEED, ReplayClient
from evalsite.replay.recordings import (
    RECORDINGS,
    About,
    RecordedModel,
    Recording,
    load_recording,
    pack_recording,
)
from evalsite.replay.server import Replay, serving
from evalsite.rundir.schema import Completion, ModelCard, Settings
from tests.make import make_problem

PROBLEMS = [make_problem(f"Demo/{number}", f"double_{number}") for number in range(3)]


def recorded(api, style):
    settings = Settings(api=api, prompt=style, temperature=0.2, top_p=1.0, max_tokens=64, seed=7)
    answers = {
        problem.task_id: tuple(
            Recording(
                problem=problem.task_id, sample=sample, text=f"answer {sample} to {problem.task_id} ✓\n" * 9,
                finish_reason="stop", prompt_tokens=5, completion_tokens=40 + sample,
                latency_s=0.05, first_token_s=0.01,
            )
            for sample in range(2)
        )
        for problem in PROBLEMS
    }  # fmt: skip
    return RecordedModel(About("tiny", "demo", 2, settings, ModelCard()), answers)


async def ask(url, model, settings):
    async with Client([parse_endpoint(url, settings.api)], settings, model="tiny") as client:
        work = [(build_prompt(problem, settings.prompt), (0, 1)) for problem in PROBLEMS]
        return [outcome async for outcome in client.generate(work)]


@pytest.mark.parametrize(("api", "style"), [("completions", "completion-v1"), ("chat", "chat-v1")])
@pytest.mark.parametrize("stream", [True, False])
def test_every_sample_gets_its_own_recorded_answer(api, style, stream):
    """Text, finish reason and token counts are the recorded ones, and times are at least as long."""
    model = recorded(api, style)
    settings = Settings(
        api=api, prompt=style, temperature=0.2, top_p=1.0, max_tokens=64, seed=7, stream=stream
    )
    with serving(Replay([model], PROBLEMS)) as url:
        outcomes = asyncio.run(ask(url, model, settings))
    assert len(outcomes) == 6
    for outcome in outcomes:
        assert isinstance(outcome, Completion)
        meant = model.answers[outcome.problem][outcome.sample]
        assert (outcome.text, outcome.finish_reason) == (meant.text, "stop")
        assert (outcome.prompt_tokens, outcome.completion_tokens) == (5, meant.completion_tokens)
        assert outcome.latency_s >= 0.05
        assert (outcome.first_token_s is not None) == stream


def test_an_unknown_prompt_is_refused_in_words():
    """The replay never invents an answer."""
    model = recorded("chat", "chat-v1")
    other = Settings(api="completions", prompt="completion-v1", temperature=0, top_p=1.0, max_tokens=64)
    with serving(Replay([model], PROBLEMS)) as url, pytest.raises(EndpointError, match="no recorded answer"):
        outcomes = asyncio.run(ask(url, model, other))
        assert not any(isinstance(outcome, Missing) for outcome in outcomes)


def test_packing_keeps_what_a_replay_needs_and_is_reproducible():
    """Same completions, same bytes, whatever their order."""
    rows = [
        Completion(problem="Demo/0", sample=n, text="x", form="response", latency_s=1.23456) for n in (1, 0)
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


def test_the_replays_client_measures_at_the_recorded_pace():
    """Served ten times as fast, by a clock that goes ten times as fast: never less than was recorded."""
    model = recorded("completions", "completion-v1")
    settings = model.about.settings

    async def go():
        endpoint = parse_endpoint(url, settings.api)
        async with ReplayClient([endpoint], settings, model="tiny") as client:
            return await client.complete(build_prompt(PROBLEMS[0], settings.prompt), (0, 1))

    with serving(Replay([model], PROBLEMS, speed=SPEED)) as url:
        found = asyncio.run(go())
    assert pytest.approx(SPEED, rel=1e-3) == ReplayClient.clock() / Client.clock()
    assert len(found) == 2
    for completion in found:
        assert completion.first_token_s >= 0.01
        assert completion.latency_s >= 0.05
