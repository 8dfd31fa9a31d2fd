"""What a candidate gains beside what it loses: weights, times and tokens of both, each with its ratio."""

from collections.abc import Callable
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.compare.runs import RunComparison
from evalsite.words import cells
from evalsite.words.sentences import names


@dataclass(frozen=True)
class Gain:
    """One quantity of both runs."""

    name: str
    base: str
    candidate: str
    ratio: str
    """The candidate's over the baseline's, in words; a dash where one of them is not known."""
    tone: str
    """``good`` or ``bad`` where less is better and the two differ; else empty."""


@dataclass(frozen=True)
class Gains:
    """What is known of both runs besides their scores."""

    rows: tuple[Gain, ...]
    note: str
    """What is not known, or why times may not tell the models apart."""


@dataclass(frozen=True)
class _Quantity:
    name: str
    get: Callable[[LoadedRun], float | None]
    word: Callable[[float], str]
    costs: bool
    """Whether less of it is better."""
    timed: bool


def _tokens(run: LoadedRun) -> float | None:
    """Tokens of an answer, where they were counted for each."""
    total, samples = run.summary.completion_tokens, run.num_samples
    return total / samples if total and samples else None


_QUANTITIES = (
    _Quantity("Bits per weight", lambda run: run.run.model.card.bits_per_weight, cells.bits, True, False),
    _Quantity(
        "Weights",
        lambda run: run.run.model.card.weights_bytes,
        lambda value: cells.size(int(value)),
        True,
        False,
    ),
    _Quantity(
        "Time to the first token",
        lambda run: run.summary.first_token_s.mean if run.summary.first_token_s else None,
        cells.seconds,
        True,
        True,
    ),
    _Quantity(
        "Time per token",
        lambda run: run.summary.token_s.mean if run.summary.token_s else None,
        cells.seconds,
        True,
        True,
    ),
    _Quantity("Tokens of an answer", _tokens, lambda value: f"{value:,.0f}", False, False),
)


def gains_of(found: RunComparison) -> Gains | None:
    """Hold what both runs know of weights, times and tokens against each other; None where neither does."""
    rows, lacking, timed = [], [], False
    for quantity in _QUANTITIES:
        base, candidate = quantity.get(found.base), quantity.get(found.candidate)
        if base is None and candidate is None:
            lacking.append(quantity.name.lower())
            continue
        rows.append(_gain(quantity, base, candidate))
        timed |= quantity.timed
    if not rows:
        return None
    notes = []
    if timed:
        notes.append("Times depend on the machine and on how many requests it answers at once.")
    if lacking:
        notes.append(f"Not known of either: {names(lacking)}.")
    return Gains(tuple(rows), " ".join(notes))


def _gain(quantity: _Quantity, base: float | None, candidate: float | None) -> Gain:
    ratio, tone = cells.DASH, ""
    if base and candidate:
        ratio = in_words(candidate / base)
        if quantity.costs and ratio != SAME:
            tone = "good" if candidate < base else "bad"
    before, after = (cells.DASH if value is None else quantity.word(value) for value in (base, candidate))
    return Gain(quantity.name, before, after, ratio, tone)


SAME = "the same"


def in_words(ratio: float) -> str:
    """Return a ratio as people say it: ``3.8 × less``, ``1.2 × more``, ``the same``."""
    factor = max(ratio, 1 / ratio)
    text = f"{factor:.3g}" if factor < 100 else f"{factor:,.0f}"
    if float(text.replace(",", "")) == 1:
        return SAME
    return f"{text} × {'less' if ratio < 1 else 'more'}"
