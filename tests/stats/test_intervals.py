"""Intervals: against scipy, at the edges, and how often they cover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evalsite.counts.passk import luck_at_k, pass_at_k
from evalsite.stats.intervals import (
    BCA,
    CLUSTER,
    WILSON,
    Interval,
    bootstrap_interval,
    estimate_curve,
    estimate_pass_at_k,
    estimate_share,
    mean_interval,
    resampled_means,
    score_limits,
)
from evalsite.stats.unseen import highest, lowest, without_luck

COUNTS = st.lists(st.tuples(st.integers(1, 20), st.integers(0, 20)), min_size=1, max_size=60).map(
    lambda rows: ([n for n, _ in rows], [min(n, c) for n, c in rows])
)


@pytest.mark.parametrize("passed", [0, 1, 8, 82, 163, 164])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_one_greedy_sample_gets_scipys_wilson_interval(passed: int, confidence: float) -> None:
    """With a single sample each, the interval is the plain Wilson interval of the share of problems."""
    c = [1] * passed + [0] * (164 - passed)
    interval = estimate_pass_at_k([1] * 164, c, 1, confidence=confidence).interval
    expected = stats.binomtest(passed, 164).proportion_ci(confidence, method="wilson")
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert interval.method == WILSON


def test_164_problems_give_almost_eight_points_at_one_half() -> None:
    """The figure that everybody should know: 50 % on HumanEval is 50 +- 7.6 points."""
    interval = estimate_pass_at_k([1] * 164, [1] * 82 + [0] * 82, 1).interval
    assert (interval.high - interval.low) / 2 == pytest.approx(0.0756, abs=0.0002)


def test_ten_identical_samples_are_no_more_evidence_than_one() -> None:
    """If every problem's samples agree, ten of them leave the interval as wide as one."""
    solved = np.array([1] * 100 + [0] * 64)
    one = estimate_pass_at_k(np.full(164, 1), solved, 1).interval
    ten = estimate_pass_at_k(np.full(164, 10), 10 * solved, 1).interval
    assert (ten.low, ten.high) == (one.low, one.high)


def test_cluster_interval_agrees_with_the_clustered_standard_error() -> None:
    """Away from the ends, the half width is Student's t times the standard error between problems."""
    rng = np.random.default_rng(3)
    c = rng.binomial(10, rng.beta(2, 2, 1000))
    interval = estimate_pass_at_k(np.full(1000, 10), c, 1).interval
    error = np.std(c / 10, ddof=1) / np.sqrt(1000)
    assert interval.method == CLUSTER
    assert (interval.high - interval.low) / 2 == pytest.approx(stats.t.ppf(0.975, 999) * error, rel=0.005)


def test_few_problems_get_students_t() -> None:
    """With eight problems the variance between them is itself uncertain; by hand around one half.

    All of it being luck; else eight problems say even less about those that were not among them.
    """
    values = np.array([0.2, 0.8, 0.3, 0.7, 0.4, 0.6, 0.5, 0.5])
    size = 0.25 / (np.var(values, ddof=1) / 8)
    quantile = float(stats.t.ppf(0.975, 7))
    interval = mean_interval(values, 80, luck=1.0)
    half = 0.5 * quantile / np.sqrt(size + quantile**2)
    assert (interval.low, interval.high) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-12)
    assert mean_interval(values, 80).low < interval.low


@pytest.mark.parametrize("spread", [0.0, 0.01])
def test_the_evidence_never_outweighs_the_samples(spread: float) -> None:
    """Problems that agree better than independent samples would: 164 x 10 count as 1,640, not as more."""
    values = 0.5 + spread * np.repeat([-1.0, 1.0], 82)
    quantile = float(stats.t.ppf(0.975, 163))
    interval = mean_interval(values, 1640)
    assert interval.high - 0.5 == pytest.approx(0.5 * quantile / np.sqrt(1640 + quantile**2), abs=1e-6)


def test_bca_agrees_with_scipy() -> None:
    """The bootstrap's limits are scipy's BCa limits, up to the noise of resampling."""
    values = np.random.default_rng(5).beta(0.1, 1.5, 30)  # skewed, so that bias and acceleration matter
    interval = bootstrap_interval(values, resamples=20_000)
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="BCa", random_state=1
    ).confidence_interval
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=0.002)
    assert BCA in interval.method


def test_bootstrap_is_the_same_every_time_and_in_any_order() -> None:
    """A fixed seed, and problems sorted first: the same data always give the same interval."""
    values = np.random.default_rng(6).beta(0.5, 0.5, 50)
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert bootstrap_interval(values[::-1]).low == pytest.approx(bootstrap_interval(values).low, abs=1e-12)


