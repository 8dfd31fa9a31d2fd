"""Samples that nobody asked for: they go the way that all go."""

import subprocess
import sys

import pytest


@pytest.mark.linux
def test_they_run_to_their_end() -> None:
    """But for those that are to fail. It takes a process of its own, which it leaves as no other begins."""
    code = "from evalsite.grading.inside.rehearsing import rehearse; print(rehearse())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "({0}, {1})\n"
