"""The shapes of records that are read, and the way from a record to its problem."""

import pytest

from evalsite.datasets import load_dataset
from evalsite.errors import DatasetError
from tests.datasets.helpers import HUMANEVAL, MBPP, without, write


def test_a_number_is_a_name_whatever_else_lacks(tmp_path):
    """What lacks is told of the shape that the record has."""
    for lacking in ("entry_point", "canonical_solution", "test", "prompt"):
        path = write(tmp_path / "x.jsonl", without(HUMANEVAL, lacking) | {"task_id": 3})
        with pytest.raises(DatasetError, match=f"missing required field `{lacking}`"):
            load_dataset("mine", path)
    for lacking in ("code", "test_list"):
        with pytest.raises(DatasetError, match=f"missing required field `{lacking}`"):
            load_dataset("mine", write(tmp_path / "x.jsonl", without(MBPP, lacking)))
    with pytest.raises(DatasetError, match=r"`task_id` is 1\.5"):
        load_dataset("mine", write(tmp_path / "x.jsonl", HUMANEVAL | {"task_id": 1.5}))
