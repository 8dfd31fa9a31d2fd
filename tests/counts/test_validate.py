"""A recorded summary is held against the rows: older ones stay sound, wrong ones do not."""

import json

import pytest

from evalsite.counts.tally import NEWER
from evalsite.counts.validate import find_faults
from tests.site.builders import write_run


@pytest.fixture
def run_dir(tmp_path):
    return write_run(tmp_path, "Toy", [10, 7, 0])


def change(run_dir, how):
    path = run_dir.path / "summary.json"
    summary = json.loads(path.read_text())
    path.write_text(json.dumps(how(summary)))


def without_newer(value):
    if isinstance(value, dict):
        return {key: without_newer(each) for key, each in value.items() if key not in NEWER}
    return value


def nudged(value, by):
    """The same with every measured time a little longer."""
    if isinstance(value, dict):
        return {key: nudged(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [nudged(each, by) for each in value]
    return value * by if isinstance(value, float) else value


def test_a_summary_from_before_a_field_was_counted_is_sound(run_dir):
    """Whoever upgrades evalsite has not broken the runs that are there."""
    change(run_dir, without_newer)
    assert find_faults(run_dir) == []


def test_the_order_in_which_floats_were_added_up_is_no_fault(run_dir):
    """A mean over the same rows in another order may differ in its last digit."""
    change(run_dir, lambda summary: nudged(summary, 1 + 1e-14))
    assert find_faults(run_dir) == []


@pytest.mark.parametrize(
    "how",
    [
        lambda summary: nudged(summary, 1.001),
        lambda summary: {**summary, "verdicts": {**summary["verdicts"], "passed": 18}},
        lambda summary: {**summary, "tallies": summary["tallies"][:2]},
        lambda summary: {**summary, "latency_s": None},
        lambda summary: {**summary, "latency_s": {**summary["latency_s"], "problems": 2}},
        lambda summary: {**summary, "answered_by": {"other": 30}},
    ],
)
def test_a_summary_that_says_something_else_is_a_fault(run_dir, how):
    """A wrong count, a missing problem, a missing measurement."""
    change(run_dir, how)
    assert any("summary.json does not agree" in fault for fault in find_faults(run_dir))
