"""Whether a text is language at all: counts of brackets, words, scripts and symbols, against fixed bounds.

Bounds were set on the answers of real models (``docs/symptoms.md``): of 5,400 answers of sound ones, none
closes more than one bracket in a hundred characters that was never opened; of a model that was quantized
until it broke, four in five do.
"""

import re
from collections import Counter

LONGEST = 50_000
"""Characters that are looked at."""
LEAST_CHARACTERS = 60
LEAST_WORDS = 12
MOST_UNOPENED, LEAST_UNOPENED = 0.01, 3
"""Brackets closed that were never opened: a share of the characters, and a number."""
LEAST_FUNCTION_WORDS = 0.08
"""Share of words such as "the" and "of" among a text's; every second or third is one in prose."""
LEAST_LETTERS, LEAST_LETTERS_OF_PROSE = 0.4, 0.6
"""Share of letters and digits among what is no blank, in a text that holds no code; prose has nine in ten."""
MOST_BROKEN, LEAST_BROKEN = 0.03, 3
"""Characters that stand for bytes which are no text, as a share and as a number."""
MOST_SCRIPTS, LEAST_OF_SCRIPT = 2, 3
"""Scripts in one answer, Latin among them, and letters that make one count."""

_BRACKET = re.compile(r"[()\[\]{}]")
_LISTED = re.compile(r"(?m)^[ \t]{0,20}(?:\d{1,3}|[A-Za-z])\)|[:;]-?[()]")
"""What closes a bracket that nobody has to open: ``1)``, ``a)``, ``:)``."""
_WORD = re.compile(r"[^\W\d_]+")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_FUNCTION_WORDS = frozenset(
    _WORD.findall(
        "the a an of to in is are was be it this that you i we and or not with for if on as can by from "
        "de la le les des du un une est et en que pour dans der die das und ist ein eine zu den von mit el "
        "los las y es una para con il di che per non o os uma não da do na no em je het een van op"
    )
)
"""Of English, French, German, Spanish, Italian, Portuguese and Dutch."""
_SALAD = frozenset({"and", "or", "for", "by", "with", "not", "as", "on", "if", "can", "i"})
"""Function words that link others: a salad has those, too, and hardly any article or preposition."""
_TELLING = _FUNCTION_WORDS - _SALAD
_SCRIPTS = (
    (0x0400, 0x052F, "Cyrillic"),
    (0x0531, 0x058F, "Armenian"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x077F, "Arabic"),
    (0x0900, 0x0DFF, "Indic"),
    (0x0E00, 0x0EFF, "Thai and Lao"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1200, 0x137F, "Ethiopic"),
    (0x2E80, 0x9FFF, "East Asian"),
    (0xAC00, 0xD7AF, "East Asian"),
)


def is_gibberish(text: str, *, holds_code: bool) -> bool:
    """Whether a text is neither language nor code; ``holds_code``: whether there are lines of code in it."""
    text = text[:LONGEST]
    broken = text.count("\ufffd")
    if broken >= LEAST_BROKEN and broken > MOST_BROKEN * len(text):
        return True
    if len(text.strip()) < LEAST_CHARACTERS:
        return False
    closed = unopened(text)
    if closed >= LEAST_UNOPENED and closed > MOST_UNOPENED * len(text):
        return True
    if len(scripts_of(text)) > MOST_SCRIPTS:
        return True
    return not holds_code and (_letters(text) < LEAST_LETTERS or _is_salad(text))


def unopened(text: str) -> int:
    """How many brackets of a text close what nothing opened."""
    opened: list[str] = []
    wrong = 0
    for found in _BRACKET.finditer(_LISTED.sub("", text)):
        bracket = found[0]
        if bracket not in _PAIRS:
            opened.append(bracket)
        elif opened and opened[-1] == _PAIRS[bracket]:
            opened.pop()
        else:
            wrong += 1
    return wrong


def scripts_of(text: str) -> frozenset[str]:
    """The scripts that a text is written in, those of a letter or two aside; Greek, which is mathematics,
    does not count.
    """
    if text.isascii():
        return frozenset({"Latin"})
    found = Counter(_script(letter) for letter in text if letter.isalpha())
    return frozenset(name for name, number in found.items() if name and number >= LEAST_OF_SCRIPT)


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x0250:
        return "Latin"
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), "")


def is_prose(text: str) -> bool:
    """Whether a text reads as sentences, in any language that separates words, or in another script."""
    text = text[:LONGEST]
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words or _letters(text) < LEAST_LETTERS_OF_PROSE:
        return False
    if len(words) < LEAST_WORDS or not _is_latin(words):
        return True
    return sum(word in _FUNCTION_WORDS for word in words) >= LEAST_FUNCTION_WORDS * len(words)


def _letters(text: str) -> float:
    """Share of letters and digits among what is no blank."""
    solid = "".join(text.split())
    return sum(map(str.isalnum, solid)) / len(solid) if solid else 0.0


def _is_salad(text: str) -> bool:
    """Words that make no sentence: next to no articles are among them."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < LEAST_WORDS or not _is_latin(words):
        return False
    telling = sum(word in _TELLING for word in words)
    return telling < LEAST_FUNCTION_WORDS * len(words)


def _is_latin(words: list[str]) -> bool:
    return sum(word < "\u0250" for word in words) * 2 > len(words)
