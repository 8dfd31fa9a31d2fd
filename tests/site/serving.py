"""A site on loopback, as a project page on GitHub is, and its pages in a browser."""

import functools
import http.server
import threading
from contextlib import contextmanager


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server below a prefix, as a project page on GitHub is."""

    prefix = "/"

    def translate_path(self, path):
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def send_error(self, code, message=None, explain=None):
        page = f"{self.directory}/404.html"
        if code != 404:
            super().send_error(code, message, explain)
            return
        with open(page, "rb") as file:  # noqa: PTH123
            body = file.read()
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@contextmanager
def serving(folder, prefix="/"):
    """Serve a site on loopback; yields its address."""
    handler = type("Handler", (_Quiet,), {"prefix": prefix})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def opening(chromium, address):
    """Yields what opens pages; fails where one of them complained, or asked for anything off the site."""
    contexts, complaints = [], []

    def open_one(path="", **options):
        base = options.pop("base", address)
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith((base, "data:")) or complaints.append(request.url),
        )
        page.goto(base + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
