"""Shards of a run: every part asks some of the problems, and all parts together ask each once."""

import pytest

from tests.cli.helpers import failed


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "1/0", "a/b"])
def test_a_shard_that_cannot_be_is_told(evalsite, shard):
    """Before anything is asked."""
    done = evalsite("run", "--model-endpoint", "http://127.0.0.1:9", "--model-name", "m", "--shard", shard)
    failed(done, 2, "is no shard")
