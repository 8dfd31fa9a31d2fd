"""The replay server: the recorded answer to each prompt and sample, on both APIs, streamed or whole."""

import asyncio

import pytest

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.trying import Missing
from evalsite.errors import EndpointError
from evalsite.kinds.prompts import build_prompt
from evalsite.replay.server import Replay, serving
from evalsite.rundir.schema import Completion, Settings
from tests.replay.helpers import PROBLEMS, recorded


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