def test_bootstrap_of_equal_values_has_no_width() -> None:
    """Nothing to resample: documented, and one reason why it is not the default."""
    interval = bootstrap_interval(np.full(20, 1.0))
    assert (interval.low, interval.high) == (1.0, 1.0)


@given(COUNTS)
@settings(max_examples=150)
def test_the_interval_holds_the_estimate_and_stays_in_range(counts: tuple[list[int], list[int]]) -> None:
    """Whatever the counts: 0 <= low <= value <= high <= 1, for every available k, and some width."""
    n, c = counts
    curve = estimate_curve(n, c, min(n))
    assert np.all(np.isfinite(curve.values))
    assert np.all(curve.low >= 0.0)
    assert np.all(curve.high <= 1.0)
    assert np.all(curve.low <= curve.values + 1e-12)
    assert np.all(curve.values <= curve.high + 1e-12)
    assert np.all(curve.high > curve.low)


@given(COUNTS, st.randoms())
@settings(max_examples=60)
def test_the_order_of_problems_does_not_matter(counts: tuple[list[int], list[int]], random: object) -> None:
    """Relabelling the problems changes nothing."""
    n, c = counts
    order = np.random.default_rng(len(n)).permutation(len(n))
    straight = estimate_pass_at_k(n, c, 1)
    shuffled = estimate_pass_at_k(np.array(n)[order], np.array(c)[order], 1)
    assert shuffled.value == pytest.approx(straight.value, abs=1e-12)
    assert shuffled.interval.low == pytest.approx(straight.interval.low, abs=1e-9)
    assert shuffled.interval.high == pytest.approx(straight.interval.high, abs=1e-9)


def test_a_share_of_samples_counts_every_sample_the_same() -> None:
    """With unequal n the share is a ratio of sums, and problems without samples do not disturb it."""
    estimate = estimate_share([1, 5, 0], [10, 10, 0])
    assert estimate.value == pytest.approx(6 / 20)
    assert estimate.num_problems == 2
    assert estimate_share([1, 3], [2, 10]).value == pytest.approx(4 / 12)


def test_a_share_with_equal_n_is_the_mean_of_the_problems() -> None:
    """Equal samples: the ratio's interval is that of the mean over problems."""
    c = np.random.default_rng(8).binomial(10, 0.3, 164)
    share, mean = estimate_share(c, np.full(164, 10)), estimate_pass_at_k(np.full(164, 10), c, 1)
    assert share.value == pytest.approx(mean.value)
    assert (share.interval.low, share.interval.high) == pytest.approx(
        (mean.interval.low, mean.interval.high), abs=1e-12
    )


def test_missing_data_are_refused() -> None:
    """No problem, no sample, a wrong method: an error, not a number."""
    with pytest.raises(ValueError, match="at least one problem"):
        estimate_pass_at_k([], [], 1)
    with pytest.raises(ValueError, match="at least one problem"):
        estimate_curve([], [], 1)
    with pytest.raises(ValueError, match="at least one sample"):
        estimate_share([0], [0])
    with pytest.raises(ValueError, match="0 or 1"):
        mean_interval(np.array([0.5]), 2, method="wilson")


def test_an_interval_in_another_unit() -> None:
    """Scaling keeps the ends in order, also where the sign turns a gain into a loss."""
    interval = mean_interval(np.array([0.0, 1.0, 1.0]), 3)
    lost = interval.scaled(-100)
    assert (lost.low, lost.high) == (-100 * interval.high, -100 * interval.low)
    assert interval.low in interval
    assert 2.0 not in interval


@pytest.mark.parametrize("k", [1, 10])
@pytest.mark.parametrize("rate", [0.05, 0.5, 0.75, 0.95])
def test_ninety_five_percent_intervals_cover(rate: float, k: int) -> None:
    """Over 800 simulated runs of 164 x 10, coverage is 95 % within simulation error."""
    rng = np.random.default_rng(int(1000 * rate) + k)
    if k == 1:
        rates = rng.beta(3 * rate, 3 * (1 - rate), (800, 164))
    else:
        rates = np.full((800, 164), 1 - (1 - rate) ** (1 / k))
    hits = 0
    for c in rng.binomial(10, rates):
        hits += rate in estimate_pass_at_k(np.full(164, 10), c, k).interval
    assert 0.93 <= hits / 800 <= 0.97


