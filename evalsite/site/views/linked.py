"""Sentences whose names lead on: problems to their pages, classes of verdicts to the lists of failures."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.urls import Urls

_WITHIN = r"[\w/.\-]"
"""What names consist of: ``HumanEval/2`` does not stand in ``HumanEval/22``."""


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; ``path`` is where it leads, or empty."""

    text: str
    path: str = ""


Said = tuple[Part, ...]
"""A sentence, in order."""


def linked(sentence: str, places: Mapping[str, str]) -> Said:
    """Split a sentence at the names that lead somewhere; ``places``: name -> path, empty for nowhere."""
    known = sorted((name for name in places if name in sentence and places[name]), key=len, reverse=True)
    if not known:
        return (Part(sentence),)
    names = "|".join(map(re.escape, known))
    # A full stop behind a name ends the sentence.
    pattern = rf"(?<!{_WITHIN})({names})(?!{_WITHIN}*[\w/\-])"
    pieces = re.split(pattern, sentence)
    return tuple(
        Part(piece, places[piece] if place % 2 else "") for place, piece in enumerate(pieces) if piece
    )


def in_failures(kinds: Iterable[str], run_id: str, urls: Urls) -> dict[str, str]:
    """Classes of verdicts, in words, with where a run's failures of each are listed."""
    return {
        VerdictClass(kind).words: urls.listed(run_id, f"class={kind}")
        for kind in kinds
        if kind != VerdictClass.PASSED
    }
