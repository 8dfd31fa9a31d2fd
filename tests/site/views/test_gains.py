"""What a candidate gains beside what it loses."""

import pytest

from evalsite.rundir.schema import Distribution, ModelCard
from evalsite.site.views.gains import gains_of, in_words
from evalsite.stats.compare.runs import compare_runs
from tests.make import BASELINE, CANDIDATE, loaded_run


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.2, "5 × less"), (1.2, "1.2 × more"), (1, "the same"), (1.001, "the same"), (0.26, "3.85 × less"),
        (1234.5, "1,234 × more"), (1 / 150, "150 × less"),
    ],
)  # fmt: skip
def test_ratios_are_told_as_people_do(ratio, words):
    assert in_words(ratio) == words


def test_weights_times_and_tokens_are_held_against_each_other():
    """Less is marked as good where less is better; what one side lacks has no ratio."""
    quick, slow = (Distribution(count=4, mean=mean, p50=mean, p95=mean) for mean in (0.01, 0.03))
    found = gains_of(
        compare_runs(
            loaded_run([1, 0], 2, card=BASELINE, times={"token_s": quick}),
            loaded_run([1, 0], 2, card=CANDIDATE, times={"token_s": slow, "first_token_s": slow}),
        )
    )
    assert [(row.name, row.base, row.candidate, row.ratio, row.tone) for row in found.rows] == [
        ("Bits per weight", "8", "1.58", "5.06 × less", "good"),
        ("Weights", "8.0 GB", "1.6 GB", "5 × less", "good"),
        ("Time to the first token", "–", "30.0 ms", "–", ""),
        ("Time per token", "10.0 ms", "30.0 ms", "3 × more", "bad"),
    ]
    assert "depend on the machine" in found.note
    assert "tokens of an answer" in found.note


FEW, MANY = (Distribution(count=4, mean=mean, p50=mean, p95=mean) for mean in (0.01, 0.03))


@pytest.mark.parametrize(
    ("told", "other", "row", "timed"),
    [
        ({"first_token_s": FEW}, {"first_token_s": MANY}, ("10.0 ms", "30.0 ms", "3 × more", "bad"), True),
        ({"token_s": MANY}, {"token_s": FEW}, ("30.0 ms", "10.0 ms", "3 × less", "good"), True),
        (
            {"completion_tokens": 4000}, {"completion_tokens": 6000},
            ("1,000", "1,500", "1.5 × more", ""), False,
        ),
        (
            {"card": ModelCard(bits_per_weight=4.0)}, {"card": ModelCard(bits_per_weight=8.0)},
            ("4", "8", "2 × more", "bad"), False,
        ),
        (
            {"card": ModelCard(weights_bytes=10**9)}, {"card": ModelCard(weights_bytes=10**9)},
            ("1.0 GB", "1.0 GB", "the same", ""), False,
        ),
    ],
)  # fmt: skip
def test_each_quantity_stands_by_itself(told, other, row, timed):
    """Tokens of an answer are neither good nor bad; only times depend on the machine."""
    base, candidate = (
        loaded_run([1, 0], 2, card=known.get("card"), times={k: v for k, v in known.items() if k != "card"})
        for known in (told, other)
    )
    found = gains_of(compare_runs(base, candidate))
    (only,) = found.rows
    assert (only.base, only.candidate, only.ratio, only.tone) == row
    assert ("depend on the machine" in found.note) == timed
    assert "Not known of either: " in found.note


def test_what_neither_knows_is_not_shown():
    assert gains_of(compare_runs(loaded_run([1], 2), loaded_run([1], 2))) is None
