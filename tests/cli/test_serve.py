"""``evalsite serve``: addresses that no page has, and none that it can listen at."""

import errno
import os
import signal
import socket
import struct
import subprocess
import sys
from unittest import mock

import pytest

from evalsite.cli.serve import _listen
from tests import preloaded
from tests.cli.helpers import failed

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


def ask(port, path, method="GET"):
    """Send an address as it is; the whole answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(f"{method} {path} HTTP/1.0\r\n\r\n".encode())
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
    process.send_signal(signal.SIGINT)
    assert "Traceback" not in process.communicate()[1]
    assert process.returncode == 130


def test_a_page_that_is_not_there_is_the_sites_own(server, tmp_path):
    """As GitHub Pages has it; a folder without a page is none; a question for the head alone gets that."""
    port, process = server
    (tmp_path / "site" / "404.html").write_text("nothing here")
    (tmp_path / "site" / "empty").mkdir()
    for path in ("/nothing", "/empty/", "/link"):
        answer = ask(port, path)
        assert answer.split()[1] == "404"
        assert answer.endswith("\r\n\r\nnothing here")
    head = ask(port, "/nothing", "HEAD")
    assert "Content-Length: 12" in head
    assert head.endswith("\r\n\r\n")
    assert ask(port, "/", "POST").split()[1] == "501"
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130


@pytest.mark.parametrize("host", ["not an address", "a..b", "192.0.2.1"])
def test_an_address_that_this_machine_does_not_have_is_refused(evalsite, tmp_path, host):
    """None that could be looked up, and none of another machine's (RFC 5737)."""
    (tmp_path / "index.html").write_text("here")
    done = evalsite("serve", tmp_path, "--host", host, "--port", "0")
    failed(done, 2, f"--host {host}: no address of this machine", "0.0.0.0 all")


def test_a_port_in_use_is_refused(evalsite, tmp_path):
    """With the option that finds a free one."""
    (tmp_path / "index.html").write_text("here")
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = evalsite("serve", tmp_path, "--port", other.getsockname()[1])
    failed(done, 7, "cannot be used (Address already in use)", "evalsite serve --port 0")


REFUSED = (
    (errno.EACCES, 80, 7, "evalsite serve --port 0"),
    (errno.EACCES, 8000, 7, "can be opened from the disk"),
    (errno.EPERM, 0, 7, "can be opened from the disk"),
    (errno.EAFNOSUPPORT, 8000, 2, "no address of this machine"),
)
"""What listening is answered, the port, the exit code, and what to do then."""


@pytest.mark.parametrize(("number", "port", "code", "words"), REFUSED)
def test_a_hint_is_one_that_can_help(evalsite, tmp_path, monkeypatch, number, port, code, words):
    """Another port only where it is the port's fault."""
    (tmp_path / "index.html").write_text("here")
    refusing = mock.Mock(side_effect=OSError(number, os.strerror(number)))
    monkeypatch.setattr("evalsite.cli.serve._Server.server_bind", refusing)
    failed(evalsite("serve", tmp_path, "--port", port), code, os.strerror(number), words)


def test_a_name_is_listened_at_where_one_of_its_addresses_is_here(tmp_path, monkeypatch):
    """As localhost, where IPv6 is switched off and its address still stands among the hosts; nobody is
    asked for this machine's name, for which there may be no name server.
    """
    addresses = [(socket.AF_INET, 1, 6, "", (host, 0)) for host in ("192.0.2.1", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
    monkeypatch.setattr(socket, "getfqdn", mock.Mock(side_effect=AssertionError))
    with _listen("localhost", 0, mock.Mock()) as server:
        assert server.server_address[0] == "127.0.0.1"
        assert server.server_port == server.server_address[1] > 0


def test_a_visitor_who_leaves_is_no_news(server, tmp_path):
    """Half-way through a large page, as browsers do."""
    port, process = server
    (tmp_path / "site" / "large").write_bytes(bytes(1 << 24))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset it
        connection.sendall(b"GET /large HTTP/1.0\r\n\r\n")
        assert connection.recv(10) == b"HTTP/1.0 2"
    assert ask(port, "/index.html").endswith("here")
    process.send_signal(signal.SIGINT)
    assert " ".join(process.communicate()[1].split()) == "Ctrl-C ends it interrupted"
