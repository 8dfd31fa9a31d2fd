"""Shards of a run, made apart and put together."""

import json

import pytest

from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed, running
from tests.faulty_server import FaultyServer


@pytest.fixture
def data(tmp_path):
    """Five problems of one's own."""
    path = tmp_path / "data.jsonl"
    rows = [
        {
            "task_id": f"Mine/{n}", "prompt": f"def f{n}(x):\n", "entry_point": f"f{n}",
            "canonical_solution": "    return x\n",
            "test": "def check(candidate):\n    assert candidate(1) == 1\n",
        }
        for n in range(5)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def ask(evalsite, server, data, *more):
    done = evalsite(
        "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--no-grade",
        "--dataset", "mine", "--data-path", data, "-n", 2, "--seed", 7, *more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def rows(path):
    return sorted((row.problem, row.sample, row.text) for row in RunDir(path).completions())


def test_shards_put_together_are_the_undivided_run(evalsite, tmp_path, data):
    """The same problems in the same order, the same answers, the same identity; and it goes on like one."""
    with running(FaultyServer()) as server:
        whole = ask(evalsite, server, data)
        shards = [ask(evalsite, server, data, "--shard", f"{part}/2") for part in (2, 1)]
        merged = evalsite("merge", *shards)
        assert merged.returncode == 0, merged.stderr
        path = merged.stdout.strip().splitlines()[-1]
        more = evalsite("resume", path, "-n", 3, "--no-grade", "--data-path", data)
        further = evalsite("resume", shards[0], "-n", 3, "--no-grade", "--data-path", data)
    assert more.returncode == further.returncode == 0, more.stderr + further.stderr
    ours, theirs = (RunDir(tmp_path / each) for each in (whole, path))
    assert [problem.task_id for problem in RunDir(tmp_path / shards[0]).problems()] == ["Mine/1", "Mine/3"]
    assert RunDir(tmp_path / shards[0]).read_run().shard == "2/2"
    assert ours.problems() == theirs.problems()
    assert theirs.read_run().identity == ours.read_run().identity
    assert (theirs.read_run().status, theirs.read_run().shard, theirs.read_run().num_problems) == (
        "complete",
        "",
        5,
    )
    assert [row for row in rows(tmp_path / path) if row[1] < 2] == rows(tmp_path / whole)
    assert len(rows(tmp_path / path)) == 15
    faults = [
        line for line in evalsite("validate", path, *shards).stdout.splitlines() if line.startswith("  ")
    ]
    assert len(faults) == 15 + 6 + 6
    assert all("has no verdict" in line for line in faults), faults


def test_what_does_not_fit_together_is_refused(evalsite, data):
    """With the shard named; nothing is written."""
    with running(FaultyServer()) as server:
        first = ask(evalsite, server, data, "--shard", "1/3")
        second = ask(evalsite, server, data, "--shard", "2/3")
        other = ask(evalsite, server, data, "--shard", "3/3", "--temperature", "0.1")
        whole = ask(evalsite, server, data)
    failed(evalsite("merge", first, second), 5, "shard 3/3 is missing")
    failed(evalsite("merge", first, second, second), 5, "shard 2/3 is given twice")
    failed(evalsite("merge", first, whole), 5, "is no shard")
    failed(evalsite("merge", first, second, other), 5, "was not made like", "identity")
