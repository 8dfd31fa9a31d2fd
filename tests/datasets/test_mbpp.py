"""MBPP's record shapes (Austin et al. 2021, arXiv 2108.07732): full, sanitized, and MBPP+."""

import pytest

from evalsite.datasets import KNOWN, load_dataset
from tests.datasets.helpers import MBPP, write


@pytest.mark.parametrize(
    ("name", "file", "count"),
    [
        ("mbpp", "mbpp.jsonl", 974),
        ("mbpp-test", "mbpp.jsonl", 500),
        ("mbpp-sanitized", "sanitized-mbpp.json", 427),
    ],
)
def test_mbpp_has_three_variants(shared, name, file, count):
    """Each is the official one, by its hash, and every task has a function under test."""
    dataset = load_dataset(name, shared / "datasets" / file)
    assert len(dataset.problems) == count
    assert dataset.sha256 == KNOWN[name].sha256
    assert all(problem.entry_point for problem in dataset.problems)


def test_mbpp_tests_come_after_setup_and_name_the_function(tmp_path):
    """The function under test is the one that the assertions call, not a helper."""
    record = dict(MBPP, test_setup_code="x = 1")
    (problem,) = load_dataset("mine", write(tmp_path / "m.jsonl", record)).problems
    assert problem.task_id == "MBPP/11"
    assert problem.entry_point == "add"
    assert problem.tests == "x = 1\nassert add(1, 2) == 3\n"
