"""Are these two models, or one asked twice? What the answers themselves tell of it.

A wrong port, or a server that was not restarted, gives a candidate that loses nothing. Model ids of the
answers and the answers' texts show it, without any statistics.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from evalsite.counts.loaded import LoadedRun, same_answer
from evalsite.stats.steadiness import changes_within, model_ids
from evalsite.words.sentences import count, percent
from evalsite.words.text import shared_beginning

FEWEST_ANSWERS = 5
"""So many equal answers can no longer be chance, however short they are."""


@dataclass(frozen=True, slots=True)
class Texts:
    """How far two runs' answers to the same samples are the same texts."""

    common: int
    """Samples that both runs have answers to."""
    identical: int
    """Those whose texts are the same, to the letter."""
    first_difference: float | None
    """Median position, in characters from 0, at which greedy answers that differ do so first; None for runs
    of several samples of each problem, and where none differ.
    """

    @property
    def share(self) -> float:
        """Share of identical texts, in [0, 1]; 0 where there is nothing in common."""
        return self.identical / self.common if self.common else 0.0

    @property
    def sentence(self) -> str:
        """The figures in words; empty where there is nothing in common."""
        if not self.common:
            return ""
        told = f"{self.identical:,} of {count(self.common, 'answer')} ({percent(self.share)})"
        where = ""
        if self.first_difference is not None:
            where = f"; the others first differ at character {self.first_difference:,.0f} (median)"
        return f"{told} {'is' if self.identical == 1 else 'are'} the same text in both runs{where}."


def compare_texts(base: LoadedRun, candidate: LoadedRun) -> Texts:
    """Hold the answers of two runs side by side, sample by sample."""
    ours, theirs = base.answers, candidate.answers
    common = [key for key in ours if key in theirs]
    pairs = [(ours[key], theirs[key]) for key in common if not same_answer(ours[key], theirs[key])]
    places = [
        shared_beginning(one, other)
        for one, other in pairs
        if isinstance(one, str) and isinstance(other, str)
    ]
    return Texts(len(common), len(common) - len(pairs), median(places) if places else None)


def equal_answers(base: LoadedRun, candidate: LoadedRun) -> int:
    """How many answers both runs have, if none of them differs; else 0, as the first that differs tells."""
    ours, first = base.answers, candidate.first_answer
    if first is None or (first[0] in ours and not same_answer(ours[first[0]], first[1])):
        return 0
    common = 0
    for key, theirs in candidate.stream_answers():
        if key not in ours:
            continue
        if not same_answer(ours[key], theirs):
            return 0
        common += 1
    return common


def doubts(base: LoadedRun, candidate: LoadedRun) -> Iterator[str]:
    """Say in sentences why runs may not be what they are said to be: one model asked twice, another model
    than the one that was asked for, a server that changed.
    """
    yield from same_model_twice(base, candidate)
    for run in (base, candidate):
        yield from own_doubts(run)


def own_doubts(run: LoadedRun) -> Iterator[str]:
    """The same of one run by itself."""
    for change in changes_within(run.run, run.summary, run.retested):
        yield f"{run.model}: {change}"


def same_model_twice(base: LoadedRun, candidate: LoadedRun) -> Iterator[str]:
    """Say in sentences why both runs may be of one model, though they are said to be of two."""
    ours, theirs = base.run.model, candidate.run.model
    if base.id == candidate.id or (ours.name == theirs.name and ours.card == theirs.card):
        return
    ids = model_ids(base.summary) & model_ids(candidate.summary)
    there = {_server_of(url) for url in theirs.endpoints}
    places = {url for url in ours.endpoints if _server_of(url) in there}
    if ids and places:
        yield (
            f"Both runs were answered by {_listed(ids)} at {_listed(places)}: it may be one model under two "
            "names. Look whether the server was started anew for the second."
        )
    common = equal_answers(base, candidate)
    if common >= FEWEST_ANSWERS:
        yield (
            f"All {count(common, 'answer')} are the same text in both runs: it is one model under two "
            "names, or one file of samples."
        )


_API = re.compile(r"(?:/v1)?(?:/chat)?(?:/completions)?/*$")
_HERE = ("127.0.0.1", "::1", "0.0.0.0")  # noqa: S104  # a name of this machine that an address may have
_PORTS = {"http": 80, "https": 443}


def _server_of(url: str) -> tuple[str, str, int | None, str]:
    """What is the same of all addresses of one server: of either API, and by any name of this machine.

    Scheme, host, port, and the path before the API's; what a record has that is no address stands for itself.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", "", None, url
    return parts.scheme, "localhost" if host in _HERE else host, port, _API.sub("", parts.path)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
