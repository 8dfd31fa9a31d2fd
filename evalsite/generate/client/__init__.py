"""Prompt -> Completion: the client of OpenAI-compatible servers, and the only importer of aiohttp here."""

from evalsite.generate.client.core import Client, Missing, Outcome, Work, seed_for
from evalsite.generate.client.endpoints import DEFAULT_API, Endpoint, parse_endpoint
from evalsite.generate.client.transport import Timeouts

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
