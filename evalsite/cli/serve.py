"""``evalsite serve``: look at a built site on this machine."""

import functools
import http.server
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
def command(site: Path, port: int) -> None:
    """Serve a built SITE (default: site/) on this machine only, until Ctrl-C."""
    if not (site / "index.html").is_file():
        raise UsageError(
            f"{site}: holds no built site",
            hint=f"Build one first: {as_command('build', '--output', site)}",
        )
    handler = functools.partial(_Handler, directory=str(site))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as exc:
        raise OutputError(
            f"port {port} cannot be used ({exc.strerror})", hint="Choose another: evalsite serve --port 0"
        ) from exc
    with server:
        click.echo(f"http://127.0.0.1:{server.server_port}/")
        say("Ctrl-C ends it")
        server.serve_forever()
