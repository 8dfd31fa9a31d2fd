"""``evalsite run --dry-run``: what would be asked, without asking."""

from pathlib import Path

from evalsite.rundir.store import RunDir
from tests.cli.helpers import asking, running
from tests.faulty_server import FaultyServer


def test_a_rehearsal_says_what_would_be_asked_and_asks_nothing(evalsite, shared, tmp_path):
    """Requests, tokens, the first prompt."""
    done = evalsite(
        *asking("http://127.0.0.1:1", shared), "--dry-run", "--num-samples", 3, "--seed", 1,
        "--max-tokens", 100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("18 requests for 18 samples of 6 problems")
    assert "at most 1,800 of answers" in done.stdout
    assert "def plus_one(n):" in done.stdout
    assert not (tmp_path / "runs").exists()


def test_a_rehearsal_shows_the_prompt_of_the_api_that_is_likely(evalsite):
    """Nobody is asked, and nearly every server chats."""
    done = evalsite("run", "--model-endpoint", "http://127.0.0.1:9", "--model-name", "m", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "prompt style chat-v1, chat API" in done.stdout


def test_a_rehearsal_expects_what_an_earlier_run_needed(evalsite, shared):
    """The model's own answers to the same problems tell more than the limit does."""
    with running(FaultyServer()) as server:
        done = evalsite(*asking(server.url, shared), "--no-grade")
        assert done.returncode == 0, done.stderr
    run = RunDir(Path(done.stdout.splitlines()[-1]))
    told = sum(row.completion_tokens for row in run.completions())
    again = evalsite(*asking("http://127.0.0.1:1", shared), "--dry-run", "--num-samples", 3)
    assert (
        f"about {3 * told:,} tokens of answers, if they are as long as those of {run.path.name}"
        in again.stdout
    )
