"""How answers are sampled and how they come: ``--stop-loops`` from the option to the report."""

import json
from pathlib import Path

import pytest

from evalsite.rundir.store import RunDir
from evalsite.stats.compare.guard import reservations
from tests.cli.helpers import failed, running
from tests.faulty_server import FaultyServer

LOOP = "    # And so on, as above.\n" * 120
LIMIT = 2000


def answer(prompt, _seed, index):
    """Of one problem the answers loop; of the others they end."""
    return LOOP if "twice" in prompt and index == 0 else "    return n + 1\n"


@pytest.fixture
def asked(evalsite, shared):
    """Run against a server on loopback; returns how it ended and the run."""

    def ask(server, *options):
        done = evalsite(
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--model-name", "m", "--dataset",
            "tiny", "--data-path", shared / "cases/tiny.jsonl", "--max-tokens", LIMIT, "--progress", "lines",
            *options,
        )  # fmt: skip
        return done, RunDir(Path(done.stdout.splitlines()[-1])) if done.stdout else None

    return ask


@pytest.mark.sandbox
def test_an_answer_that_loops_is_ended_told_and_counted(asked, evalsite):
    """As truncated, with its symptom; a run that goes on does so as it began."""
    with running(FaultyServer(answer=answer)) as server:
        done, made = asked(server, "--stop-loops")
        assert done.returncode == 0, done.stderr
        (looped,) = [row for row in made.completions() if row.finish_reason == "loop"]
        assert looped.text == LOOP[: len(looped.text)] != LOOP
        more = evalsite("resume", made.path, "-n", 2)
        assert more.returncode == 0, more.stderr
        _, plain = asked(server, "--num-samples", 2, "--temperature", 0)
    ended = made.read_summary().ended_loops
    assert (ended.answers, ended.spared) == (2, 2 * (LIMIT - looped.completion_tokens))
    assert "1 answer looped and had no end waited for" in " ".join(done.stderr.split())
    (verdict,) = [row for row in made.verdicts() if (row.problem, row.sample) == (looped.problem, 0)]
    assert (verdict.verdict, verdict.symptoms.names[0]) == ("truncated", "loop")
    assert "2 answers looped" in evalsite("report", made.path).stdout
    told = json.loads(evalsite("report", made.path, "--format", "json").stdout)["reports"][0]
    assert told["symptoms"]["loop"]["samples"] == 2
    assert told["ended_loops"] == {"answers": 2, "spared": ended.spared}
    assert evalsite("validate", made.path, plain.path).returncode == 0
    assert "settings.stop_loops" in made.read_run().identity_of
    assert "settings.stop_loops" not in plain.read_run().identity_of
    assert [each.field for each in reservations(plain.read_run(), made.read_run())] == ["settings.stop_loops"]


def test_without_a_stream_nothing_can_be_ended(asked):
    """Which is said before anything is asked."""
    with running(FaultyServer(answer=answer)) as server:
        done, _ = asked(server, "--stop-loops", "--no-stream", "--no-grade")
    failed(done, 2, "--stop-loops ends answers while they are streamed", "Leave one of them out")
    assert server.requests == []
