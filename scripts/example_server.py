"""A model's server for ``record_behaviour.py``: the answer depends on the problem and the seed alone."""

import errno
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from example_data import BODIES, HUMANEVAL, MBPP, Row, Task

MODEL = "recorded-model"
PORT = 18722
"""Always the same, since a run's identity hashes the endpoint; another recording's is waited for."""
WAIT_S = 300
SEED, SEED_STEP = 7, 1_000_003
"""Of a run with ``--seed 7``; docs/decisions/README.md tells how the seeds of its samples follow."""

_TASKS = {task.name: task for task in (*HUMANEVAL, *MBPP)}
_VERDICTS = ("passed", *BODIES)


def answer(prompt: str, seed: int) -> tuple[str, str]:
    """Return an answer and its finish reason; two samples of seven problems earn all verdicts."""
    found = re.search(r"(?:def |function )(\w+)", prompt.partition("```")[2] or prompt)
    task = _TASKS[found[1]] if found else HUMANEVAL[0]
    sample = (seed - SEED) // SEED_STEP
    verdict = _VERDICTS[(2 * _place(task) + sample) % len(_VERDICTS)] if sample < 2 else "passed"
    return task.answer(verdict), "length" if verdict == "truncated" else "stop"


def _place(task: Task) -> int:
    return HUMANEVAL.index(task) if task in HUMANEVAL else MBPP.index(task)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages: dict[str, Row] = {
            "/v1/models": {"object": "list", "data": [{"id": MODEL, "object": "model"}]},
            "/version": {"version": "1.2.3"},
        }
        page = pages.get(self.path)
        self._begin(200 if page else 404, "application/json")
        self.wfile.write(json.dumps(page or {"error": {"message": "no such page"}}).encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text, reason = answer(asked["messages"][-1]["content"], asked["seed"])
        frame = {"model": MODEL, "system_fingerprint": "fp_1"}
        usage = {"prompt_tokens": 7, "completion_tokens": len(text)}
        if not asked.get("stream"):
            choice = {"index": 0, "message": {"content": text}, "finish_reason": reason}
            self._begin(200, "application/json")
            self.wfile.write(json.dumps({**frame, "choices": [choice], "usage": usage}).encode())
            return
        self._begin(200, "text/event-stream")
        for start in range(0, len(text), 40):
            delta = {"content": text[start : start + 40]}
            self._send({**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        self._send({**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self._send({**frame, "choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _begin(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _send(self, event: Row) -> None:
        self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """Serve on loopback; yields the base URL."""
    server = _bind()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _bind() -> ThreadingHTTPServer:
    for _ in range(WAIT_S * 5):
        try:
            return ThreadingHTTPServer(("127.0.0.1", PORT), _Handler)
        except OSError as exc:
            if exc.errno != errno.EADDRINUSE:
                raise
            time.sleep(0.2)
    raise SystemExit(f"port {PORT} is taken, and was not given back for {WAIT_S} s")
