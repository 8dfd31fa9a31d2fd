"""``kill -9`` at random moments: nothing acknowledged is lost, nothing comes twice, nothing is left."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalsite.rundir.store import RunDir
from evalsite.runner.validate import find_faults
from tests.cli.test_commands import running
from tests.conftest import ROOT
from tests.faulty_server import FaultyServer

KILLS = 30
SAMPLES = 5
PROBLEMS = 40


@pytest.fixture
def start(tmp_path):
    """Start evalsite in a process group of its own, so that nothing outlives the test."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    started = []

    def start(*args):
        process = subprocess.Popen(
            [sys.executable, "-m", "evalsite", *map(str, args)],
            cwd=tmp_path, env=environment, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def keys(path):
    """Return the keys of a file's whole lines."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [(row["problem"], row["sample"]) for row in map(json.loads, lines)]


def descendants_named(word):
    """Return the command lines of processes that look like sandbox workers."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            if word in line:
                found.append(line)
    return found


def test_a_run_survives_thirty_kills(tmp_path, start):
    """Completions are those of an undisturbed run with the same seed: each once, none lost, none changed."""
    draw = random.Random(20)
    with running(FaultyServer(latency_s=0.1)) as server:
        options = ["--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--seed", "3"]
        amount = ["--max-problems", PROBLEMS, "--num-samples", SAMPLES, "--temperature", "0.5"]
        quick = ["--no-grade", "--concurrency", "2"]
        process = start("run", *options, *amount, *quick)
        run = _wait_for_run(tmp_path, process)
        acknowledged: set[tuple[str, int]] = set()
        kills = 0
        while kills < KILLS:
            before = len(keys(run / "completions.jsonl"))
            for _ in range(400):
                if process.poll() is not None or len(keys(run / "completions.jsonl")) > before:
                    break
                time.sleep(0.02)
            time.sleep(draw.random() * 0.4)
            if process.poll() is not None:
                break
            acknowledged |= set(keys(run / "completions.jsonl"))
            process.kill()
            process.communicate()
            kills += 1
            assert acknowledged <= set(keys(run / "completions.jsonl"))
            process = start("resume", run, "--no-grade", "--concurrency", "2")
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        assert kills == KILLS, f"the run was over after {kills} kills: ask for more samples"
        undisturbed = start(
            "run", *options, *amount, "--no-grade", "--concurrency", "32", "--runs-dir", "calm"
        )
        assert undisturbed.wait(timeout=300) == 0
    (calm,) = (tmp_path / "calm").iterdir()
    found = keys(run / "completions.jsonl")
    assert len(found) == len(set(found)) == PROBLEMS * SAMPLES
    assert texts(run) == texts(calm)
    assert RunDir(run).read_run().status == "complete"


@pytest.mark.sandbox
def test_grading_survives_kills_of_grader_and_workers(tmp_path, start):
    """Verdicts equal those of an undisturbed grading; no process and no temporary file is left behind."""
    draw = random.Random(50)
    with running(FaultyServer(answer=answer)) as server:
        options = ["--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--seed", "0"]
        amount = ["--max-problems", "60", "--num-samples", "6", "--temperature", "0.5"]
        process = start("run", *options, *amount, "--no-grade", "--concurrency", "16")
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    run = tmp_path / out.strip()
    temporary = set(Path("/tmp").iterdir())
    for kill in range(10):
        process = start("grade", run, "--no-preflight", "--no-dedupe")
        before = len(keys(run / "verdicts.jsonl"))
        while process.poll() is None and len(keys(run / "verdicts.jsonl")) == before:
            time.sleep(0.01)
        time.sleep(draw.random() * 0.2)
        if kill % 2:
            os.kill(_some_child(process.pid, draw), signal.SIGKILL)
            time.sleep(0.1)
        process.kill()
        process.communicate()
    done = start("grade", run, "--no-preflight", "--no-dedupe")
    _, errors = done.communicate(timeout=300)
    assert done.returncode == 0, errors
    verdicts = {(row.problem, row.sample): row.verdict for row in RunDir(run).verdicts()}
    assert len(verdicts) == 360
    assert find_faults(RunDir(run)) == []
    again = start("grade", run, "--again", "--no-preflight")
    out, errors = again.communicate(timeout=300)
    assert "0 verdicts changed" in out, out + errors
    for _ in range(100):
        if not descendants_named("evalsite.grade.sandbox"):
            break
        time.sleep(0.1)
    assert descendants_named("evalsite.grade.sandbox") == []
    left = {path for path in set(Path("/tmp").iterdir()) - temporary if "evalsite" in path.name}
    assert left == set()


def answer(_prompt, seed, _index):
    """Every third answer loops for a moment, so that kills meet grading at work."""
    kinds = ("    return None\n", "    raise KeyError\n", "    return sum(range(3_000_000))\n")
    return kinds[(seed or 0) % 3]


def texts(run):
    return {(row.problem, row.sample): row.text for row in RunDir(run).completions()}


def _wait_for_run(tmp_path, process):
    for _ in range(600):
        found = next(iter(tmp_path.glob("runs/*/completions.jsonl")), None)
        if found is not None:
            return found.parent
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("no run directory appeared")


def _some_child(pid, draw):
    """Return the pid of bubblewrap or of a fork server; samples are deeper, and their end is their own."""
    found, level = [], [pid]
    for _ in range(2):
        level = [child for parent in level for child in _children(parent)]
        found += level
    return draw.choice(found) if found else pid


def _children(pid):
    children = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(child) for child in path.read_text().split()]
        except OSError:
            continue  # the thread has ended meanwhile
    return children
