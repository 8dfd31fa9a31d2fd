"""Where along a text the next token is asked for: at seeded places, spread over problems and over each
text.

A place has to be one where every tokenizer begins a token, or the models would be asked to go on in the
midst of a word. So it is the end of a word or number whose next character belongs to neither, or a single
space that a word follows: the tokenizers of GPT-2, Llama, Qwen, Mistral and their kin all part there,
whatever else they do (they differ in brackets, digits and blanks). The rule depends on the text alone, so
that distances that were measured with other servers are of the same places.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from itertools import pairwise

RULE, BEHIND_WORDS = "words-v1", "behind-words-v1"
"""The rule; and that of the places alone behind which no blank stands, since a chat's template takes blanks
away where a message ends.
"""


def places(text: str, begins: int, rule: str = RULE) -> list[int]:
    """Return every place from ``begins`` on at which a token begins, ascending."""
    found = [at for at in range(max(begins, 1), len(text)) if _begins(text, at)]
    return [at for at in found if at > begins and not text[at - 1].isspace()] if rule != RULE else found


def choose(places_of: Mapping[str, Sequence[int]], wanted: int, seed: int) -> dict[str, tuple[int, ...]]:
    """Choose ``wanted`` places: about as many of each problem, one at random in each stretch of its text.

    Where there are fewer than that, all are chosen; what a short text lacks is taken from longer ones.
    """
    shares = _shared_out({problem: len(each) for problem, each in places_of.items()}, wanted)
    return {
        problem: _spread(places_of[problem], share, f"{seed}\n{problem}") for problem, share in shares.items()
    }


def _begins(text: str, at: int) -> bool:
    before, here = text[at - 1], text[at]
    if here == " ":
        return text[at + 1 : at + 2].strip() != ""
    return before.isalnum() and not here.isalnum()


def _shared_out(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many places each problem gives: the same number, as far as it has as many."""
    given: dict[str, int] = {}
    left = min(wanted, sum(sizes.values()))
    smallest_first = sorted(sizes, key=lambda problem: (sizes[problem], problem))
    for place, problem in enumerate(smallest_first):
        share = -(-left // (len(smallest_first) - place))
        given[problem] = min(share, sizes[problem], left)
        left -= given[problem]
    return {problem: given[problem] for problem in sizes}


def _spread(found: Sequence[int], share: int, key: str) -> tuple[int, ...]:
    """One place at random in each of ``share`` stretches of equal length."""
    draw = random.Random(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest())  # noqa: S311 - no secret
    ends = [len(found) * number // share for number in range(share + 1)] if share else []
    return tuple(found[draw.randrange(low, high)] for low, high in pairwise(ends))
