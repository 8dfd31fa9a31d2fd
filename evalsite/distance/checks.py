"""Whether two sides of a distance name the same tokens, and whether its directory is sound."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from evalsite.distance.identity import changes_since
from evalsite.distance.schema import SLACK, Distance, Named, Side, Text
from evalsite.distance.store import TEXTS, WHO, DistanceDir, Place
from evalsite.errors import EvalsiteError, RunError
from evalsite.words.commands import command
from evalsite.words.sentences import count
from evalsite.words.text import one_line

SHOWN = 3


def refuse_other_tokens(base: Sequence[Named], candidate: Sequence[Named], sides: tuple[Side, Side]) -> None:
    """Raise :class:`RunError`, saying which differ, where the two do not cut the same text alike."""
    if differing := list(other_tokens(base, candidate, sides)):
        more = f" and {len(differing) - SHOWN} more places" if len(differing) > SHOWN else ""
        names = [side.model.name for side in sides]
        raise RunError(
            f"{names[0]} and {names[1]} do not name the same tokens: {'; '.join(differing[:SHOWN])}{more}",
            hint="A distance by tokens is between models with one vocabulary, such as a model and its "
            "quantization. Compare these by their answers: evalsite compare BASELINE-RUN CANDIDATE-RUN",
        )


def other_tokens(
    base: Sequence[Named], candidate: Sequence[Named], sides: tuple[Side, Side]
) -> Iterator[str]:
    """Say where the text's tokens differ: by the tokens that servers tell, else by how many they count.

    A count may differ by the same number everywhere: one puts a mark before each text, the other does not.
    """
    theirs = {(row.problem, row.at): row for row in candidate}
    pairs = [(row, theirs[row.problem, row.at]) for row in base if (row.problem, row.at) in theirs]
    for one, other in pairs:
        if one.token and other.token and one.token != other.token:
            yield f"{_place(one)}: {one.token!r} and {other.token!r}"
    if (sides[0].way == "prefix") != (sides[1].way == "prefix"):
        return
    counted = [
        (one, other, other.prompt_tokens - one.prompt_tokens)
        for one, other in pairs
        if one.prompt_tokens is not None and other.prompt_tokens is not None
    ]
    usual = counted[0][2] if counted else 0
    for one, other, more in counted:
        if more != usual or abs(more) > 1:
            yield f"{_place(one)}: {one.prompt_tokens} and {other.prompt_tokens} tokens stand before"


def _place(row: Named) -> str:
    return f"{one_line(row.problem)}, character {row.at}"


def find_faults(folder: DistanceDir) -> list[str]:
    """Return a sentence for everything that is wrong with a directory; nothing where it is sound."""
    faults: list[str] = []
    try:
        record, texts = folder.read(), tuple(folder.as_they_stand(TEXTS, Text))
        faults += [f"distance.json: was changed after it began: {change}" for change in changes_since(record)]
        faults += _bad_texts(record, texts)
        known = {text.problem: set(text.positions) for text in texts}
        wanted = {"repeat": {problem: known[problem] for problem in record.repeated if problem in known}}
        for who in WHO:
            faults += _bad_places(f"{who}.jsonl", folder.places(who), wanted.get(who, known))
            lacking = sum(map(len, wanted.get(who, known).values())) - len(set(folder.places(who)))
            if lacking > 0 and record.status == "complete":
                faults.append(
                    f"{who}.jsonl: lacks {count(lacking, 'position')}, and the record says complete"
                )
            told = ((row, fault) for row in folder.named(who) for fault in bad_row(row))
            faults += [f"{who}.jsonl: {_place(row)}: {fault}" for row, fault in told]
    except EvalsiteError as exc:
        faults.append(exc.message)
    return faults


def refuse_bad_rows(path: object, rows: Iterable[Named]) -> None:
    """Raise :class:`RunError` for the first row whose tokens and probabilities are not as many."""
    for row in rows:
        if len(row.tokens) != len(row.logprobs):
            raise RunError(
                f"{path}: {_place(row)}: {next(bad_row(row))}",
                hint=f"All that is wrong: {command('validate', path)}",
            )


def bad_row(row: Named) -> Iterator[str]:
    """Say what of a row cannot be what a server named."""
    if len(row.tokens) != len(row.logprobs):
        yield f"{len(row.tokens)} tokens, {len(row.logprobs)} probabilities"
    if (total := sum(map(math.exp, row.logprobs))) > 1 + SLACK:
        yield f"probabilities add up to {total:.3g}"
    if any(later > before for before, later in pairwise(row.logprobs)):
        yield "tokens are not the likeliest first"


def _bad_texts(record: Distance, texts: Sequence[Text]) -> Iterator[str]:
    problems = Counter(text.problem for text in texts)
    if sum(len({*text.positions}) for text in texts) != record.num_positions:
        yield f"distance.json says {record.num_positions} positions, texts.jsonl holds others"
    for problem in record.repeated:
        if problem not in problems:
            yield f"distance.json: {one_line(problem)} is repeated, and texts.jsonl does not hold it"
    for problem, times in problems.items():
        if times > 1:
            yield f"texts.jsonl: {one_line(problem)} stands there twice; the first text counts"
    for text in texts:
        if any(not text.begins <= at < len(text.text) for at in text.positions):
            yield f"texts.jsonl: {one_line(text.problem)} has positions outside of its code"
        if any(later <= before for before, later in pairwise(text.positions)):
            yield f"texts.jsonl: {one_line(text.problem)} has positions that are not ascending"


def _bad_places(name: str, places: Iterable[Place], known: Mapping[str, set[int]]) -> Iterator[str]:
    seen: set[Place] = set()
    for problem, at in places:
        if at not in known.get(problem, ()):
            yield f"{name}: {one_line(problem)}, character {at} is no position of texts.jsonl"
        if (problem, at) in seen:
            yield f"{name}: {one_line(problem)}, character {at} stands there twice; the first row counts"
        seen.add((problem, at))
