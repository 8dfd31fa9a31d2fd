"""Repairs of scanned code: those that any language's may need, tried on what does not compile."""

import re
from collections.abc import Callable, Mapping

from evalsite.languages import repairs

RULES = {
    name: repairs.RULES[name]
    for name in ("unescaped", "spaces", "quotes", "diff", "numbers", "markdown", "typed", "tags")
}
"""Name -> what it does."""
_REPAIRS: Mapping[str, Callable[[str], str]] = {
    "unescaped": repairs.unescaped,
    "spaces": repairs.spaces,
    "quotes": repairs.quotes,
    "diff": repairs.diff,
    "numbers": repairs.numbers,
    "markdown": repairs.markdown,
    "tags": repairs.without_tags,
}
_HIGHLIGHTED = re.compile(
    r"<span\b[^<>]{0,200}>\s*(?:function|func|fn|def|sub|class|public|return|const|let|for|if|use)\s*</span>"
)
"""What a page makes of a keyword, and no program says: some grammars take its signs for operators."""
_ESCAPES = re.compile(r"&(?:lt|gt|amp|quot|#39|#x27|apos);")


def repair(source: str, compiles: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
    """Return source that compiles and the repairs that it took, or the source as it was and none.

    A page's escapes are such that brackets are still in order, so that they are looked for first.
    """
    if _ESCAPES.search(source) and compiles(plain := repairs.unescaped(source)) and not _meant(source):
        return plain, ("unescaped",)
    if _HIGHLIGHTED.search(source) and compiles(plain := repairs.without_tags(source)):
        return plain, ("tags",)
    if typed := next(filter(compiles, repairs.typed(source)), ""):
        return typed, ("typed",)
    if compiles(source):
        return source, ()
    for name, mend in _REPAIRS.items():
        if (mended := mend(source)) != source and compiles(mended):
            return mended, (name,)
    return repairs.in_turn(source, _REPAIRS, compiles) or (source, ())


def _meant(source: str) -> bool:
    """Whether escapes are texts of the program's own: what they stand for is there, too."""
    return bool(re.search(r"[<>]|&&", source))
