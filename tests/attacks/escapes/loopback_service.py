# expect: sandbox_violation
"""Talks to a service that listens on the host."""

import urllib.request

try:
    urllib.request.urlopen("http://127.0.0.1:@PORT@/", timeout=2)
except OSError as exc:
    raise getattr(exc, "reason", exc)
