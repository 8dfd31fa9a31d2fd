"""Two sides' words on the same place, paired: how far apart they are there."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Values
from evalsite.distance.kinds import TokenKind, kind_at, kinds_along
from evalsite.distance.schema import Named, Text
from evalsite.stats.distance.bound import SMALLEST, divergence


@dataclass(frozen=True, slots=True)
class Pair:
    """One place, as both see it. Logarithms are natural ones."""

    problem: str
    at: int
    kind: TokenKind
    same_top: bool
    """Whether both name the same token first."""
    kl: float
    """The lower bound of KL(baseline || candidate), in nats (:mod:`.bound`)."""
    rest: float
    """The baseline's probability of what not both name."""
    token: str
    """The token that the text goes on with; empty where neither names it."""
    base_logprob: float
    """Of that token. Where it is not named, the most that it can have."""
    candidate_logprob: float
    exact: bool
    """Whether both name it."""
    base_top: tuple[tuple[str, float], ...]
    """The five likeliest, with their probabilities."""
    candidate_top: tuple[tuple[str, float], ...]

    @property
    def base_p(self) -> float:
        """Probability of the text's token."""
        return math.exp(self.base_logprob)

    @property
    def candidate_p(self) -> float:
        """The candidate's."""
        return math.exp(self.candidate_logprob)


class Pairs:
    """All places that both sides named something at, in the order of problem and place.

    ``problems`` are those in the order of the texts; the arrays have shape (n_pairs,).
    """

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.all = tuple(pairs)
        self.problems = tuple(dict.fromkeys(pair.problem for pair in pairs))
        place = {problem: number for number, problem in enumerate(self.problems)}
        self.clusters: npt.NDArray[np.intp] = np.array([place[pair.problem] for pair in pairs], dtype=np.intp)
        self.kl = _values(pair.kl for pair in pairs)
        self.same_top = _values(pair.same_top for pair in pairs)
        self.rest = _values(pair.rest for pair in pairs)
        self.base_nll = _values(-pair.base_logprob for pair in pairs)
        self.candidate_nll = _values(-pair.candidate_logprob for pair in pairs)
        self.change = _values(pair.candidate_p - pair.base_p for pair in pairs)

    def __len__(self) -> int:
        return len(self.all)

    def of_kind(self, kind: TokenKind) -> "Pairs":
        """Those of one kind of token."""
        return Pairs([pair for pair in self.all if pair.kind == kind])


def pair_up(texts: Iterable[Text], base: Iterable[Named], other: Iterable[Named]) -> Pairs:
    """Pair what two sides named, along the texts."""
    ours, theirs = ({(row.problem, row.at): row for row in rows} for rows in (base, other))
    found = []
    for text in texts:
        kinds = kinds_along(text.text, text.language)
        for at in text.positions:
            one, two = ours.get((text.problem, at)), theirs.get((text.problem, at))
            if one and two and one.tokens and two.tokens:
                found.append(_pair(text, kind_at(kinds, text.text, at), one, two))
    return Pairs(found)


def _pair(text: Text, kind: TokenKind, one: Named, two: Named) -> Pair:
    p, q = (dict(zip(row.tokens, np.exp(row.logprobs).tolist(), strict=True)) for row in (one, two))
    token = one.token or two.token or _longest((*one.tokens, *two.tokens), text.text, one.at)
    logprobs = [_logprob(row, token) for row in (one, two)]
    kl, rest = divergence(p, q)
    return Pair(
        problem=one.problem,
        at=one.at,
        kind=kind,
        same_top=one.tokens[0] == two.tokens[0],
        kl=kl,
        rest=rest,
        token=token,
        base_logprob=logprobs[0][0],
        candidate_logprob=logprobs[1][0],
        exact=logprobs[0][1] and logprobs[1][1],
        base_top=tuple(p.items())[:5],
        candidate_top=tuple(q.items())[:5],
    )


def _longest(tokens: Iterable[str], text: str, at: int) -> str:
    """The longest token named that the text goes on with: tokenizers take the longest, but for rare cases."""
    return max((token for token in set(tokens) if token and text.startswith(token, at)), key=len, default="")


def _logprob(row: Named, token: str) -> tuple[float, bool]:
    """A token's log-probability, and whether it is known; else the most that it can be."""
    if row.token == token and row.logprob is not None:
        return row.logprob, True
    if token in row.tokens:
        return row.logprobs[row.tokens.index(token)], True
    rest = max(SMALLEST, 1.0 - float(np.exp(row.logprobs).sum()))
    return min(math.log(rest), row.logprobs[-1]), False


def _values(numbers: Iterable[float]) -> Values:
    return np.array([float(number) for number in numbers])
