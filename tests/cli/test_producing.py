"""What is said and kept while a run waits, stops, and goes on."""

import json
import shlex
import signal
import subprocess
import sys
import time

import pytest

from evalsite.cli.producing import _nothing_answered
from evalsite.client.trying import Missing
from evalsite.errors import EndpointError, IncompleteError
from evalsite.runner.ask import NO_RUN
from evalsite.runner.produce import Produced
from tests import preloaded
from tests.cli.helpers import made, running, tiny
from tests.faulty_server import FaultyServer


def incidents(run):
    return [json.loads(line) for line in (run.path / "incidents.jsonl").read_text().splitlines()]


def test_waiting_is_told_with_its_reason_and_kept_in_the_run(evalsite, shared):
    """Not after the bar has stood still for minutes: what the server says, who waits, and until when."""
    with running(FaultyServer()) as server:
        server.commit("", "http-503-0", "http-503-0")
        done = evalsite(*tiny(shared, server, "--concurrency", 1))
    assert done.returncode == 0, done.stderr
    assert "answered 503: words of 503; 1 request waiting, next try in less than a second" in done.stderr
    told = [(each["kind"], each["message"].partition(" ")[2]) for each in incidents(made(done))]
    assert told[0] == ("waiting", "answered 503: words of 503")


def test_why_samples_are_missing_stands_in_the_run_and_its_report(evalsite, shared):
    """The last lines of a night's log are not all that is left."""
    with running(FaultyServer(refused_prompts={"twice": "This prompt is filtered"})) as server:
        done = evalsite(*tiny(shared, server, "--num-samples", 2, "--temperature", 0.5))
    assert done.returncode == 8, done.stderr
    run = made(done)
    (why,) = run.read_run().lost
    assert "This prompt is filtered" in why
    assert [(each["problem"], each["sample"]) for each in incidents(run) if each["kind"] == "missing"] == [
        ("Tiny/1", 0), ("Tiny/1", 1),
    ]  # fmt: skip
    assert "2 x " in evalsite("report", run.path).stdout
    better = FaultyServer()
    better.port = server.port
    with running(better):
        again = evalsite("resume", run.path, "--no-grade")
    assert again.returncode == 0, again.stderr
    assert run.read_run().lost == {}


def test_answers_that_needed_several_attempts_are_counted(evalsite, shared):
    """A note at the end; nothing where all came at once."""
    with running(FaultyServer()) as server:
        server.commit("http-500")
        done = evalsite(*tiny(shared, server, "--concurrency", 1))
    assert "note: 1 sample needed several attempts" in done.stderr


@pytest.mark.parametrize(
    ("finish", "words"),
    [("stop", "all that was said is in the reasoning"), ("length", "raise --max-tokens")],
)
def test_answers_that_were_thought_and_not_said_are_a_warning(evalsite, shared, finish, words):
    """A wrong reasoning parser leaves empty answers, which nobody should take for the model's."""
    with running(FaultyServer(finish_reason=finish, thinks=True)) as server:
        done = evalsite(
            *tiny(shared, server)[:2], f"{server.url}/v1/chat/completions", *tiny(shared, server)[3:]
        )
    assert "warning: 6 of 6 answers" in done.stderr, done.stderr
    assert words in done.stderr


@pytest.mark.parametrize(("option", "value"), [("--token-limit", 40), ("--time-limit", "0.5s")])
def test_a_limit_of_the_whole_run_ends_it_incomplete_and_resumable(evalsite, shared, option, value):
    """Exit code 8, what was answered is kept, and the printed command asks for the rest."""
    with running(FaultyServer(latency_s=0.2)) as server:
        done = evalsite(
            *tiny(shared, server, "--concurrency", 1, option, value, "--num-samples", 10, "--seed", 1)
        )
        assert done.returncode == 8, done.stderr
        assert f"note: stopped at {option}" in done.stderr
        run = made(done)
        assert run.read_run().status == "incomplete"
        before = run.keys("completions.jsonl")
        assert 0 < len(before) < 60
        server.latency_s = 0
        again = evalsite("resume", run.path, "--no-grade", "--concurrency", 8)
    assert again.returncode == 0, again.stderr
    assert run.keys("completions.jsonl")[: len(before)] == before


