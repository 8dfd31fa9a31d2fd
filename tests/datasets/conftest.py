"""No data set of this machine is in the way, and servers of our own publish others."""

import http.server
import json
import threading
from contextlib import ExitStack

import pytest

from evalsite.datasets import KNOWN
from evalsite.datasets.catalogue.base import Known, Published


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("EVALSITE_DATA", raising=False)
    folder = tmp_path / "cache" / "evalsite" / "datasets"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def publish(monkeypatch):
    """Publish records, or a body, as a known data set on a real server; returns the paths asked for, live."""
    with ExitStack() as servers:

        def serve(name, *records, files=1, sha256="", length=None, status=200):
            asked = []
            bodies = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in records]

            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    asked.append(self.path)
                    body = bodies[names.index(self.path.lstrip("/"))]
                    self.send_response(status)
                    self.send_header("Content-Length", str(length or len(body)))
                    self.end_headers()
                    self.wfile.write(body)

                def log_message(self, *args):
                    pass

            server = servers.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.callback(server.shutdown)
            names = [f"{name}.jsonl"] if files == 1 else [f"{name}-{number}.jsonl" for number in range(files)]
            address = f"http://127.0.0.1:{server.server_port}"
            published = tuple(Published(each, f"{address}/{each}") for each in names)
            monkeypatch.setitem(KNOWN, name, Known(files=published, kinds=("code",), sha256=sha256))
            return asked

        yield serve
