"""Who runs on which processor."""

import os

import pytest

from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.machine import bound_to, processor_of, usable_cpus
from tests.grading.helpers import QUICK, verdict_of

WHERE = "import os\n\ndef double(x):\n    print('on', sorted(os.sched_getaffinity(0)))\n    return 2 * x\n"


def test_workers_share_all_processors_evenly_and_few_are_left_alone(monkeypatch):
    """As many workers as processors have one each, more go round; fewer are nobody's business."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {2, 5, 7}, raising=False)
    assert [processor_of(worker, 3) for worker in range(3)] == [2, 5, 7]
    assert [processor_of(worker, 4) for worker in range(4)] == [2, 5, 7, 2]
    assert [processor_of(worker, 2) for worker in range(2)] == [None, None]


def test_a_system_that_binds_nothing_binds_nothing(monkeypatch):
    """As macOS and Windows do not."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert processor_of(0, 64) is None


@pytest.mark.linux
def test_who_starts_something_elsewhere_stays_where_he_was():
    """Also where the processor has gone."""
    before = os.sched_getaffinity(0)
    for processor in (max(before), 100_000, None):
        with bound_to(processor):
            pass
        assert os.sched_getaffinity(0) == before


@pytest.mark.sandbox
def test_the_processes_of_a_sample_share_a_processor():
    """Each worker's have one, where there are as many workers as processors."""
    before = os.sched_getaffinity(0)
    with Grader(LocalExecutor(QUICK, workers=usable_cpus()), dedupe=False) as grader:
        outputs = "".join(verdict_of(grader, WHERE, sample=number).output for number in range(4))
    assert outputs
    assert set(outputs.splitlines()) <= {f"on [{number}]" for number in before}
    assert os.sched_getaffinity(0) == before
