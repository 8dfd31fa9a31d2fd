"""Brings along what a block lacks and other blocks of the answer define, in files of their own, too."""

from collections.abc import Iterable, Mapping, Sequence

from evalsite.languages.reading import Code, Reading


def with_helpers(
    reading: Reading, name: str, known: frozenset[str], source: str, others: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Put before code what it lacks and other blocks define, with what these lack in turn; and the rules.

    ``name`` is the function that is asked for: a block with another one of it is no helper. ``known`` is what
    the prompt defines.
    """
    code = reading.parse(source)
    if code is None or not (code.lacks - known or code.borrows):
        return source, ()
    parsed = [(other, found) for other in others if (found := reading.parse(other)) is not None]
    parsed = [(other, found) for other, found in parsed if name not in found.binds]
    shown = frozenset[str]().union(*(found.defined for _, found in parsed))
    whole, code = _without_imports(reading, source, code, shown)
    pieces = [_without_imports(reading, *pair, shown) for pair in parsed]
    needed = _needed(code.lacks - known, [piece for _, piece in pieces], known)
    rules = ("joined",) * bool(needed) + ("own-files",) * (whole != source)
    return (reading.joined((*(pieces[n][0] for n in needed), whole)) if needed else whole), rules


def _without_imports(reading: Reading, source: str, code: Code, shown: frozenset[str]) -> tuple[str, Code]:
    """Source that reads what the answer shows of other files under its own name; as it was where it imports
    none of them.
    """
    if not code.borrows:
        return source, code
    plain = reading.without_own_imports(source, shown)
    found = reading.parse(plain) if plain != source else None
    return (source, code) if found is None else (plain, found)


def _needed(lacking: frozenset[str], pieces: Sequence[Code], known: frozenset[str]) -> list[int]:
    """Return the pieces that define the names, each behind those that it needs itself.

    The first that defines a name counts. Those that bind unknown names (``*``) come first, where names are
    left that nobody defines.
    """
    first: dict[str, int] = {}
    for number, piece in enumerate(pieces):
        for name in piece.binds:
            first.setdefault(name, number)
    found = _behind_what_they_need(lacking, pieces, first)
    left = lacking.union(*(pieces[n].lacks for n in found)) - known - first.keys()
    unknown = [n for n, piece in enumerate(pieces) if left and "*" in piece.binds and n not in found]
    return [*unknown, *found]


def _behind_what_they_need(
    names: Iterable[str], pieces: Sequence[Code], first: Mapping[str, int]
) -> list[int]:
    """Walk from the names to the pieces that define them, in the answer's order; each is looked at once."""
    found: list[int] = []
    seen: set[int] = set()

    def pieces_for(lacking: Iterable[str]) -> list[int]:
        return sorted({first[name] for name in lacking if name in first}, reverse=True)

    pending = [(number, False) for number in pieces_for(names)]
    while pending:
        number, complete = pending.pop()
        if complete:
            found.append(number)
        elif number not in seen:
            seen.add(number)
            pending.append((number, True))
            pending += [(each, False) for each in pieces_for(pieces[number].lacks)]
    return found
