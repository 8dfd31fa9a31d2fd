"""The soak: a whole run against a server at which every fifth request fails, in every way there is."""

import asyncio
from collections import Counter

import pytest

from evalsite.client.core import Client, seed_for
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.transport import Timeouts
from evalsite.datasets import LoadedDataset
from evalsite.datasets.reading import hash_problems
from evalsite.rundir.schema import Model, Settings
from evalsite.runner.plan import Plan, begin
from evalsite.runner.produce import produce
from tests.faulty_server import STALLS, TRANSIENT, FaultyServer, meant
from tests.make import make_problem

PROBLEMS = tuple(make_problem(f"Demo/{number}", f"double_{number}") for number in range(50))
SEED = 3
IN_A_ROW = 6
"""Faults that meet one sample at most. With as many attempts and a few more, none can be missing."""

LIMITS = Timeouts(idle_s=1, request_s=3, attempts=IN_A_ROW + 6, first_wait_s=0.002, longest_wait_s=0.01)


@pytest.mark.long
@pytest.mark.parametrize(("stream", "samples"), [(True, 50), (False, 30)])
def test_thousands_of_samples_arrive_once_each_and_byte_equal(tmp_path, stream, samples):
    """Stalls, resets, cuts and lies at 20 %: the run is complete, and just as the server meant it."""

    async def soak(server):
        endpoint = parse_endpoint(f"{server.url}/v1/completions")
        plan = Plan(
            dataset=LoadedDataset("demo", PROBLEMS, hash_problems(PROBLEMS), "test"),
            model=Model(name="m", endpoints=(endpoint.url,)),
            settings=Settings(
                api="completions", prompt="completion-v1", temperature=0.8, top_p=1.0, max_tokens=64,
                seed=SEED, stream=stream,
            ),
            grading=None,
            num_samples=samples,
        )  # fmt: skip
        run_dir = begin(plan, tmp_path)
        async with Client([endpoint], plan.settings, model="m", concurrency=48, timeouts=LIMITS) as client:
            with run_dir.lock():
                return run_dir, await produce(run_dir, client, None, asyncio.Event())

    async def go():
        chance = {
            "rate": 0.2,
            "seed": int(stream),
            "faults": TRANSIENT * 2 + STALLS,
            "most_in_a_row": IN_A_ROW,
        }
        async with FaultyServer(**chance, keep_requests=False) as server:
            return *await soak(server), server.committed

    run_dir, produced, committed = asyncio.run(asyncio.wait_for(go(), 1200))
    assert (produced.status, produced.missing, produced.failure) == ("complete", (), None)
    rows = run_dir.keys("completions.jsonl")
    total = len(PROBLEMS) * samples
    assert len(rows) == len(set(rows)) == total >= 1500
    assert {(row.problem, row.sample): row.text for row in run_dir.completions()} == {
        (problem.task_id, sample): meant(problem.prompt, seed_for(SEED, sample))
        for problem in PROBLEMS
        for sample in range(samples)
    }
    assert set(committed) == {*TRANSIENT, *STALLS}
    assert sum(committed.values()) > 0.18 * total
    assert Counter(row.attempts > 1 for row in run_dir.completions())[True] > 0.16 * total
