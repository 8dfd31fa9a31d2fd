"""What a candidate gains beside what it loses."""

import pytest

from evalsite.rundir.schema import Distribution
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


def test_what_neither_knows_is_not_shown():
    assert gains_of(compare_runs(loaded_run([1], 2), loaded_run([1], 2))) is None
