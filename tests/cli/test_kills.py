"""``kill -9`` at random moments: nothing acknowledged is lost, nothing comes twice, nothing is left."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from evalsite.client.core import seed_for
from evalsite.counts.validate import find_faults
from evalsite.rundir.store import RunDir
from tests import preloaded
from tests.cli.helpers import children_of, running
from tests.faulty_server import FaultyServer

KILLS = 30
SEED = 3
SAMPLES = 5
PROBLEMS = 80
"""Three times as many samples as come between so many kills, or a slow machine is done before the last."""


@pytest.fixture
def start(environment, tmp_path):
    """Start evalsite in a process group of its own, so that nothing outlives the test."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    started = []

    def start(*args):
        process = preloaded.Popen(
            [sys.executable, "-m", "evalsite", *map(str, args)],
            cwd=tmp_path, env=environment | {"TMPDIR": str(temporary)}, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def whole_lines(path):
    """Return a file's lines but for a torn last one."""
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def key(line):
    """Return the problem and the sample that a line is about."""
    row = json.loads(line)
    return row["problem"], row["sample"]


def asked(server, run):
    """Return the samples that the server was asked for since its list of requests was last cleared."""
    problems = {problem.asked: problem.task_id for problem in RunDir(run).problems()}
    samples = {seed_for(SEED, sample): sample for sample in range(SAMPLES)}
    return {(problems[request.prompt], samples[request.body["seed"]]) for request in list(server.requests)}


@pytest.mark.long
@pytest.mark.linux
def test_a_run_survives_thirty_kills(tmp_path, start):
    """Completions are those of an undisturbed run with the same seed: each once, none lost, none changed.

    What stood on disk at a kill stands there ever after, and is never asked for again. Two kills in three
    wait until a sample has come; the others hit wherever the program is by then, its beginning included.
    """
    draw = random.Random(20)
    slow, quick = (["--no-grade", "--concurrency", number] for number in ("2", "32"))
    amount = ["--max-problems", PROBLEMS, "--num-samples", SAMPLES, "--temperature", "0.5"]
    with running(FaultyServer(latency_s=0.1)) as server:
        options = ["--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--seed", SEED]
        process = start("run", *options, *amount, *slow)
        run = _wait_for_run(tmp_path, process)
        before: set[tuple[str, int]] = set()
        for kill in range(KILLS):
            if kill % 3:
                _wait_for_another(run / "completions.jsonl", process)
            time.sleep(draw.random() * (0.2 if kill % 3 else 0.5))
            assert process.poll() is None, f"the run was over after {kill} kills: ask for more samples"
            acknowledged = whole_lines(run / "completions.jsonl")
            process.kill()
            process.communicate()
            assert not asked(server, run) & before, "asked again for what was on disk"
            kept = whole_lines(run / "completions.jsonl")
            assert kept[: len(acknowledged)] == acknowledged
            before = set(map(key, kept))
            server.requests.clear()
            process = start("resume", run, *(slow if kill < KILLS - 1 else quick))
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        assert not asked(server, run) & before
        undisturbed = start("run", *options, *amount, *quick, "--runs-dir", "calm")
        assert undisturbed.wait(timeout=300) == 0
    (calm,) = (tmp_path / "calm").iterdir()
    found = list(map(key, whole_lines(run / "completions.jsonl")))
    assert len(found) == len(set(found)) == PROBLEMS * SAMPLES
    assert texts(run) == texts(calm)
    assert RunDir(run).read_run().status == "complete"


@pytest.mark.long
@pytest.mark.linux
def test_a_run_outlasts_sleeps_longer_than_its_time_limits(tmp_path, start):
    """A laptop is shut in the middle of requests: on waking they may all be too late, and are asked again."""
    with running(FaultyServer(latency_s=0.3)) as server:
        process = start(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--seed", SEED,
            "--max-problems", 12, "--no-grade", "--concurrency", 2, "--timeout", 1,
        )  # fmt: skip
        run = _wait_for_run(tmp_path, process)
        for _ in range(2):
            _wait_for_another(run / "completions.jsonl", process)
            process.send_signal(signal.SIGSTOP)
            time.sleep(1.5)
            process.send_signal(signal.SIGCONT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    found = list(map(key, whole_lines(run / "completions.jsonl")))
    assert len(found) == len(set(found)) == 12


@pytest.mark.long
@pytest.mark.sandbox
def test_grading_survives_kills_of_grader_and_workers(tmp_path, start, left_behind):
    """Verdicts equal those of an undisturbed grading; no process and no temporary file is left behind."""
    draw = random.Random(50)
    with running(FaultyServer(answer=answer)) as server:
        options = ["--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--seed", "0"]
        amount = ["--max-problems", "50", "--num-samples", "3", "--temperature", "0.5"]
        process = start("run", *options, *amount, "--no-grade", "--concurrency", "16")
        out, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    run = tmp_path / out.strip()
    for kill in range(10):
        process = start("grade", run, "--no-preflight", "--no-dedupe")
        _wait_for_another(run / "verdicts.jsonl", process, draw.randint(1, 3))
        assert process.poll() is None, f"all was graded after {kill} kills: ask for more samples"
        if kill % 2:
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(_some_child(process.pid, draw), signal.SIGKILL)
            _wait_for_another(run / "verdicts.jsonl", process)
        process.kill()
        process.communicate()
    done = start("grade", run, "--no-preflight", "--no-dedupe")
    _, errors = done.communicate(timeout=300)
    assert done.returncode == 0, errors
    verdicts = {(row.problem, row.sample): row.verdict for row in RunDir(run).verdicts()}
    assert len(verdicts) == 150
    assert find_faults(RunDir(run)) == []
    again = start("grade", run, "--again", "--no-preflight")
    out, errors = again.communicate(timeout=300)
    assert "0 verdicts changed" in out, out + errors
    for _ in range(100):
        if not left_behind():
            break
        time.sleep(0.1)
    assert left_behind() == []
    assert list((tmp_path / "temporary").iterdir()) == []


def answer(_prompt, seed, _index):
    """Every third answer loops for a moment, so that kills meet grading at work."""
    kinds = ("    return None\n", "    raise KeyError\n", "    return sum(range(1_000_000))\n")
    return kinds[(seed or 0) % 3]


def texts(run):
    return {(row.problem, row.sample): row.text for row in RunDir(run).completions()}


def _wait_for_run(tmp_path, process):
    while (found := next(iter(tmp_path.glob("runs/*/completions.jsonl")), None)) is None:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    return found.parent


def _wait_for_another(path, process, lines=1):
    """Return once the file has so many lines more, or the process has ended."""
    enough = len(whole_lines(path)) + lines
    while process.poll() is None and len(whole_lines(path)) < enough:
        time.sleep(0.01)


def _some_child(pid, draw):
    """Return the pid of bubblewrap or of a fork server; samples are deeper, and their end is their own."""
    found, level = [], [pid]
    for _ in range(2):
        level = [child for parent in level for child in children_of(parent)]
        found += level
    return draw.choice(found) if found else pid
