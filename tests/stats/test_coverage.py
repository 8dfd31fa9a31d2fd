"""``bench/coverage.py`` judges as the product does, and a part of its table holds at every test."""

import importlib.util
import os
import subprocess
import sys
from math import comb
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from evalsite.stats.compare.numbers import compare
from evalsite.stats.intervals import estimate_pass_at_k

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(params=["worlds", "coverage"])
def bench(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of the bench, which lies beside the package; ``coverage`` is also what measures tests."""
    monkeypatch.syspath_prepend(str(BENCH))
    spec = importlib.util.spec_from_file_location(f"bench_{request.param}", BENCH / f"{request.param}.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # where its dataclasses look for themselves
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("bench", ["worlds"], indirect=True)
@pytest.mark.parametrize(
    ("how", "n", "loss"), [("whole", (10, 10), 0.1), ("even", (3, 20), 0.05), ("mixed", (1, 1), 0.1)]
)
def test_the_bench_judges_pairs_as_the_product_does(
    bench: ModuleType, how: str, n: tuple[int, int], loss: float
) -> None:
    """Many at once and one by one: the same intervals lie above and below the margin."""
    found = 0
    for name, size in (("split", 30), ("easy", 60), ("bimodal", 20), ("deterministic", 40)):
        pairs = bench.pairs_of(bench.POPULATIONS[name], how, loss, n, size, 40)
        full = [np.full(size, number) for number in n]
        intervals = [
            compare(full[0], base, full[1], candidate, ks=[1]).main.interval
            for base, candidate in zip(pairs.base, pairs.candidate, strict=True)
        ]
        for at in (-0.1, -0.05, 0.0):
            above, below = pairs.sides(at)
            for row, interval in enumerate(intervals):
                if at != 0.0:  # there the product asks a second test, too
                    assert (above[row], below[row]) == (interval.low > at, interval.high < at)
                else:
                    assert above[row] >= (interval.low > 0.0)
                    assert below[row] >= (interval.high < 0.0)
                found += above[row] + below[row]
    assert found > 10


@pytest.mark.parametrize("bench", ["worlds"], indirect=True)
@pytest.mark.parametrize(("k", "n", "truth"), [(1, 1, 0.7), (1, 10, 0.93), (10, 20, 0.97)])
def test_the_bench_judges_single_runs_as_the_product_does(
    bench: ModuleType, k: int, n: int, truth: float
) -> None:
    """The same for one run against a threshold."""
    found = 0
    for size in (20, 60):
        generator = np.random.default_rng([k, n])
        easy = generator.random((60, size)) < generator.uniform(0.3, 1.0, (60, 1))
        counts = generator.binomial(n, np.where(easy, 0.97, 0.01))
        above, below = bench.single_sides(n, counts, k, truth)
        for row, c in enumerate(counts):
            interval = estimate_pass_at_k(np.full(size, n), c, k).interval
            assert (above[row], below[row]) == (interval.low > truth, interval.high < truth)
            found += above[row] + below[row]
    assert found > 10


@pytest.mark.parametrize("bench", ["coverage"], indirect=True)
def test_the_exact_rate_is_that_of_all_outcomes(bench: ModuleType) -> None:
    """Twelve greedy problems: every number broken and fixed, by the product's own limits."""
    size, margin, fixed = 12, 0.1, 0.2
    n, expected = np.full(size, 1), 0.0
    for gained in range(size + 1):
        for lost in range(size - gained + 1):
            same = size - gained - lost
            base, candidate = (
                np.repeat([0, 1, 1], [gained, lost, same]),
                np.repeat([1, 0, 1], [gained, lost, same]),
            )
            # By the limit alone: some of these baselines solve so little that no verdict would be "met".
            if compare(n, base, n, candidate, ks=[1], margin=margin).main.interval.low > -margin:
                ways = comb(size, gained) * comb(size - gained, lost)
                expected += ways * fixed**gained * (fixed + margin) ** lost * (1 - 2 * fixed - margin) ** same
    assert 0.0 < expected < 0.05
    assert bench.exact_false_met(size, margin, fixed, 1) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("bench", ["worlds"], indirect=True)
@pytest.mark.parametrize("how", ["whole", "even", "mixed"])
def test_the_worlds_lose_what_they_say(bench: ModuleType, how: str) -> None:
    """Means, second moments and losses of the populations, against a large draw."""
    generator = np.random.default_rng(1)
    for problems in bench.POPULATIONS.values():
        rates = problems.draw(generator, (1, 400_000))
        assert rates.mean() == pytest.approx(problems.mean, abs=0.004)
        assert (rates**2).mean() == pytest.approx(problems.square, abs=0.004)
        lost = bench.moved(generator, problems, how, 0.1, rates)
        assert (rates - lost).mean() == pytest.approx(0.1, abs=0.004)


@pytest.mark.long
def test_a_part_of_the_table_is_as_promised() -> None:
    """The bench itself, with fewer cells and runs: exit code 0, and nothing named as astray."""
    done = subprocess.run(
        [sys.executable, BENCH / "coverage.py", "--quick", "--runs=250"],
        env={**os.environ, "PYTHONPATH": str(BENCH.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith("All as promised.\n"), done.stdout[-2000:] + done.stderr
    assert done.returncode == 0
