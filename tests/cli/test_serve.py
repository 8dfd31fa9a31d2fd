"""``evalsite serve``: addresses that no page has."""

import socket
import subprocess
import sys

import pytest

from tests import preloaded

pytestmark = pytest.mark.linux


@pytest.fixture
def server(tmp_path, environment):
    """A site with a link out of it, served; returns the port and the process."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("here")
    (tmp_path / "secret").write_text("a secret")
    (site / "link").symlink_to(tmp_path / "secret")
    (site / "folder").symlink_to(tmp_path)
    process = preloaded.Popen(
        [sys.executable, "-m", "evalsite", "serve", site, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    yield int(process.stdout.readline().rstrip("/\n").rpartition(":")[2]), process
    process.kill()
    process.wait()


def ask(port, path):
    """Send an address as it is; the whole answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()


ADDRESSES = (
    *("/%00", "/a%00b/", "/%00/../x", "/link", "/folder/secret", "/folder/", "/..%2fsecret", "/%ff%fe"),
    *("//", "/" + "a" * 5000),
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_that_leads_nowhere_is_not_found(server, path):
    """One answer, no traceback, and nothing of what a link leads to; then the server goes on."""
    port, process = server
    answer = ask(port, path)
    assert answer.split()[1] in {"404"} | ({"200"} if path == "//" else set())
    assert "secret" not in answer.partition("\r\n\r\n")[2].replace("/secret", "")
    assert ask(port, "/index.html").endswith("here")
    process.terminate()
    assert "Traceback" not in process.communicate()[1]
