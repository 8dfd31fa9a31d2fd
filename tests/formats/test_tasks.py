"""What all readers share: the names that tasks go by, the numbering of samples, what is told, decoding."""

import pytest

from evalsite.formats.tasks import Tasks
from tests.formats.helpers import SEVENTEEN


@pytest.mark.parametrize("name", ["MBPP/17", "Mbpp/17", 17, "17"])
def test_task_names_of_every_tool_are_known(name):
    """The readers share one list of spellings."""
    assert Tasks({"MBPP/17": SEVENTEEN}).find("here", name) is SEVENTEEN
