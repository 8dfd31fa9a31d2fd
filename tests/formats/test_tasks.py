"""What all readers share: the names that tasks go by, the numbering of samples, what is told, decoding."""

import pytest

from evalsite.errors import DatasetError
from evalsite.formats.tasks import Tasks
from tests.formats.helpers import SEVENTEEN


@pytest.mark.parametrize(
    "name", ["MBPP/17", "Mbpp/17", 17, "17", "mbpp_17", "MBPP 17", "mbpp-017", "MBPP/0017", "mbpp_17_triple"]
)
def test_task_names_of_every_tool_are_known(name):
    """The readers share one list of spellings."""
    assert Tasks({"MBPP/17": SEVENTEEN}).find("here", name) is SEVENTEEN


@pytest.mark.parametrize(
    "name", ["MBPP/170", "MBPP_0", "17/MBPP", "MBPP 17 18", "MBPP17", -17, True, None, 1.7]
)
def test_nothing_else_is_taken_for_a_task(name):
    with pytest.raises(DatasetError, match="is no problem of this data set"):
        Tasks({"MBPP/17": SEVENTEEN}).find("here", name)
