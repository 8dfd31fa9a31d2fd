"""Commands in this process, and a results repository for them."""

import pytest

from tests.publish.builders import write_run


@pytest.fixture
def repository(evalsite, tmp_path):
    """A folder after ``evalsite init`` and two runs."""
    process = evalsite("init", ".", "--repository", "me/results", "--baseline", "fp8")
    assert process.returncode == 0, process.stderr
    write_run(tmp_path / "runs", "fp8", 2)
    write_run(tmp_path / "runs", "ternary", 1)
    return tmp_path
