"""A server that a script starts for itself: waited for, and ended with the script's need of it."""

import sys
import urllib.request

import pytest

from scripts.local_server import free_port, serving

ANSWERS = """
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def test_a_server_is_there_within_and_gone_afterwards():
    """It answers from the first request on."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with serving((sys.executable, "-c", ANSWERS, port), base) as server:
        with urllib.request.urlopen(f"{base}/v1/models", timeout=10) as answer:
            assert answer.status == 200
        assert server.poll() is None
    assert server.poll() is not None


def test_a_server_that_ends_by_itself_is_told_in_its_own_words():
    """What it said last stands in the message."""
    words = (sys.executable, "-c", "import sys; sys.exit('no such weights')")
    with pytest.raises(SystemExit, match="no such weights"), serving(words, "http://127.0.0.1:9"):
        pass
