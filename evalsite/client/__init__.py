"""Prompt -> Completion: the client of OpenAI-compatible servers; and what a server is and takes."""

from evalsite.client.core import SAMPLE_SEED, Client, Missing, Outcome, Work, most_choices, seed_for
from evalsite.client.endpoints import DEFAULT_API, Endpoint, parse_endpoint
from evalsite.client.transport import Timeouts

__all__ = [
    "DEFAULT_API",
    "SAMPLE_SEED",
    "Client",
    "Endpoint",
    "Missing",
    "Outcome",
    "Timeouts",
    "Work",
    "most_choices",
    "parse_endpoint",
    "seed_for",
]
