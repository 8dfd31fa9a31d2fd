"""Limits are printed so that the interval shown holds the one computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsite.words.limits import digits_beside, outward


@pytest.mark.parametrize(
    ("low", "high", "apart_from", "texts"),
    [
        (-9.977, 3.17, (), ("-10.0", "3.2")),
        (-9.977, 3.17, (-10,), ("-9.98", "3.17")),
        (-9.99996, 3.1, (-10,), ("-9.99996", "3.10000")),
        (-9.99999999, 3.1, (-10,), ("-10.000000", "3.100000")),
        (-20.0, -10.003, (-10,), ("-20.000", "-10.003")),
        (-10.003, 3.0, (-10,), ("-10.1", "3.0")),
        (-10.0, 3.0, (-10,), ("-10.0", "3.0")),
        (9.3, 9.3, (), ("9.3", "9.3")),
        (-0.04, -0.01, (), ("-0.1", "0.0")),
        (0.01, 0.04, (), ("0.0", "0.1")),
        (-0.0, 0.0, (), ("0.0", "0.0")),
        (69.97, 80.0, (70,), ("69.9", "80.0")),
        (70.03, 80.0, (70,), ("70.03", "80.00")),
    ],
)
def test_limits_round_outward(
    low: float, high: float, apart_from: tuple[float, ...], texts: tuple[str, str]
) -> None:
    """Down for the lower, up for the upper limit; more digits where a threshold would seem to be reached."""
    assert outward(low, high, apart_from).texts == texts


@pytest.mark.parametrize(
    ("value", "digits"),
    [(50, 1), (50.1, 1), (50.04, 2), (50.0004, 4), (49.9999, 4), (50.000002, 6), (49.9999996, 6)],
)
def test_a_figure_has_as_many_digits_as_show_its_side(value: float, digits: int) -> None:
    """Six at most, whatever they show."""
    assert digits_beside(value, 50.0) == digits


@given(st.floats(-100, 100), st.sampled_from([-10.0, 0.0, 50.0, 0.05]))
def test_a_figure_is_not_printed_as_a_threshold_that_it_is_not(value: float, threshold: float) -> None:
    """Rounded to so many digits, it stays on its side; one digit will do for most."""
    shown = float(f"{value:.{digits_beside(value, threshold)}f}")
    sides = [(one < threshold, one > threshold) for one in (value, shown)]
    assert sides[0] == sides[1] or abs(value - threshold) <= 1e-5
    assert digits_beside(value, threshold) == 1 or abs(value - threshold) <= 0.1


@given(
    st.tuples(st.floats(-100, 100), st.floats(-100, 100)).map(sorted),
    st.sampled_from([-10.0, -5.0, -1.0, 0.0, 70.0]),
)
def test_what_is_printed_holds_what_was_computed(ends: list[float], threshold: float) -> None:
    """No inward rounding, no minus before a zero, and the threshold on the side that it is on."""
    low, high = ends
    printed = [float(text) for text in outward(low, high, [threshold]).texts]
    assert printed[0] <= low + 1e-9
    assert printed[1] >= high - 1e-9
    assert {text for text in outward(low, high).texts if not text.strip("-0.")} <= {"0", "0.0"}
    if threshold < low - 1e-5 or threshold > high + 1e-5:
        assert not printed[0] <= threshold <= printed[1]
