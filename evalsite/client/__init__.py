"""Prompt -> Completion: the client of OpenAI-compatible servers; and what a server is and takes."""

from evalsite.client.core import Client, Missing, Outcome, Work, seed_for
from evalsite.client.endpoints import DEFAULT_API, Endpoint, parse_endpoint
from evalsite.client.transport import Timeouts

__all__ = [
    "DEFAULT_API",
    "Client",
    "Endpoint",
    "Missing",
    "Outcome",
    "Timeouts",
    "Work",
    "parse_endpoint",
    "seed_for",
]
