"""Prompt -> Completion: the client of OpenAI-compatible servers; and what a server is and takes.

What is asked for is loaded then: readers of other tools' files want what servers say, and nobody asked.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalsite.client.core import SAMPLE_SEED, Client, most_choices, seed_for
    from evalsite.client.endpoints import DEFAULT_API, Endpoint, names_api, parse_endpoint
    from evalsite.client.feed import Work
    from evalsite.client.transport import Timeouts
    from evalsite.client.trying import Missing, Outcome
    from evalsite.client.waiting import Notice

__all__ = [
    "DEFAULT_API",
    "SAMPLE_SEED",
    "Client",
    "Endpoint",
    "Missing",
    "Notice",
    "Outcome",
    "Timeouts",
    "Work",
    "most_choices",
    "names_api",
    "parse_endpoint",
    "seed_for",
]

_WHERE = {
    "Client": "evalsite.client.core",
    "DEFAULT_API": "evalsite.client.endpoints",
    "Endpoint": "evalsite.client.endpoints",
    "Missing": "evalsite.client.trying",
    "Notice": "evalsite.client.waiting",
    "Outcome": "evalsite.client.trying",
    "SAMPLE_SEED": "evalsite.client.core",
    "Timeouts": "evalsite.client.transport",
    "Work": "evalsite.client.feed",
    "most_choices": "evalsite.client.core",
    "names_api": "evalsite.client.endpoints",
    "parse_endpoint": "evalsite.client.endpoints",
    "seed_for": "evalsite.client.core",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
