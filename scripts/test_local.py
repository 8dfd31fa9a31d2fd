"""Tries evalsite with a real model: llama.cpp's Python server and SmolLM2-135M, both from PyPI; no GPU.

Called by ``make test-local``. Asks 5 problems of HumanEval on both APIs, streaming and not, grades them, and
checks that every run is complete and sound. Then it asks a suite of four languages (``suite.jsonl``, three
problems in each) on both APIs, and builds a site of it. A server that offers tools is asked for calls (by the
API and by words), edits, and as an agent, and a site shows what came. Last it asks on both APIs through a
gateway that limits the rate, with a prompt of one's own, and kills the server in the middle; holds the
distances of three quantizations against exact figures; and carries out a sweep of three quantizations that is
killed twenty times. The model is tiny: that it solves hardly anything is expected.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.local_distance import distances
from scripts.local_server import free_port, serving, shipped_weights
from scripts.local_sweep import sweep
from tests.gateway import Gateway

PROBLEMS = 5
SUITE = Path(__file__).with_name("suite.jsonl")
LANGUAGES = ("Python", "JavaScript", "C++", "Go")
"""Those of the suite, as pages call them."""


def main() -> None:
    """Start the server, make four runs and two through a gateway, and say how they went."""
    model = shipped_weights()
    port = free_port()
    with tempfile.TemporaryDirectory() as runs_dir:
        with started(model, port):
            for path in ("completions", "chat/completions"):
                for stream in ("--stream", "--no-stream"):
                    check(f"http://127.0.0.1:{port}/v1/{path}", stream, Path(runs_dir))
            in_four_languages(f"http://127.0.0.1:{port}/v1", Path(runs_dir, "suite"))
        # This format heeds no max_tokens: an answer ends with the context, after half a minute.
        with started(model, port, "--chat_format", "chatml-function-calling", "--n_ctx", "1024"):
            with_tools(f"http://127.0.0.1:{port}/v1/chat/completions", Path(runs_dir, "tools"))
        for path in ("completions", "chat/completions"):
            through_gateway(lambda: started(model, port), port, path, Path(runs_dir))
    for task in (distances, sweep):
        with tempfile.TemporaryDirectory() as folder:
            print(task(Path(folder)))


def started(model: Path, port: int, *more: str) -> AbstractContextManager[object]:
    """llama.cpp's server, for as long as the context lasts."""
    words = (sys.executable, "-m", "llama_cpp.server", "--model", model, "--host", "127.0.0.1")
    return serving((*words, "--port", port, "--n_ctx", "4096", *more), f"http://127.0.0.1:{port}")


