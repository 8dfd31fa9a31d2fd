"""Power, by drawn campaigns."""

import numpy as np
import pytest

from evalsite.counts.passk import luck_at_k
from evalsite.stats.compare.design import Ground, power
from evalsite.stats.compare.paired import paired_interval
from evalsite.stats.plans import published


def test_what_is_vacuous_is_never_planned_to_be_met_and_what_is_small_seldom():
    """However many samples."""
    assert power([published("x", 0.15, 1000).ground], (1, 10), margin=0.1) == (0.0, 0.0)
    assert max(power([published("x", 0.8, 20).ground], (1, 10), margin=0.1, campaigns=60)) < 0.3


def test_the_power_is_that_of_campaigns():
    """Of candidates that lose nothing, drawn from true rates, and judged by the comparison's interval."""
    rng = np.random.default_rng(2)
    ten, one, wins, planned = np.full(164, 10), np.full(164, 1), 0, []
    for seed in range(12):
        rates = rng.beta(2.1, 0.9, 164)
        base = rng.binomial(10, rates)
        ground = Ground("x", tuple(map(str, range(164))), float(base.mean() / 10), (ten, base))
        planned += power([ground], (1,), margin=0.1, campaigns=30, seed=seed)
        for candidate in rng.binomial(1, rates, (30, 164)):
            luck = float((luck_at_k(ten, base, 1) + luck_at_k(one, candidate, 1)).mean())
            wins += paired_interval(candidate - base / 10, luck=luck, least=1.0).low > -0.1
    assert 0.6 < np.mean(planned) < 0.97
    assert np.mean(planned) == pytest.approx(wins / 360, abs=0.08)
