"""The client of the replay server: the real one, by a clock that goes as much faster as the replay does."""

import asyncio

import pytest

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.kinds.prompts import build_prompt
from evalsite.replay.client import SPEED, ReplayClient
from evalsite.replay.server import Replay, serving
from tests.replay.helpers import PROBLEMS, recorded


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
