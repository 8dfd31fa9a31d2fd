"""``evalsite serve``: look at a built site on this machine."""

import errno
import functools
import http.server
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evalsite.cli.console import say
from evalsite.cli.options import FOLDER
from evalsite.errors import OutputError, UsageError
from evalsite.words.commands import command as as_command


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


@click.command("serve")
@click.argument("site", type=FOLDER, default=Path("site"))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
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


def _listen(host: str, port: int, handler: Callable[..., _Handler]) -> http.server.ThreadingHTTPServer:
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as exc:
        raise UsageError(
            f"--host {host}: no address of this machine ({exc})",
            hint="127.0.0.1 is this machine, 0.0.0.0 all.",
        ) from exc
    kind = type("Server", (http.server.ThreadingHTTPServer,), {"address_family": family})
    try:
        server: http.server.ThreadingHTTPServer = kind(address[:2], handler)
    except OSError as exc:
        if exc.errno == errno.EADDRNOTAVAIL:
            raise UsageError(
                f"--host {host}: no address of this machine", hint="127.0.0.1 is this machine, 0.0.0.0 all."
            ) from exc
        raise OutputError(
            f"port {port} cannot be used ({exc.strerror})", hint="Choose another: evalsite serve --port 0"
        ) from exc
    return server


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
