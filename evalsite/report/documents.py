"""What documents for programs have in common: how they are written, and how figures stand in them."""

import msgspec

from evalsite.stats.compare.numbers import Comparison
from evalsite.stats.decision import Decision
from evalsite.stats.intervals import Interval


def as_document(value: object) -> str:
    """Return a value as JSON that people can read, too."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def interval_json(interval: Interval) -> dict[str, object]:
    """Return an interval that stands by itself."""
    return {
        "low": interval.low,
        "high": interval.high,
        "confidence": interval.confidence,
        "method": interval.method,
    }


def limits_json(interval: Interval | None) -> dict[str, object]:
    """Return an interval's fields, to stand beside the figure that it is of."""
    return {
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "confidence": interval.confidence if interval else None,
        "interval_method": interval.method if interval else None,
    }


def compared_json(found: Comparison, decision: Decision) -> dict[str, object]:
    """Return the figures of a comparison that stands beside that of passes, with the verdict on it."""
    main = found.main
    return {
        "num_problems": found.num_problems,
        "base": main.base,
        "candidate": main.candidate,
        "difference": main.value,
        "low": main.interval.low,
        "high": main.interval.high,
        "decision": decision,
    }
