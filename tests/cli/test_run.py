"""``evalsite run``: ask a model, grade its answers, write a run directory."""

import json
import socket
from pathlib import Path

import pytest

from tests.cli.helpers import asking, failed, running
from tests.faulty_server import FaultyServer


def test_chosen_problems_are_asked_and_no_others_also_when_the_run_goes_on(evalsite, shared):
    """In the data set's order; an id that is not there is refused."""
    with running(FaultyServer()) as server:
        words = (
            *asking(server.url, shared), "--no-grade", "--quiet", "--problems",
        )  # fmt: skip
        wrong = evalsite(*words, "Tiny/99")
        assert wrong.returncode == 2
        assert "tiny has no problem Tiny/99" in wrong.stderr
        done = evalsite(*words, "Tiny/4, Tiny/2")
        assert done.returncode == 0, done.stderr
        run = Path(done.stdout.splitlines()[-1])
        again = evalsite("resume", run, "--num-samples", 2, "--no-grade")
    assert again.returncode == 0, again.stderr
    rows = [json.loads(line) for line in (run / "completions.jsonl").open()]
    assert sorted((row["problem"], row["sample"]) for row in rows) == [
        ("Tiny/2", 0), ("Tiny/2", 1), ("Tiny/4", 0), ("Tiny/4", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("option", ["--temperature", "--top-p", "--cpu-limit", "--timeout"])
def test_settings_are_finite_numbers(evalsite, option):
    """NaN would be written as null, and the run could not be read again."""
    base = ("run", "--model-endpoint", "http://127.0.0.1:1", "--model-name", "m")
    failed(evalsite(*base, option, "nan"), 2, option, "finite")
    failed(evalsite("compare", "a", "b", "--margin", "nan"), 2, "--margin", "finite")


def test_a_refused_endpoint_is_named(evalsite, tmp_path):
    """Exit code 4 at once, not after a minute of retries."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = evalsite(
        "run", "--model-endpoint", f"http://127.0.0.1:{port}", "--model-name", "m", "--no-grade"
    )
    failed(process, 4, "error[endpoint", f"127.0.0.1:{port}")
    assert not (tmp_path / "runs").exists()


def test_an_endpoint_that_answers_html_is_named(evalsite):
    """Exit code 4; the address is probably a web interface's."""
    with running(FaultyServer(pages={"/v1/models": "<!doctype html><title>Open WebUI</title>"})) as server:
        process = evalsite("run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade")
    failed(process, 4, "web page")
