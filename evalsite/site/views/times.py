"""How long a run's requests and programs took, and how many tokens were written."""

from collections.abc import Iterable
from dataclasses import dataclass

from evalsite.counts.times import why_untimed
from evalsite.rundir.schema import Completion, Distribution, Summary
from evalsite.site.charts.histogram import Histogram, histogram
from evalsite.site.views.frame import Fact
from evalsite.words import cells

_SOURCES = {
    "chunks": " (counted from chunks)",
    "shared": " (of some requests counted for all answers together)",
}


@dataclass(frozen=True)
class Times:
    """Times and tokens of a run."""

    facts: tuple[Fact, ...]
    histograms: tuple[Histogram, ...]


def times_of(summary: Summary, completions: Iterable[Completion]) -> Times:
    """Show what was measured; ``completions`` are read once."""
    return Times(_facts(summary), _histograms(completions))


def _facts(summary: Summary) -> tuple[Fact, ...]:
    facts = [
        *_spread("Request latency", summary.latency_s),
        *_spread("Time to first token", summary.first_token_s),
        *(_spread("Time per output token", summary.token_s) or _untimed(summary)),
        *_spread("Execution", summary.execution_s),
    ]
    if summary.tokens_per_s is not None:
        facts.append(Fact("Output tokens a second", cells.decimal(summary.tokens_per_s), "of request time"))
    if summary.completion_tokens is not None:
        source = _SOURCES.get(summary.tokens_from or "", "")
        facts.append(Fact("Output tokens", f"{summary.completion_tokens:,}", f"all samples{source}"))
    return tuple(facts)


def _untimed(summary: Summary) -> list[Fact]:
    why = why_untimed(summary)
    return [Fact("Time per output token", cells.DASH, why)] if why else []


def _spread(name: str, measured: Distribution | None) -> list[Fact]:
    if measured is None:
        return []
    spread = f"median {cells.seconds(measured.p50)}, 95 % below {cells.seconds(measured.p95)}"
    return [Fact(name, cells.seconds(measured.mean), spread)]


def _histograms(completions: Iterable[Completion]) -> tuple[Histogram, ...]:
    latencies, tokens = [], []
    for completion in completions:
        if completion.latency_s is not None:
            latencies.append(completion.latency_s)
        if completion.completion_tokens is not None and completion.tokens_from != "shared":
            tokens.append(float(completion.completion_tokens))
    drawn = (
        histogram("Latency of a request", latencies, cells.seconds),
        histogram("Tokens of an answer", tokens, lambda value: f"{value:,.0f}"),
    )
    return tuple(one for one in drawn if one)
