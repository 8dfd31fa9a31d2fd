"""Numbers -> what cells of tables show. Everything upstream stays a float; it is rounded in this room."""

from evalsite.stats.intervals import Interval
from evalsite.words import cells
from evalsite.words.sentences import figure, probability
from evalsite.words.text import ranges


def test_numbers_are_written_for_readers():
    """One place rounds: true minus signs, fitting units, no idle zeros."""
    assert cells.percent(0.53902) == "53.9"
    assert [cells.points(x) for x in (0.018, -0.101, -0.0001)] == ["+1.8", "−10.1", "0.0"]
    assert [cells.seconds(x) for x in (None, 0.000_4, 0.0123, 0.25, 1.234, 200)] == [
        "–", "400 µs", "12.3 ms", "250 ms", "1.23 s", "3 min 20 s",
    ]  # fmt: skip
    assert [cells.size(x) for x in (None, 999, 2_900_000_000, 31_000_000)] == [
        "–",
        "999 B",
        "2.9 GB",
        "31.0 MB",
    ]
    assert [cells.p_value(x) for x in (0.0001, 0.0313)] == ["< 0.001", "0.031"]
    assert [cells.p_value(x) for x in (0.001, 0.1, 0.45)] == ["0.001", "0.10", "0.45"]
    assert [cells.moment(x) for x in ("2026-11-22T16:54:07Z", "2026-11-22T16:54", "2026-11-22", "")] == [
        "2026-11-22 16:54 UTC", "2026-11-22 16:54 UTC", "2026-11-22", "–",
    ]  # fmt: skip
    assert cells.day("2026-11-22T16:54:07Z") == "2026-11-22"
    assert ranges([0, 2, 3, 4, 7]) == "0, 2–4, 7"


def test_a_p_value_reads_the_same_in_a_cell_and_in_a_sentence() -> None:
    """One format, whoever prints it."""
    for value in (0.0004, 0.0386, 0.4531, 1.0):
        assert probability(value).removeprefix("p ").removeprefix("= ") == cells.p_value(value)


def test_no_figure_is_less_than_nothing() -> None:
    """What rounds to zero has no sign."""
    assert (figure(-0.04, "points"), figure(75.61, "%")) == ("0.0 points", "75.6 %")
    assert (cells.signed(-0.04), cells.signed(-0.06), cells.signed(0.06)) == ("0.0", "−0.1", "+0.1")
    assert cells.point_limits(Interval(-0.156, 0.004, 0.95, ""), minus=cells.HYPHEN) == ("-15.6", "+0.4")
