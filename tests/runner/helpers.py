"""A plan for a server of the tests, and what carries it out."""

import asyncio

from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.transport import Timeouts
from evalsite.datasets import LoadedDataset
from evalsite.datasets.reading import hash_problems
from evalsite.events import ignore
from evalsite.rundir.schema import Grading, Model, Settings
from evalsite.runner.plan import Plan
from evalsite.runner.produce import produce
from tests.make import make_problem

PROBLEMS = tuple(make_problem(f"Demo/{number}") for number in range(4))

QUICK = Timeouts(request_s=5, first_wait_s=0.01, longest_wait_s=0.05, attempts=3)


def answer(_prompt, seed, _index):
    """Even seeds solve the problem, odd ones do not."""
    return "    return 2 * x\n" if (seed or 0) % 2 == 0 else "    return x\n"


def plan_for(server, *, samples=2, problems=None, temperature=0.5):
    endpoint = parse_endpoint(f"{server.url}/v1/completions")
    return Plan(
        dataset=LoadedDataset("demo", PROBLEMS, hash_problems(PROBLEMS), "test"),
        model=Model(name="model", endpoints=(endpoint.url,)),
        settings=Settings(
            api="completions",
            prompt="completion-v1",
            temperature=temperature,
            top_p=1.0,
            max_tokens=64,
            seed=0,
        ),
        grading=Grading(sandbox="bubblewrap"),
        num_samples=samples,
        max_problems=problems,
    )


def client_for(plan, concurrency=2):
    endpoints = [parse_endpoint(url) for url in plan.model.endpoints]
    return Client(endpoints, plan.settings, model="model", concurrency=concurrency, timeouts=QUICK)


async def carry_out(run_dir, plan, grader, listener=ignore, stop=None):
    async with client_for(plan) as client:
        return await produce(run_dir, client, grader, stop or asyncio.Event(), listener)