@pytest.mark.parametrize(
    ("k", "n", "truth", "size"),
    [
        (10, 20, 0.9931, 50),
        (10, 20, 0.9931, 164),
        (10, 50, 0.99, 50),
        (1, 10, 0.98705, 50),
        (1, 100, 0.95, 50),
    ],
)
def test_near_the_ceiling_a_limit_is_not_too_good(k: int, n: int, truth: float, size: int) -> None:
    """Where nearly all problems agree, the lower limit lies above the truth in at most 5 % of runs."""
    rng = np.random.default_rng([k, n, size])
    if truth == 0.98705:  # nearly all problems alike, and one in a hundred hard
        rates = np.where(rng.random((600, size)) < 0.99, 0.995, 0.2)
    elif k == 1:
        rates = rng.beta(3 * truth, 3 * (1 - truth), (600, size))
    else:
        rates = rng.beta({0.9931: 2.25, 0.99: 2.1}[truth], 0.75, (600, size))
        truth = float(np.mean(1 - (1 - rng.beta({0.9931: 2.25, 0.99: 2.1}[truth], 0.75, 10**6)) ** k))
    counts = rng.binomial(n, rates)
    too_good = [estimate_pass_at_k(np.full(size, n), c, k).interval.low > truth for c in counts]
    assert np.mean(too_good) <= 0.05


def test_deterministic_problems_keep_the_exact_bound() -> None:
    """Twenty problems that all pass, by samples that agree or nearly: what one unseen failure would cost."""
    n = np.full(20, 100)
    nearly = np.full(20, 100)
    nearly[0] = 99
    interval = estimate_pass_at_k(n, nearly, 1).interval
    assert interval.low < 1 - (1 - 0.05 ** (1 / 20)) * 0.99
    assert estimate_pass_at_k(n, n, 1).interval.low < 0.05 ** (1 / 20)


@pytest.mark.filterwarnings("error")
def test_a_curve_is_made_of_the_single_intervals() -> None:
    """Every k of the band is the interval that the k has by itself."""
    c = np.random.default_rng(11).binomial(12, 0.9, 30)
    curve = estimate_curve(np.full(30, 12), c, 12)
    for k in (1, 5, 11, 12):
        interval = estimate_pass_at_k(np.full(30, 12), c, k).interval
        assert (curve.low[k - 1], curve.high[k - 1]) == (interval.low, interval.high)


def test_a_curve_names_its_methods_in_one_order() -> None:
    """However Python hashes their names: pass@1 of these is no plain share of problems, pass@10 is."""
    curve = estimate_curve([10] * 20, [10] * 10 + [5] * 5 + [0] * 5, 10)
    assert curve.method == f"{CLUSTER}, {WILSON}"


def by_hand(mean: float, effective: float, quantile: float) -> tuple[float, float]:
    """The solutions of the score equation, which Wilson's limits are."""
    a, b, c = 1 + quantile**2 / effective, -2 * mean - quantile**2 / effective, mean**2
    root = np.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


N = np.array([4, 10, 7, 10, 3, 9, 10, 2, 5, 10, 6, 8])
C = np.array([4, 10, 7, 10, 3, 9, 10, 2, 5, 10, 6, 6])


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_of_a_share_is_that_of_a_ratio(confidence: float) -> None:
    """Unequal samples: the linearized variance of a ratio of sums, with luck taken out of the room only."""
    share, total, size = C.sum() / N.sum(), N.sum(), len(N)
    variance = size / (size - 1) * np.sum((C - share * N) ** 2) / total**2
    quantile = stats.t.ppf(0.5 + confidence / 2, size - 1)
    low, high = by_hand(share, share * (1 - share) / variance, quantile)
    pulls = share + (C - share * N) * size / total
    luck = np.mean(C * (N - C) / (N - 1.0) * (size / total) ** 2)
    drawn = share + (pulls - share) * np.sqrt(1 - luck / pulls.var(ddof=1))
    found = estimate_share(np.append(C, 0), np.append(N, 0), confidence=confidence)
    assert (found.num_problems, found.num_samples, found.interval.confidence) == (size, total, confidence)
    assert found.interval.low == pytest.approx(lowest(low, drawn, 0.0, 1 - confidence), abs=1e-9)
    assert found.interval.high == pytest.approx(highest(high, drawn, 1.0, 1 - confidence), abs=1e-9)
    assert found.interval.low < low - 0.001


@pytest.mark.parametrize("k", [1, 3])
def test_the_interval_of_pass_at_k_leaves_room_for_the_unseen(k: int) -> None:
    """Near the ceiling the room decides, of which this k's own luck is taken out."""
    n, c = np.full(20, 10), np.array([10] * 18 + [9, 6])
    values = pass_at_k(n, c, k)
    mean = values.mean()
    effective = min(mean * (1 - mean) / (values.var(ddof=1) / 20), 200)
    low, _ = by_hand(mean, effective, stats.t.ppf(0.975, 19))
    found = estimate_pass_at_k(n, c, k)
    room = lowest(low, without_luck(values, float(luck_at_k(n, c, k).mean())), 0.0, 0.05)
    assert found.interval.low == pytest.approx(room, abs=1e-9)
    assert found.interval.low < low - 0.001
    assert (found.interval.method, found.num_problems, found.num_samples) == (CLUSTER, 20, 200)


