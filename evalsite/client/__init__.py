"""Prompt -> Completion: the client of OpenAI-compatible servers; and what a server is and takes."""

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
