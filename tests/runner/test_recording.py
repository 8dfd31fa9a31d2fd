"""What records say of their data set, machine and time, and how two of them are told apart."""

import os
import platform
import re

import pytest

from evalsite import __version__
from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.runner.recording import describe_dataset, differences, this_environment, utc_now


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["s.a 1 -> 2"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ["s.a.c 2 -> 3"]),
        ({"a": 1}, {"b": 1}, ["s.a 1 -> None", "s.b None -> 1"]),
        ({"a": [1]}, {"a": [1, 2]}, ["s.a [1] -> [1, 2]"]),
    ],
)
def test_every_leaf_that_differs_is_named_by_its_path(
    before: dict[str, object], after: dict[str, object], told: list[str]
) -> None:
    assert list(differences("s", before, after)) == told


def test_a_data_set_is_told_by_its_hash_and_size() -> None:
    dataset: LoadedDataset = load_dataset("humaneval")
    told = describe_dataset(dataset)
    assert (told.name, told.sha256, told.num_problems) == ("humaneval", dataset.sha256, 164)


def test_a_machine_is_described_without_its_name() -> None:
    told = this_environment()
    assert (told.evalsite, told.cpus) == (__version__, os.cpu_count() or 1)
    assert platform.node() not in told.platform


def test_a_time_is_in_utc_and_has_no_parts_of_seconds() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", utc_now())
