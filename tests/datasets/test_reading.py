"""The hash of a data set: over what its problems ask and check, whatever the file."""

import gzip
import hashlib
import json

from msgspec.structs import replace

from evalsite.datasets import load_dataset
from evalsite.datasets.reading import hash_problems
from evalsite.rundir.schema import Problem
from tests.datasets.helpers import HUMANEVAL, write


def test_the_hash_is_over_problems_not_bytes(tmp_path):
    """Compression and line ends do not change a data set's identity; a changed test does."""
    plain = write(tmp_path / "a.jsonl", HUMANEVAL)
    windows = dict(HUMANEVAL, test=HUMANEVAL["test"].replace("\n", "\r\n"))
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(windows).encode() + b"\r\n"))
    other = write(tmp_path / "c.jsonl", dict(HUMANEVAL, test="def check(c): pass"))
    assert load_dataset("x", plain).sha256 == load_dataset("x", packed).sha256
    assert load_dataset("x", plain).sha256 != load_dataset("x", other).sha256


def test_the_hash_knows_the_language():
    """That of Python's problems is what it was before there was another language."""
    problem = Problem(task_id="a", prompt="b", kind="code", entry_point="c", tests="d", reference="e")
    before = hashlib.sha256(b'["a","code","b","c","d","e"]').hexdigest()
    assert hash_problems([problem]) == before
    assert hash_problems([replace(problem, language="snake")]) != before
