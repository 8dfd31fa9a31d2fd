"""What a refusal is about: a feature that can be left out, this prompt, or everything. Pure."""

import re
from collections.abc import Mapping

from evalsite.client.faults import FaultError, RefusalError
from evalsite.client.protocol import Features

ABOUT_A_FEATURE = frozenset({400, 404, 405, 415, 422, 501})
"""Statuses whose words may name a field that the server does not take."""

_NAMED: Mapping[str, re.Pattern[str]] = {
    "continues": re.compile(r"\b(?:continue_final_message|add_generation_prompt)\b"),
    "stream_usage": re.compile(r"\b(?:stream_options|include_usage)\b"),
    "stream": re.compile(r"\bstream(?:ing|ed|s)?\b"),
    "max_tokens": re.compile(r"\bmax_completion_tokens\b"),
    "choices": re.compile(
        r"[`'\"]n[`'\"]|\bn(?:[=:]| ?[<>=]| must| should| has| is|_cmpl\b)|\bbest_of\b|"
        r"\bnum_return_sequences\b|"
        r"\b(?:multiple|several|one|single|many) (?:choices?|completions?|generations?)\b|\bparameter:? n\b"
    ),
    "stops": re.compile(r"\bstops?\b|\bstop_(?:sequences|words|strings)\b"),
}
"""Feature -> the words that name it, in the order in which they are given up."""

TOLD: Mapping[str, str] = {
    "stream": "answers are asked for in one piece: no time to the first token",
    "stream_usage": "it counts no tokens of streamed answers: no time per output token",
    "choices": "samples are asked for one by one",
    "stops": "no stop sequences are sent, and answers are cut there when they are here",
}
"""Feature -> what it means that a server does without."""


def refused_feature(used: Features, n: int, failure: RefusalError | FaultError) -> str:
    """Return the optional feature that a request used and that its refusal names, or an empty string.

    A gateway's "no healthy upstream" is no word about streams, and a passing failure none about features.
    """
    if used.reuse and isinstance(failure, FaultError) and failure.kind == "reset":
        return "reuse"
    if not isinstance(failure, RefusalError) or failure.status not in ABOUT_A_FEATURE:
        return ""
    words = failure.words.lower()
    in_use = {
        "continues": used.continues,
        "stream_usage": used.stream and used.stream_usage,
        "stream": used.stream,
        "max_tokens": used.tokens_field == "max_tokens",
        "choices": n > 1,
        "stops": used.stops,
    }
    return next((name for name, named in _NAMED.items() if in_use[name] and named.search(words)), "")


def is_about_length(words: str) -> bool:
    """Whether a refusal's words are about the length of a prompt, and so about that prompt alone."""
    return _LENGTH.search(words) is not None


def is_about_prompt(words: str) -> bool:
    """Whether a refusal's words are about this prompt's length or content: others may well be answered."""
    return is_about_length(words) or _CONTENT.search(words) is not None


_CONTENT = re.compile(
    r"\bcontent[ _](?:\w+ )?(?:filter|policy)|\b(?:was|been) (?:flagged|filtered)\b|\bmoderation\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"\bcontext[ _](?:length|window|size)|\btoo (?:long|large|many tokens)\b|"
    r"\bmaximum \w*[ _]?(?:length|tokens)\b|"
    r"\bexceed\w* .*\b(?:tokens?|length|context|limit)\b",
    re.IGNORECASE,
)
