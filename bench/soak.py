"""Long nights in minutes: does every sample arrive once, whole, and its own, whatever servers do?

``python bench/soak.py`` asks, against servers on loopback that depend on chance (``--seed``):

* 5,000 samples one by one, each fifth request met by one of 18 kinds of fault;
* 5,000 samples, 31 choices a request, three of ten requests met by a fault;
* 100 samples at 32 in flight from a gateway that lets one request pass a second (``--pace`` other numbers a
  second), with and without ``Retry-After``: all have to arrive, in at most 1.25 times the ideal time;
* 2,000 samples while the gateway loses its backend three times.

It prints what was met, and exits with 1 where a sample is missing, doubled, cut or another's, or too late.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from evalsite.client.core import Client, seed_for
from evalsite.client.endpoints import parse_endpoint
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from evalsite.rundir.schema import Completion, Prompt, Settings
from tests.faulty_server import STALLS, TRANSIENT, FaultyServer, meant
from tests.gateway import Gateway

IN_A_ROW = 6
ENOUGH = 1.25
LIMITS = Timeouts(
    idle_s=3,
    request_s=5,
    attempts=IN_A_ROW + 6,
    first_wait_s=0.002,
    shortest_wait_s=0.001,
    longest_wait_s=0.01,
)


def prompts(count: int) -> list[Prompt]:
    """Return as many prompts."""
    return [Prompt(problem=f"T/{n}", text=f"def f{n}(x):\n", form="completion") for n in range(count)]


def settings(seed: int | None) -> Settings:
    """Return the settings of every request."""
    return Settings(
        api="completions", prompt="completion-v1", temperature=0.8, top_p=1.0, max_tokens=64, seed=seed
    )


async def ask(
    url: str, chosen: Settings, work: Sequence[tuple[Prompt, range]], limits: Timeouts, concurrency: int
) -> list[Completion | Missing]:
    """Ask for all of it."""
    asking = Client([parse_endpoint(url)], chosen, model="m", timeouts=limits, concurrency=concurrency)
    async with asking:
        return [each async for each in asking.generate(work)]


def wrong(
    got: Sequence[Completion | Missing], work: Sequence[tuple[Prompt, range]], seed: int | None
) -> list[str]:
    """Say what is wrong with what came."""
    texts = {prompt.problem: prompt.text for prompt, _ in work}
    keys = [(each.problem, each.sample) for each in got]
    wanted = {(prompt.problem, sample) for prompt, samples in work for sample in samples}
    found = [f"{each.problem} {each.sample}: {each.error}" for each in got if isinstance(each, Missing)]
    if len(keys) != len(set(keys)) or set(keys) != wanted:
        found.append(f"{len(keys)} outcomes for {len(wanted)} samples")
    for each in got:
        if isinstance(each, Missing):
            continue
        text = texts[each.problem]
        able = (
            {meant(text, seed_for(seed, each.sample))}
            if seed is not None
            else {meant(text, None, index) for index in range(32)}
        )
        if each.text not in able:
            found.append(f"{each.problem} {each.sample}: not what was meant")
    return found


async def faults(chance: int, *, seed: int | None, rate: float) -> list[str]:
    """5,000 samples from a server that fails by chance."""
    each = 100 if seed is not None else 31
    work = [(prompt, range(each)) for prompt in prompts(5000 // each + (seed is None))]
    kinds = TRANSIENT + STALLS
    async with FaultyServer(
        rate=rate, seed=chance, faults=kinds, most_in_a_row=IN_A_ROW, keep_requests=False
    ) as server:
        got = await ask(server.url, settings(seed), work, LIMITS, 48)
    met = sum(server.committed.values())
    print(f"  {len(got):,} samples, {met:,} faults of {len(server.committed)} kinds")
    return wrong(got, work, seed)


async def limited(per_s: float, tells: str) -> list[str]:
    """100 samples from a gateway that lets so many requests pass a second, one at a time."""
    work = [(prompt, range(1)) for prompt in prompts(100)]
    async with FaultyServer() as server, Gateway(server.url, per_s=per_s, tells=tells) as gateway:
        began = time.monotonic()
        got = await ask(gateway.url, settings(1), work, Timeouts(), 32)
        took = (time.monotonic() - began) * per_s / 99
    print(f"  {tells or 'nothing told'}: {took:.2f} of the ideal time, {gateway.refused} requests refused")
    late = [f"{took:.2f} of the ideal time (at most {ENOUGH})"] if took > ENOUGH else []
    return wrong(got, work, 1) + late


async def outages() -> list[str]:
    """2,000 samples, while three times nobody stands behind the gateway."""
    work = [(prompt, range(10)) for prompt in prompts(200)]
    async with FaultyServer(latency_s=0.01) as server, Gateway(server.url) as gateway:
        asked = asyncio.create_task(ask(gateway.url, settings(1), work, Timeouts(first_wait_s=0.05), 16))
        for answer in ((503, "no healthy upstream"), (404, "Not Found"), (502, "<h1>Bad Gateway</h1>")):
            while gateway.passed < 300 and not asked.done():
                await asyncio.sleep(0.01)
            gateway.answer, gateway.passed = answer, 0
            await asyncio.sleep(1)
            gateway.answer = None
        got = await asked
    print(f"  {len(got):,} samples, {gateway.turned_away} requests turned away")
    return wrong(got, work, 1)


def main() -> None:
    """Run all of it, print, and exit with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="of what befalls the requests (default 0)")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="requests a second of the gateway (default 1)"
    )
    options = parser.parse_args()
    found: list[str] = []
    for what, coroutine in (
        ("one sample a request, a fault in five", faults(options.seed, seed=3, rate=0.2)),
        ("31 choices a request, three faults in ten", faults(options.seed, seed=None, rate=0.3)),
        (f"{options.pace:g} requests a second, with Retry-After", limited(options.pace, "Retry-After")),
        (f"{options.pace:g} requests a second, without", limited(options.pace, "")),
        ("a gateway that loses its backend", outages()),
    ):
        print(f"{what}:", flush=True)
        mistakes = asyncio.run(coroutine)
        found += mistakes
        for mistake in mistakes[:5]:
            print(f"  WRONG: {mistake}")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
