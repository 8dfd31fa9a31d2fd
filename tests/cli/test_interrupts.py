"""Ctrl-C: the first one stops gracefully, the second at once, and everything that was answered is kept."""

import gc
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from evalsite.cli.console import hear_interrupts_again
from tests import preloaded
from tests.cli.helpers import HUMANEVAL_2, running
from tests.faulty_server import FaultyServer


@pytest.mark.sandbox
def test_ctrl_c_half_way_keeps_what_was_answered(environment, tmp_path):
    """Exit code 130; a resume completes the run without asking again for what is there."""

    def answer(_prompt, _seed, _index):
        return HUMANEVAL_2

    with running(FaultyServer(answer=answer, latency_s=0.2)) as server:
        command = [
            sys.executable,
            "-m",
            "evalsite",
            "run",
            "--model-endpoint",
            f"{server.url}/v1/completions",
            "--model-name",
            "m",
        ]
        options = ["--max-problems", "12", "--concurrency", "2", "--seed", "0", "--no-preflight"]
        process = preloaded.Popen(
            [*command, *options], cwd=tmp_path, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        completions = None
        while completions is None or completions.read_text().count("\n") < 3:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
            completions = next(iter(tmp_path.glob("runs/*/completions.jsonl")), None)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everything it started
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "Traceback" not in err
        kept = completions.read_text().count("\n")
        assert 3 <= kept < 12
        run = tmp_path / out.strip().splitlines()[-1]
        resumed = preloaded.run(
            [sys.executable, "-m", "evalsite", "resume", str(run), "--no-preflight"],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert resumed.returncode == 0, resumed.stderr
        assert len(server.requests) <= 12 + 2, "at most what was in flight is asked again"
    assert completions.read_text().count("\n") == 12
    assert json.loads((run / "run.json").read_text())["status"] == "complete"


@pytest.mark.sandbox
def test_a_second_ctrl_c_leaves_at_once(evalsite, environment, tmp_path):
    """However many answers still wait for the grader; the message says how to go on."""
    with running(FaultyServer(answer=lambda _, seed, __: f"    while {1 + seed}:\n        pass\n")) as server:
        made = evalsite(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m",
            "--max-problems", 12, "-n", 3, "--seed", 0, "--no-grade",
        )  # fmt: skip
        run = tmp_path / made.stdout.strip()
        (run / "verdicts.jsonl").unlink()
        process = preloaded.Popen(
            [sys.executable, "-m", "evalsite", "resume", str(run), "--no-preflight", "--workers", "1"],
            cwd=tmp_path, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            while not (run / "verdicts.jsonl").exists():
                assert process.poll() is None, process.communicate()
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            while "stopping" not in process.stderr.readline():
                assert process.poll() is None, process.communicate()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)  # all of it would take minutes
        finally:
            process.kill()
    assert process.returncode == 130, err
    assert f"evalsite resume {run}" in err
    assert "Traceback" not in err


LOST = """
import signal, sys, threading, weakref
from evalsite.cli.console import hear_interrupts_again
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
hear_interrupts_again()
class Thing:
    pass
def tell(_):
    signal.raise_signal(signal.SIGINT)
thing = Thing()
reference = weakref.ref(thing, tell)
try:
    del thing
    threading.Event().wait(60)
except KeyboardInterrupt:
    sys.exit(7)
"""


SLOWLY = """
import threading, time
start = threading.Thread.start
def start_slowly(thread):
    start(thread)
    time.sleep(0.5)
threading.Thread.start = start_slowly
"""


@pytest.mark.linux
@pytest.mark.parametrize("machine", ["", SLOWLY], ids=["at rest", "busy"])
def test_ctrl_c_while_an_object_is_cleared_away_ends_the_program_all_the_same(environment, machine):
    """Python itself would print that it ignored it, and go on: a server that nobody can stop with one key.

    However long what hears it takes to begin: it does not come again in the middle of that.
    """
    done = subprocess.run(
        [sys.executable, "-c", machine + LOST],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert (done.returncode, done.stderr) == (7, "")


def test_what_else_cannot_be_raised_is_told_as_ever(monkeypatch, capsys):
    """Of any other exception there Python says what it always says."""
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    hear_interrupts_again()

    class Odd:
        def __del__(self):
            raise ValueError("told")

    Odd()
    gc.collect()
    assert "ValueError: told" in capsys.readouterr().err
