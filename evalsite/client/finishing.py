"""Why an answer ended, in whichever words, spellings and shapes servers say it. Pure."""

import functools
import re

ABORTED = frozenset(
    {
        "abort", "aborted", "error", "cancel", "cancelled", "canceled", "user_cancel", "network_error",
        "timeout", "time_limit",
        "insufficient_system_resource",
    }
)  # fmt: skip
"""By these servers own up that they gave up: the answer is not the model's."""

FILTERED = frozenset(
    {
        "safety", "recitation", "blocklist", "prohibited_content", "spii", "sensitive",
        "guardrail_intervened", "error_toxic", "content_filtered",
    }
)  # fmt: skip
"""Of a service's own censor, besides all that begin with ``content_filter``."""

LENGTH = frozenset(
    {
        "length", "limit", "length_limit", "max_len", "max_length", "max_tokens", "max_tokens_reached",
        "max_new_tokens", "max_output_tokens", "max_completion_tokens", "max_context", "model_length",
        "token_limit", "error_limit", "model_context_window_exceeded", "context_length",
        "context_length_exceeded",
    }
)  # fmt: skip
"""The token limit cut the answer off."""

MOST_SPELLING = 200
"""Characters of a reason that are looked at."""

_PREFIX = re.compile(r"^(?:finish_?reason|stop_?reason|reason)_")
_KEYS = ("type", "reason", "finish_reason", "stop_reason", "name", "value")


def known_finish(reason: object) -> str | None:
    """Return a finish reason in the words of the OpenAI API: ``length`` where the token limit was hit.

    Any other one stays the server's word. An object's word is its type, or the key that holds something; a
    list's the first; of a number the digits are kept. None where there is none, which an empty text is too.
    """
    if isinstance(reason, str):
        return "length" if plain_word(reason) in LENGTH else reason or None
    if isinstance(reason, dict):
        said = [reason[key] for key in _KEYS if reason.get(key)] or [key for key in reason if reason[key]]
        return known_finish(said[0]) if said else None
    if isinstance(reason, list | tuple):
        return known_finish(reason[0]) if reason else None
    if isinstance(reason, bool) or reason is None:
        return None
    return known_finish(str(reason))


def plain_word(reason: str) -> str:
    """Return a reason without what is mere spelling: ``FINISH_REASON_MAX_TOKENS`` is ``max_tokens``."""
    return _plain(reason[:MOST_SPELLING])


@functools.lru_cache(maxsize=64)
def _plain(reason: str) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", reason.strip())
    return _PREFIX.sub("", re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_"))


def is_filter(reason: str | None) -> bool:
    """Whether a finish reason says that a service's own filter took the answer away."""
    word = plain_word(reason or "")
    return word.startswith("content_filter") or word in FILTERED


def is_abort(reason: str | None) -> bool:
    """Whether a finish reason says that the server gave up on the answer."""
    return plain_word(reason or "") in ABORTED
