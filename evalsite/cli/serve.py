"""``evalsite serve``: look at a built site on this machine."""

import errno
import functools
import http.server
import socket
import socketserver
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import say
from evalsite.cli.parameters import FOLDER, option
from evalsite.errors import OutputError, UsageError
from evalsite.words.commands import command as as_command

_ADDRESSES = "127.0.0.1 is this machine, 0.0.0.0 all."
_FROM_DISK = (
    "What watches over this process lets it listen nowhere. Pages can be opened from the disk, too, without "
    "a server: begin with index.html."
)
_NOT_OURS = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""What listening at another machine's address is answered, or at one of a kind that is switched off."""
_ANYBODYS = 1024
"""From this port on, listening takes no rights."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files as GitHub Pages does: no listings, and 404.html for what is not there."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass

    def send_head(self) -> Any:
        """Answer 404 to an address that no file can have, and where a link leads out of the site."""
        path = Path(self.translate_path(self.path))
        if "\0" in str(path) or not path.resolve().is_relative_to(Path(self.directory).resolve()):
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path: object) -> None:  # noqa: ARG002 - the base class's signature
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(http.server.ThreadingHTTPServer):
    def server_bind(self) -> None:
        """Ask nobody what this machine is called: it takes a minute where no name server answers."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base's signature
        """A visitor who has gone is no news; of all else a line."""
        exc = sys.exception()
        if not isinstance(exc, ConnectionError):
            say(f"warning: a page was not sent: {str(exc) or type(exc).__name__}")


@click.command("serve")
@click.argument("site", type=FOLDER, default=Path("site"))
@option("--port", type=click.IntRange(0, 65535), default=8000, help="0: any free one.")
@option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Where to listen: 0.0.0.0 (or ::) lets other machines look, such as from outside of a container.",
)
def command(site: Path, port: int, host: str) -> None:
    """Serve a built SITE (default: site/) until Ctrl-C; on this machine only, unless --host is given."""
    if not (site / "index.html").is_file():
        raise UsageError(
            f"{site}: holds no built site",
            hint=f"Build one first: {as_command('build', '--output', site)}",
        )
    handler = functools.partial(_Handler, directory=str(site))
    server = _listen(host, port, handler)
    with server:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{server.server_port}/")
        if not _is_local(host):
            say("note: whoever reaches this machine can look at it")
        say("Ctrl-C ends it")
        server.serve_forever()


def _listen(host: str, port: int, handler: Callable[..., _Handler]) -> _Server:
    """Listen at the first of a name's addresses that can be listened at: not every machine has IPv6."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as exc:
        raise UsageError(f"--host {host}: no address of this machine ({exc})", hint=_ADDRESSES) from exc
    refused: list[OSError] = []
    for family, *_, address in found:
        try:
            server: _Server = type("Server", (_Server,), {"address_family": family})(address, handler)
        except OSError as exc:
            refused.append(exc)
        else:
            return server
    said = next((exc for exc in refused if exc.errno not in _NOT_OURS), refused[0])
    if said.errno in _NOT_OURS:
        raise UsageError(f"--host {host}: no address of this machine ({said.strerror})", hint=_ADDRESSES)
    other_port = said.errno == errno.EADDRINUSE or 0 < port < _ANYBODYS
    raise OutputError(
        f"port {port} cannot be used ({said.strerror})",
        hint="Choose another: evalsite serve --port 0" if other_port else _FROM_DISK,
    )


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
