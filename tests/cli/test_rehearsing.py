"""``evalsite run --dry-run``: what would be asked, without asking."""

import json
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


GAP = {
    "task_id": "Gap/0",
    "prompt": "def f(x):\n",
    "suffix": "    return y\n",
    "entry_point": "f",
    "canonical_solution": "    y = x\n",
    "test": "def check(candidate):\n    assert candidate(1) == 1\n",
}


def test_a_gap_is_asked_by_the_tokens_of_the_models_family(evalsite, tmp_path):
    """Where its model card tells the family; else what stands behind the gap goes beside the prompt."""
    (tmp_path / "gaps.jsonl").write_text(json.dumps(GAP))
    (tmp_path / "card.toml").write_text('family = "Qwen2.5-Coder"\n')
    asked = [
        *("run", "--model-endpoint", "http://127.0.0.1:9", "--model-name", "m", "--dry-run"),
        *("--dataset", "gaps", "--data-path", "gaps.jsonl"),
    ]
    by_family = evalsite(*asked, "--model-card", "card.toml")
    assert by_family.returncode == 0, by_family.stderr
    assert "prompt style fim-qwen-v1, completions API" in by_family.stdout
    assert "<|fim_prefix|>def f(x):\n<|fim_suffix|>    return y\n<|fim_middle|>" in by_family.stdout
    plain = evalsite(*asked, "--api", "completions")
    assert "prompt style completion-v1" in plain.stdout
    assert "[sent beside it, as suffix:]\n    return y" in plain.stdout