@pytest.mark.linux
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_to_stop_is_taken_like_ctrl_c(environment, shared, tmp_path, name):
    """Slurm, containers and a closed terminal leave a run that is marked as interrupted, and how to go on."""
    with running(FaultyServer(latency_s=0.1)) as server:
        words = [*map(str, tiny(shared, server, "--num-samples", 50, "--concurrency", 2, "--seed", 1))]
        process = preloaded.Popen(
            [sys.executable, "-m", "evalsite", *words], cwd=tmp_path, env=environment, stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        while len(server.requests) < 6:
            time.sleep(0.02)
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "stopping: keeping what has arrived (" in said, "nothing is graded with --no-grade"
    assert "Go on with: " in said
    (run,) = (tmp_path / "runs").iterdir()
    record = json.loads((run / "run.json").read_text())
    assert record["status"] == "interrupted"


@pytest.mark.parametrize("limit", [("--time-limit", "0.4s"), ("--token-limit", "10")])
def test_a_run_at_the_end_of_its_budget_says_so_and_how_to_go_on(evalsite, shared, limit):
    """Nothing was lost, so nothing is told to be; the command that it prints ends the run."""
    with running(FaultyServer(latency_s=0.2)) as server:
        done = evalsite(*tiny(shared, server, "--num-samples", 3, "--seed", 1, "--concurrency", 2, *limit))
        assert done.returncode == 8, done.stderr
        assert f"stopped at {limit[0]}" in done.stderr
        assert "the run ended before everything was asked" in done.stderr
        assert "could not be had" not in done.stderr
        words = shlex.split(done.stderr.rpartition("evalsite resume ")[2].splitlines()[0])
        again = evalsite("resume", *words, "--no-grade")
    assert again.returncode == 0, again.stderr
    assert "18 answers, not graded yet" in again.stderr


def test_quiet_leaves_results_and_errors(evalsite, shared):
    """No note on the data set's name or the API either."""
    with running(FaultyServer()) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade",
            "--data-path", shared / "cases/tiny.jsonl", "--quiet",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "note:" not in done.stderr
    assert "6 answers, not graded yet" in done.stderr


def test_verbose_tells_the_fate_of_every_request(evalsite, shared):
    """Those that were answered, and those that failed."""
    with running(FaultyServer()) as server:
        server.commit("http-500")
        done = evalsite("-v", *tiny(shared, server, "--concurrency", 1))
    assert done.returncode == 0, done.stderr
    assert "words of 500" in done.stderr
    told = {f"Tiny/{n}" for n in range(6) if f"Tiny/{n}: 1 of 1 in " in " ".join(done.stderr.split())}
    assert told == {f"Tiny/{n}" for n in range(6)}


@pytest.mark.parametrize(
    ("text", "told"),
    [("Here is the completed function:\n\ndef f():\n    return 1\n", True), ("    return 1\n", False)],
)
def test_an_instruct_model_behind_a_completions_page_is_told(evalsite, shared, text, told):
    """Ollama puts its chat template on that page, too: every program would be prose."""
    with running(FaultyServer(answer=lambda *_: text, honours_stop=False)) as server:
        done = evalsite(*tiny(shared, server))
    assert done.returncode == 0, done.stderr
    said = "6 of 6 answers talk about the code instead of going on with it"
    assert (said in " ".join(done.stderr.split())) is told


def test_where_nothing_was_answered_is_said_why_there_is_no_run(capsys):
    """The interrupt, or the reasons, the most frequent first, at most three."""
    assert _nothing_answered(Produced("interrupted", ())) == 130
    assert capsys.readouterr().err == f"interrupted. {NO_RUN}\n"
    lost = [Missing(problem="A", sample=0, error=f"why {n}", kind="http") for n in (1, 2, 2, 3, 3, 3, 4)]
    with pytest.raises(IncompleteError, match=r"had: 3 x why 3; 2 x why 2; 1 x why 1\n"):
        _nothing_answered(Produced("incomplete", tuple(lost)))
    for hint, said in (("Go on with: evalsite resume r", NO_RUN), ("Give a key.", f"Give a key. {NO_RUN}")):
        with pytest.raises(EndpointError) as refused:
            _nothing_answered(Produced("incomplete", (), EndpointError("no", hint=hint)))
        assert refused.value.hint == said
