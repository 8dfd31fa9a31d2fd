"""The chances behind what would settle an open question, held against scipy's reckoning of the same."""

import math
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import beta, norm, t, truncnorm

from evalsite.stats.compare.noise import Noise
from evalsite.stats.compare.planning import Needed, Open, Reach, needed, open_question
from evalsite.stats.intervals import Interval

NOISE = Noise(num_problems=200, total=0.2, prediction=0.08, share_error=0.1)


def question(**changes) -> Open:
    fields = {
        "gap": -0.03,
        "is_open": True,
        "within": 0.1,
        "num_samples": 4,
        "noise": NOISE,
        "variance": 0.25,
        "ends": (0.9, 1.2),
        "rooms": (0.02, 0.05),
        "confidence": 0.95,
    }
    return Open(**{**fields, **changes})


def beyond(mean: float, spread: float, low: float, high: float) -> float:
    """How often a normal figure lies further from the margin than its limit reaches, on either side."""
    return float(norm.sf(low, mean, spread) + norm.cdf(-high, mean, spread))


def left_open(seen: float, error: float, low: float, high: float) -> list[float]:
    """Sixteen of the truths between two bounds, each as likely as the others."""
    cut = truncnorm((low - seen) / error, (high - seen) / error, seen, error)
    return [float(cut.ppf((step + 0.5) / 16)) for step in range(16)]


@pytest.mark.parametrize("problems", [1, 30, 201, 5000])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_chance_by_problems_is_an_average_over_truths(problems: int, confidence: float) -> None:
    """Few problems leave more room for those not seen than their spread does, many less."""
    asked = question(confidence=confidence)
    error, unseen = math.sqrt(0.25 / problems), 1 - (1 - confidence) ** (1 / problems)
    reach = norm.ppf(0.5 + confidence / 2) * error
    low, high = max(reach, 0.9 * unseen), max(reach, 1.2 * unseen)
    truths = left_open(-0.03, math.sqrt(0.25 / 200), -0.1, 0.1)
    expected = np.mean([beyond(truth, error, low, high) for truth in truths])
    assert asked.with_problems(problems) == pytest.approx(expected, rel=1e-9)


def by_bayes(asked: Open, samples: int, luck: float, low: float, high: float) -> float:
    """The chance with so many samples of each, those at hand among them, and so much luck in those."""
    size = asked.noise.num_problems
    own, blur = asked.variance / size - luck / size, luck / size
    prior = (0.8 * asked.within) ** 2 + own
    share = prior / (prior + blur)  # of the figure that is believed
    new = samples - asked.num_samples
    # What is asked anew lies around what is believed, and is blurred by the belief's error and its own luck.
    believed, error = share * asked.gap, 1 / (1 / prior + 1 / blur)
    mean = (asked.num_samples * asked.gap + new * believed) / samples
    spread = new / samples * math.sqrt(error + blur * asked.num_samples / new)
    reach = norm.ppf(0.5 + asked.confidence / 2) * math.sqrt(own + blur * asked.num_samples / samples)
    return beyond(mean, spread, max(reach, low), max(reach, high))


@pytest.mark.parametrize("samples", [5, 12, 400])
@pytest.mark.parametrize("share", [0.1, 0.6, 1.0])
def test_the_chance_by_samples_is_the_posteriors(samples: int, share: float) -> None:
    """A normal prior, what was seen, and what more samples would add; the rooms bound it, near and far."""
    for rooms in ((0.02, 0.05), (0.08, 0.01)):
        found = question(rooms=rooms).with_samples(samples, share)
        expected = by_bayes(question(), samples, share * 0.2, *rooms)
        assert found == pytest.approx(expected, rel=1e-9)
    unseen = 1 - 0.05 ** (1 / 200)
    expected = by_bayes(question(), samples, share * 0.25, 0.9 * unseen, 1.2 * unseen)
    assert question().with_samples_at_best(samples, share) == pytest.approx(expected, rel=1e-9)


def test_without_luck_samples_change_nothing() -> None:
    """What was seen is what will be seen: decided where it lies beyond its limits, and else never."""
    assert question(gap=-0.1).with_samples(40, 0.0) == pytest.approx(1.0)
    assert question(gap=-0.06).with_samples(40, 0.0) == pytest.approx(0.0)