def test_the_options_of_an_estimate_arrive() -> None:
    """Confidence, method, resamples and seed, in an estimate and in a curve."""
    n, c = np.full(12, 10), np.array([2, 10, 0, 3, 3, 4, 7, 1, 0, 9, 6, 2])
    drawn = estimate_pass_at_k(n, c, 2, method="bca", resamples=500, seed=3, confidence=0.8).interval
    assert drawn == bootstrap_interval(pass_at_k(n, c, 2), resamples=500, seed=3, confidence=0.8)
    assert drawn.method == f"{BCA} (500 resamples)"
    curve = estimate_curve(n, c, 3, confidence=0.8)
    one = estimate_pass_at_k(n, c, 3, confidence=0.8)
    assert (curve.ks, curve.confidence, curve.values[2]) == ((1, 2, 3), 0.8, one.value)
    assert (curve.low[2], curve.high[2]) == (one.interval.low, one.interval.high)
    plain, cluster = np.array([1.0] * 30 + [0.0] * 10), np.full(40, 10)
    assert estimate_pass_at_k(cluster, 10 * plain.astype(int), 1, method="cluster").interval.method == CLUSTER


def test_the_effective_size_at_its_edges() -> None:
    """One problem, problems that agree on an end, problems that agree within, and pulls beyond the ends."""
    student = float(stats.t.ppf(0.975, 1))
    for values, samples, effective, quantile in (
        ([0.3], 10, 1, student),
        ([0.5, 0.5], 10, 10, student),
        ([-0.5, 1.5], 10, 1, student),
        ([0.4, 0.6], 10, 10, student),
        ([0.0, 1.0], 2, 2, float(stats.norm.ppf(0.975))),
    ):
        low, high = score_limits(np.array(values), samples)
        expected = by_hand(float(np.mean(values)), effective, quantile)
        assert (float(low), float(high)) == pytest.approx(expected, abs=1e-9)
    low, high = score_limits(np.ones(20), 200, 0.95, "cluster")
    assert (float(low), float(high)) == pytest.approx((by_hand(1.0, 20, stats.t.ppf(0.975, 19))[0], 1.0))
    low, high = score_limits(np.zeros(20), 200, 0.95, "cluster")
    assert (float(low), float(high)) == pytest.approx((0.0, by_hand(0.0, 20, stats.t.ppf(0.975, 19))[1]))


def test_many_runs_at_once_have_the_limits_of_each() -> None:
    """Shares of problems and of samples side by side."""
    runs = np.array([[0.0, 1.0, 1.0, 0.0], [0.5, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0], [0.5] * 4])
    low, high = score_limits(runs, 8)
    alone = [score_limits(run, 8) for run in runs]
    assert low.tolist() == [float(one[0]) for one in alone]
    assert high.tolist() == [float(one[1]) for one in alone]


@pytest.mark.parametrize("values", [[0.0, 0.0, 0.1, 0.9], [0.0, 1.0, 1.0, 1.0, 0.5]])
def test_bca_by_hand(values: list[float]) -> None:
    """Efron's formulas on the same resampled means; what is drawn at the mean itself counts half."""
    given = np.array(values)
    mean, means = given.mean(), resampled_means(given, resamples=400, seed=5)
    bias = stats.norm.ppf(np.mean(means < mean) + np.mean(means == mean) / 2)
    jackknife = (given.sum() - given) / (len(given) - 1)
    pulls = jackknife.mean() - jackknife
    acceleration = np.sum(pulls**3) / (6 * np.sum(pulls**2) ** 1.5)
    limits = [
        stats.norm.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))
        for z in stats.norm.ppf([0.05, 0.95])
    ]
    found = bootstrap_interval(given, confidence=0.9, resamples=400, seed=5)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(means, limits)), abs=1e-9)
    assert found.confidence == 0.9


def test_resampled_means_are_drawn_block_by_block() -> None:
    """Few at a time where problems are many; the same as in one piece, and every one of them."""
    values = np.linspace(0.0, 1.0, 500_000)
    drawn = np.random.default_rng(9).integers(0, values.size, size=(5, values.size))
    assert resampled_means(values, resamples=5, seed=9) == pytest.approx(values[drawn].mean(axis=1))


def test_an_interval_holds_its_limits_and_never_shows_minus_zero() -> None:
    """Both ends are in it."""
    interval = Interval(0.0, 0.5, 0.95, "any")
    assert 0.0 in interval
    assert 0.5 in interval
    assert -0.01 not in interval
    assert 0.51 not in interval
    assert str(interval.scaled(-100)) == str(Interval(-50.0, 0.0, 0.95, "any"))
