"""The way to a server: whose certificates are believed, and which proxy lies between."""

import functools
import ssl
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from evalsite.errors import UsageError

FROM_ENVIRONMENT = "env"
"""As a proxy: what ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``NO_PROXY`` say."""


@dataclass(frozen=True)
class Route:
    """``ca_file`` holds certificates (PEM) to believe besides the system's; ``proxy`` may be secret."""

    ca_file: str = ""
    proxy: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.ca_file:
            _context(self.ca_file)
        parts = urlsplit(self.proxy)
        if self.proxy not in ("", FROM_ENVIRONMENT) and (parts.scheme != "http" or not parts.hostname):
            raise UsageError(
                "--proxy is not the address of an HTTP proxy (not repeated: it may hold a password)",
                hint="Such as: --proxy http://proxy.example:3128, or --proxy env for the environment's.",
            )

    @property
    def context(self) -> ssl.SSLContext | bool:
        """What aiohttp takes as ``ssl``: True is the system's own."""
        return _context(self.ca_file) if self.ca_file else True

    def proxy_for(self, url: str) -> str | None:
        """Return the proxy for an address; None for none."""
        if self.proxy != FROM_ENVIRONMENT:
            return self.proxy or None
        parts = urlsplit(url)
        if urllib.request.proxy_bypass(parts.hostname or ""):
            return None
        return urllib.request.getproxies().get(parts.scheme)

    def secrets(self) -> frozenset[str]:
        """Return every string of a proxy's address that must never be shown."""
        parts = urlsplit(self.proxy)
        return frozenset(filter(None, (parts.password, parts.username)))


DIRECT = Route()
"""No proxy, and the system's certificates."""


@functools.lru_cache
def _context(ca_file: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        context.load_verify_locations(Path(ca_file))
    except (OSError, ssl.SSLError) as exc:
        raise UsageError(
            f"--ca-file {ca_file}: no certificates can be read from it ({exc})",
            hint="It is a text file with -----BEGIN CERTIFICATE----- in it.",
        ) from exc
    return context