def asked(values: list[float], low: float, high: float, **changes) -> Open:
    """An open question about so many values, whose interval has these limits."""
    fields = {"threshold": 0.7, "margin": 0.1, "num_samples": 2, "noise": Noise(len(values), 0.2), **changes}
    return open_question(np.array(values), Interval(low, high, 0.95, "any"), **fields)


def test_one_further_problem_that_changed_keeps_the_variance_from_none() -> None:
    """As likely won as lost: by hand, and by one draw where nothing was seen to change."""
    assert asked([1.0, 0.0, 0.5, 0.0], 0.1, 0.9).variance == pytest.approx((1.25 + 0.5) / 5 - 0.4**2)
    changed = asked([-0.5, 0.0, 0.25, 0.0], -0.2, 0.2, ends=(-1.0, 1.0))
    assert changed.variance == pytest.approx((0.3125 + 0.5) / 5 - 0.05**2)
    assert asked([0.0] * 4, -0.2, 0.2, ends=(-1.0, 1.0)).variance == pytest.approx(0.5 / 5)
    assert asked([0.0] * 4, -0.2, 0.2, ends=(-1.0, 1.0), num_samples=1).variance == pytest.approx(1 / 5)


def test_what_is_asked_is_how_far_the_figure_lies_from_its_margin() -> None:
    """The gap has a sign; the ends are seen from the figure; no margin is taken for less than a point."""
    found = asked([-1.0, 0.0, 0.0, 0.0], -0.4, -0.1, threshold=-0.1, ends=(-1.0, 1.0), margin=0.001)
    assert found.gap == pytest.approx(-0.15)
    assert found.ends == pytest.approx((0.75, 1.25))
    assert (found.within, found.confidence, found.num_samples) == (0.01, 0.95, 2)
    assert asked([1.0, 0.0], 0.1, 0.9, margin=0.02).within == 0.02


@pytest.mark.parametrize(
    ("low", "high", "is_open"), [(0.7, 0.9, True), (0.5, 0.7, True), (0.71, 0.9, False), (0.5, 0.69, False)]
)
def test_a_question_is_open_where_its_interval_reaches_the_margin(low, high, is_open) -> None:
    """A limit that lies on it leaves it open."""
    assert asked([1.0, 0.5], low, high).is_open == is_open


def test_the_rooms_are_the_exact_limits() -> None:
    """Of problems plainly won or lost, Clopper and Pearson's; where luck is all, the rule of three."""
    plain = asked([1.0] * 8 + [0.0] * 2, 0.5, 0.9)
    exact = 0.8 - beta.ppf(0.05, 8, 3), beta.ppf(0.95, 9, 2) - 0.8
    assert plain.rooms == pytest.approx(exact, abs=1e-9)
    lucky = asked([0.75] * 5 + [0.85] * 5, 0.5, 0.9, noise=Noise(10, 0.2, prediction=1.0))
    unseen = 1 - 0.05**0.1
    assert lucky.rooms == pytest.approx((0.8 * unseen, 0.2 * unseen), abs=1e-9)


def told(
    problems: int = 200,
    samples: int = 4,
    *,
    noise: Noise = NOISE,
    half: float = math.inf,
    most: float = math.inf,
    by_samples: Callable[[float, float], float] = lambda number, share: 0.0,
    at_best: Callable[[float, float], float] = lambda number, share: 1.0,
) -> Needed:
    """What is needed where from ``half`` and ``most`` problems on so many campaigns are decided."""
    asked = SimpleNamespace(
        noise=Noise(problems, noise.total, prediction=noise.prediction, share_error=noise.share_error),
        num_samples=samples,
        with_problems=lambda number: 0.5 * (number >= half) + 0.3 * (number >= most),
        with_samples=by_samples,
        with_samples_at_best=at_best,
    )
    return needed(asked)


