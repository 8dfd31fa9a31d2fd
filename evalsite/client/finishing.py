"""Why an answer ended, in whichever words, spellings and shapes servers say it. Pure."""

import functools
import re
from collections.abc import Mapping
from typing import Any

ABORTED = frozenset(
    {
        "abort", "aborted", "error", "cancel", "cancelled", "canceled", "user_cancel", "network_error",
        "timeout", "timed_out", "time_limit", "user_stopped", "model_unloaded", "failed", "server_error",
        "internal_error", "insufficient_system_resource",
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
        "max_tokens_exceeded", "max_new_tokens_reached", "max_predicted_tokens_reached", "token_limit",
        "token_limit_reached", "error_limit", "model_context_window_exceeded", "context_length",
        "context_length_exceeded", "context_length_reached", "context_window_exceeded", "truncated",
    }
)  # fmt: skip
"""The token limit cut the answer off."""

UNFINISHED = frozenset(
    {"", "null", "none", "nil", "unspecified", "not_finished", "unfinished", "in_progress"}
)
"""Words that stand in place of a reason, in each event of a stream or where there is none."""

FIELDS = (
    "finish_reason", "finishReason", "finish_details", "stop_reason", "stopReason", "done_reason",
    "doneReason", "finish_reasons", "finishReasons", "stop_reasons", "stopReasons",
)  # fmt: skip
"""Names of the field that says it, the surest first: beside a finish reason, vLLM's ``stop_reason`` is the
stop sequence.
"""

MOST_SPELLING = 200
"""Characters of a reason that are looked at."""

_PREFIX = re.compile(r"^(?:finish_?reason|stop_?reason|reason)_")
_KEYS = ("type", "reason", "finish_reason", "stop_reason", "kind", "name", "value")


def known_finish(reason: object) -> str | None:
    """Return a finish reason in the words of the OpenAI API: ``length`` where the token limit was hit.

    Any other one stays the server's word. An object's word is its type, the key that holds something, or its
    only key; a list's the first that says more than "stop"; of a number the digits are kept. None where there
    is none, which an empty text is too, or ``"null"``.
    """
    if isinstance(reason, str):
        word = plain_word(reason)
        return "length" if word in LENGTH else None if word in UNFINISHED else reason
    if isinstance(reason, dict):
        said = [reason[key] for key in _KEYS if reason.get(key)] or [key for key in reason if reason[key]]
        said = said or [key for key in reason if len(reason) == 1 and key not in _KEYS]
        return known_finish(said[0]) if said else None
    if isinstance(reason, list | tuple):
        words = [word for word in map(known_finish, reason) if word]
        return next((word for word in words if word != "stop"), words[0] if words else None)
    if isinstance(reason, bool) or reason is None:
        return None
    return known_finish(str(reason))


def finishes(fields: Mapping[str, Any], answers: int = 1) -> list[str | None]:
    """Return why each of some answers ended, by whichever of :data:`FIELDS` tells: one word for all of them,
    or a list with one for each.
    """
    for name in FIELDS:
        told = fields.get(name)
        if isinstance(told, list) and len(told) == answers and any(told):
            return [known_finish(each) for each in told]
        if (word := known_finish(told)) is not None:
            return [word] * answers
    return [None] * answers


def is_lost(reason: str | None) -> bool:
    """Whether an answer that ended so is not the model's: a filter took it away, or the server gave up."""
    return is_filter(reason) or is_abort(reason)


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
