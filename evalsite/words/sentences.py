"""Figures as words, for the sentences that this package makes."""

import math
from collections.abc import Iterator, Mapping, Sequence

from evalsite.words import cells
from evalsite.words.limits import digits_beside
from evalsite.words.text import one_line

SHOWN_NAMES = 5
DECIDING = (2.5, 97.5)
"""Percent of confidence in a loss, below and above which it decides; one beside them is not told as one."""
FINE = ("nats", "times")
"""Units of which a tenth is a lot: three digits that count are shown, wherever the point is."""


def percent(share: float) -> str:
    """0.756 -> ``75.6 %``."""
    return f"{cells.percent(share)} %"


def figure(value: float, unit: str, digits: int = 1) -> str:
    """A figure with its unit: ``75.6 %``, ``6.7 points``, ``43.1 ms``, ``0.0431 nats``; never ``-0.0``."""
    if unit in FINE:
        return f"{value + 0.0:.3g} {unit}"
    text = f"{value:.{digits}f}"
    return f"{text if float(text) else '0.0'} {unit}"


def points(difference: float, digits: int = 1) -> str:
    """0.034 or -0.034 -> ``3.4 points``; the direction is the sentence's to tell."""
    text = f"{abs(100 * difference):.{digits}f}"
    return f"{text} point" if text == "1.0" else f"{text} points"


def probability(p_value: float) -> str:
    """A p-value as readers of papers expect it: ``p = 0.039``, ``p < 0.001``."""
    text = cells.p_value(p_value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def certainty(confidence: float) -> str:
    """An interval's confidence, 0.95 -> ``95 %``, rounded down; beyond 0.9999 ``more than 99.99 %``."""
    if confidence > 0.9999:
        return "more than 99.99 %"
    return f"{math.floor(10_000 * confidence + 1e-6) / 100:g} %"


def change(difference: float, digits: int = 1) -> str:
    """A change of a share as ``3.4 points lost``, ``1.0 point gained`` or ``no change``."""
    if float(f"{100 * difference:.{digits}f}") == 0.0:
        return "no change"
    return f"{points(difference, digits)} {'lost' if difference < 0 else 'gained'}"


def pace(percent_slower: float, digits: int = 1) -> str:
    """A change of a time as ``12.3 % slower``, ``5.0 % faster`` or ``no change``."""
    text = f"{abs(percent_slower):.{digits}f}"
    if float(text) == 0.0:
        return "no change"
    return f"{text} % {'slower' if percent_slower > 0 else 'faster'}"


def names(items: Sequence[str], most: int = SHOWN_NAMES) -> str:
    """The first few of a list, and how many more there are: ``A``, ``A and B``, ``A, B and 3 more``."""
    *shown, last = (
        *map(one_line, items[:most]),
        *([f"{len(items) - most:,} more"] if len(items) > most else []),
    ) or ("",)
    return f"{', '.join(shown)} and {last}" if shown else last


def and_more(total: int, shown: int) -> str:
    """How many are left of a list that ends early: ``and 3 more``; empty where all are shown."""
    return f"and {total - shown:,} more" if total > shown else ""


def count(number: int, noun: str) -> str:
    """``1 problem``, ``1,640 problems``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def passes(passed: int, total: int) -> str:
    """How samples fared: ``3 of 10 samples passed``, ``the only sample failed``."""
    if total == 1:
        return f"the only sample {'passed' if passed else 'failed'}"
    return f"{passed:,} of {count(total, 'sample')} passed"


def missing_sentence(number: int) -> str:
    """What samples without an answer mean for the scores."""
    counts = "counts" if number == 1 else "count"
    return f"{count(number, 'sample')} missing, which {counts} neither for nor against the model"


def of_all(number: int, total: int) -> str:
    """How many problems are spoken of, and of how many: ``all 164 problems``, ``10 of 164 problems``."""
    if number < total:
        return f"{number:,} of {count(total, 'problem')}"
    return "the only problem" if total == 1 else f"all {count(total, 'problem')}"


def at_least(difference: float) -> str:
    """A difference that something is true of from there on, rounded up: 0.0432 -> ``4.4 points``."""
    return points(math.ceil(1000 * difference - 1e-6) / 1000)


def percents(share: float) -> str:
    """A share in whole percent: 0.756 -> ``76 %``."""
    return f"{100 * share:.0f} %"


def spread(low: float, high: float) -> str:
    """A range of shares in whole percent: ``74 to 100 %``, or ``0 %`` where both ends are the same."""
    first, last = percents(low), percents(high)
    return last if first == last else f"{first[:-2]} to {last}"


def sureness(least: float, most: float) -> str:
    """How sure something is, from one share to another: ``52 %``, ``0.4 to 3.1 %``, ``less than 0.1 %``."""
    if most <= 0.001:
        return "less than 0.1 %"
    if least >= 0.999:
        return "more than 99.9 %"
    digits = 1 if least < 0.1 or most > 0.9 else 0
    near = [(end, at) for end in (100 * least, 100 * most) for at in DECIDING if abs(end - at) < 0.1]
    digits = max([digits, *(digits_beside(*each) for each in near)])
    low, high = (f"{100 * share:.{digits}f}" for share in (least, most))
    return f"{high} %" if low == high else f"{low} to {high} %"


def narrowed(times: int, share: float) -> float:
    """How much narrower an interval gets, of whose variance ``share`` is divided by ``times``; in [0, 1]."""
    return 1 - math.sqrt(1 - share + share / times)


def excluded_sentences(excluded: Mapping[str, str]) -> list[str]:
    """Which problems count in no score, and why; ``excluded``: problem -> reason."""
    return [f"{one_line(problem)} counts in no score: {reason}." for problem, reason in excluded.items()]


def missing_module_sentences(modules: Mapping[str, int]) -> list[str]:
    """Which modules programs asked for in vain; ``modules``: name -> samples, the most frequent first."""
    if not modules:
        return []
    listed = names([f"{name} ({number:,})" for name, number in modules.items()])
    samples = count(sum(modules.values()), "sample")
    return [f"{samples} stopped at importing what programs do not have here: {listed}."]


def too_weak(base: float, margin: float, largest: float) -> str:
    """Why a margin proves nothing of this baseline, and what would; shares in [0, 1].

    ``largest``: the share of a baseline's score that a margin may be.
    """
    lost = "solves nothing at all" if base <= margin else f"loses {percents(margin / base)} of that"
    rest = math.floor(1000 * largest * base) / 10
    smaller = f"a margin of no more than {rest:g} points, or " if rest else ""
    return (
        f"The baseline itself solves only {percent(base)}, too little for this margin: a model that {lost} "
        f"would be inside the allowed {100 * margin:g} points, too. So that proves nothing (vacuous); take "
        f"{smaller}problems of which the baseline solves more."
    )


def part_sentences(pass_at_parts: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What a run scores by parts of its tests; ``pass_at_parts``: a part's name -> k -> pass@k in [0, 1]."""
    for k in dict.fromkeys(k for scores in pass_at_parts.values() for k in scores):
        told = (f"{part} {percent(scores[k])}" for part, scores in pass_at_parts.items() if k in scores)
        yield f"pass@{k} by a part of the tests alone: {', '.join(told)}; the score takes all of them."