@pytest.mark.parametrize(
    ("now", "least", "expected"),
    [
        (3, 4, 4),
        (3, 7, 7),
        (90, 99, 99),
        (90, 101, 100),
        (90, 149, 150),
        (100, 101, 110),
        (10, 1234, 1200),
        (10, 1251, 1300),
        (1220, 1234, 1300),
        (164, 987_654, 990_000),
        (900_000_000, 1_500_000_000, 1_500_000_000),
        (164, 10**11, None),
    ],
)
def test_the_least_number_is_found_and_told_in_two_digits(now: int, least: int, expected: int | None) -> None:
    """Rounded, never to what is there; None where no number in reach will do."""
    assert told(now, half=least).problems == Reach(expected, None)
    assert told(now, half=least, most=least).problems == Reach(expected, expected)


def test_samples_are_told_for_an_average_over_shares_of_luck() -> None:
    """Of enough problems; as far as a hundred times what is there."""
    grows = {"by_samples": lambda number, share: number / 399 * share}
    assert told(**grows).samples == 500  # 0.5 / 0.4 * 399, rounded, as the shares lie around 0.4
    assert told(149, **grows).samples is None
    assert told(150, **grows).samples == 500
    assert told(samples=2, **grows).samples is None
    alone = Noise(200, 0.2, prediction=0.08)
    assert told(noise=alone, by_samples=lambda number, share: number / 19.8 * share).samples == 25
    assert told(noise=Noise(200, 0.2), **grows).samples is None
    nothing_varies = Noise(200, 0.0, prediction=0.0)
    assert told(noise=nothing_varies, by_samples=lambda _, share: 1.0 - share).samples == 5


@pytest.mark.parametrize(
    ("best", "bound"),
    [
        (0.0049, 0.0),
        (0.005, 0.2),
        (0.149, 0.2),
        (0.15, 0.5),
        (0.329, 0.5),
        (0.33, None),
    ],
)
@pytest.mark.parametrize("noise", [NOISE, Noise(200, 0.2)])
def test_a_bound_is_told_of_the_chance_at_best(best: float, bound: float | None, noise: Noise) -> None:
    """Coarse: with room between the chance and what is told of it."""
    assert told(noise=noise, at_best=lambda number, share: best).at_most == bound


def test_at_best_all_that_may_be_luck_is() -> None:
    """Any number of samples by the upper limit of luck's share; where nothing is known, ten, all luck."""
    tried: list[tuple[float, float]] = []

    def at_best(number: float, share: float) -> float:
        tried.append((number, share))
        return 0.4 * (number == 12)

    assert told(at_best=at_best).at_most is None  # the best of all, which is not the last
    assert [share for _, share in tried] == pytest.approx([0.4 + 0.1 * t.ppf(0.975, 199)] * 9)
    assert [number for number, _ in tried] == pytest.approx([4.8, 6, 8, 12, 20, 40, 120, 400, 4e6])
    tried.clear()
    told(noise=Noise(200, 0.2), at_best=at_best)
    assert tried == [(10, 1.0)]
    tried.clear()
    told(noise=Noise(200, 0.2, prediction=0.08), at_best=at_best)
    assert {share for _, share in tried} == {0.0}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "more than 1,000,000,000 problems of this kind (now 1,640) in half of such cases; "),
        (
            {"problems": Reach(2000, None)},
            "about 2,000 problems of this kind (now 1,640) in half of such cases; ",
        ),
        (
            {"problems": Reach(2000, 3000)},
            "about 2,000 problems of this kind (now 1,640) in half of such cases, about 3,000 in 80 %; ",
        ),
        (
            {"samples": 4000, "at_most": 0.2},
            "; or about 4,000 samples of each of these (now 1,000) in a quarter to two thirds. ",
        ),
        ({"at_most": 0.0}, "; more samples of these alone hardly ever. "),
        ({"at_most": 0.2}, "; more samples of these alone in less than a fifth. "),
        ({}, "; how far more samples of these alone would go, these data cannot tell. "),
        (
            {"num_samples": 1, "at_most": 0.5},
            "; how far more samples would go, a single one cannot tell: 10 of each in less than half. ",
        ),
        ({"num_samples": 1}, "; how far more samples would go, a single one cannot tell. "),
    ],
)
def test_what_is_needed_in_words(changes: dict[str, object], sentence: str) -> None:
    """Each of its parts, with the numbers of now."""
    fields = {
        "num_problems": 1640,
        "num_samples": 1000,
        "problems": Reach(None, None),
        "samples": None,
        "at_most": None,
        **changes,
    }
    assert sentence in Needed(**fields).sentence