def through_gateway(
    start: Callable[[], AbstractContextManager[object]], port: int, path: str, runs_dir: Path
) -> None:
    """Make a run with a prompt of one's own through a gateway that lets two requests a second pass.

    In its middle the server is killed, and started again; meanwhile the gateway says what Envoy does. No
    sample may be lost by that.
    """
    template = runs_dir / "prompt.jinja"
    template.write_text("# Python 3\n{{ prompt }}", "utf-8")
    with Behind(Gateway(f"http://127.0.0.1:{port}", per_s=2)) as gateway:
        with start():
            run = subprocess.Popen(
                [
                    *(sys.executable, "-m", "evalsite", "run", "--model-name", "smollm2-135m"),
                    *("--model-endpoint", f"{gateway.url}/v1/{path}", "--prompt-file", str(template)),
                    *("--max-problems", str(PROBLEMS), "--num-samples", "2", "--max-tokens", "64"),
                    *("--concurrency", "4", "--seed", "0", "--no-grade", "--runs-dir", str(runs_dir)),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            while gateway.passed < PROBLEMS and run.poll() is None:
                time.sleep(0.05)
        time.sleep(2)
        with start():
            told, said = run.communicate(timeout=600)
    if run.returncode:
        sys.exit(f"evalsite run through a gateway failed with exit code {run.returncode}:\n{said}")
    rows = (Path(told.splitlines()[-1]) / "completions.jsonl").read_bytes().splitlines()
    assert len(rows) == 2 * PROBLEMS, len(rows)
    print(
        f"{path} through a gateway, with a restart: {len(rows)} answers, {gateway.refused} requests refused"
    )


class Behind:
    """A gateway in a thread of its own, for as long as the context lasts."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Gateway:
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._gateway.__aenter__(), self._loop).result()

    def __exit__(self, *exc_info: object) -> None:
        asyncio.run_coroutine_threadsafe(self._gateway.__aexit__(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def check(endpoint: str, stream: str, runs_dir: Path) -> None:
    """Make one run and check it."""
    done = evalsite(
        "run", "--model-endpoint", endpoint, "--model-name", "smollm2-135m", stream, "--runs-dir", runs_dir,
        "--max-problems", PROBLEMS, "--max-tokens", 128, "--concurrency", 1, "--seed", 0,
    )  # fmt: skip
    run = Path(done.splitlines()[-1])
    evalsite("validate", run)
    record = json.loads((run / "run.json").read_text())
    rows = [json.loads(line) for line in (run / "completions.jsonl").read_text().splitlines()]
    assert record["status"] == "complete", record["status"]
    assert len(rows) == PROBLEMS, len(rows)
    assert all(row["latency_s"] > 0 for row in rows), rows
    if stream == "--no-stream":  # in streams this server counts no tokens
        assert all(row["completion_tokens"] is not None for row in rows), rows
    said = [row for row in rows if row["text"]]  # a stop sequence may end an answer before its first word
    assert all((row["first_token_s"] is not None) == (stream == "--stream") for row in said), said
    verdicts = json.loads((run / "summary.json").read_text())["verdicts"]
    print(f"{endpoint} {stream}: {len(rows)} answers, verdicts {verdicts}")


def in_four_languages(server: str, runs_dir: Path) -> None:
    """Ask three problems in each of four languages, grade the answers, and show them on a site.

    Whatever the model says: references pass and stubs fail before it is asked, and no verdict is lacking.
    """
    evalsite("check-dataset", SUITE)
    asked = len(SUITE.read_text("utf-8").splitlines())
    for path in ("completions", "chat/completions"):
        done = evalsite(
            "run", "--model-endpoint", f"{server}/{path}", "--model-name", "smollm2-135m", "--seed", 0,
            "--dataset", "suite", "--data-path", SUITE, "--max-tokens", 96, "--concurrency", 1,
            "--runs-dir", runs_dir,
        )  # fmt: skip
        run = Path(done.splitlines()[-1])
        evalsite("validate", run)
        verdicts = json.loads((run / "summary.json").read_text())["verdicts"]
        assert sum(verdicts.values()) == asked, verdicts
        print(f"{len(LANGUAGES)} languages on {path}: {asked} answers, verdicts {verdicts}")
    evalsite("build", "--runs", runs_dir, "--output", runs_dir.parent / "site")
    page = (runs_dir.parent / "site" / "index.html").read_text("utf-8")
    assert ", ".join(LANGUAGES) in page, "the front page does not name the languages"


WEATHER = {
    "name": "forecast",
    "description": "Say what the weather will be.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
CALLS = (
    {"task_id": "rome", "messages": [{"role": "user", "content": "Will it rain in Rome?"}],
     "tools": [{"type": "function", "function": WEATHER}], "expected": [{"forecast": {"city": ["Rome"]}}]},
    {"task_id": "thanks", "messages": [{"role": "user", "content": "Thank you."}],
     "tools": [{"type": "function", "function": WEATHER}], "expected": "none"},
)  # fmt: skip
EXERCISE = {
    "instructions.md": "Write the function `add`, which adds two numbers.\n",
    "solution/add.py": "def add(a, b):\n    pass\n",
    "tests/add_test.py": "import unittest\nfrom add import add\n\n\nclass AddTest(unittest.TestCase):\n"
    "    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n",
    "example/add.py": "def add(a, b):\n    return a + b\n",
}


def with_tools(endpoint: str, runs_dir: Path) -> None:
    """Ask for calls, by the API and by words, for edits and their second turn, and for an agent.

    Whatever the model says: every answer has a verdict, every run is sound, and a site shows them.
    """
    runs_dir.mkdir()
    calls, exercises = runs_dir.parent / "calls.jsonl", runs_dir.parent / "exercises"
    calls.write_text("".join(f"{json.dumps(record)}\n" for record in CALLS), "utf-8")
    for name, text in EXERCISE.items():
        path = exercises / "add" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    agent = ("--dataset", "polyglot-agent-python", "--data-path", exercises, "--max-turns", 3)
    asked: dict[str, tuple[object, ...]] = {
        "calls by tools": ("--dataset", "calls", "--data-path", calls),
        "calls by words": ("--dataset", "calls", "--data-path", calls, "--calls", "prompt"),
        "edits": ("--dataset", "mine", "--data-path", exercises, "--edit-format", "whole", "--turns", 2),
        "an agent": agent,
    }
    for name, options in asked.items():
        done = evalsite(
            "run", "--model-endpoint", endpoint, "--model-name", "smollm2-135m", "--seed", 0, "--no-stream",
            "--max-tokens", 64, "--concurrency", 1, "--runs-dir", runs_dir, *options,
        )  # fmt: skip
        run = Path(done.splitlines()[-1])
        evalsite("validate", run)
        summary = json.loads((run / "summary.json").read_text())
        assert sum(summary["verdicts"].values()) == (2 if "calls" in name else 1), summary["verdicts"]
        assert {"calls", "edits", "agent"} & summary.keys(), summary
        print(f"{name}: verdicts {summary['verdicts']}")
    evalsite("build", "--runs", runs_dir, "--output", runs_dir.parent / "tools-site")
    pages = [page.read_text("utf-8") for page in (runs_dir.parent / "tools-site").glob("runs/*/*/index.html")]
    assert any('class="transcript"' in page for page in pages), "no page shows a transcript"


def evalsite(*args: object) -> str:
    """Run a command of evalsite; a failure ends the script with its words."""
    done = subprocess.run(
        [sys.executable, "-m", "evalsite", *map(str, args)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"evalsite {args[0]} failed with exit code {done.returncode}:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
