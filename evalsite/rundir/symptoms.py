"""Symptoms of answers: how an answer went wrong as a text, whatever came of its program."""

from enum import StrEnum

import msgspec

from evalsite.rundir.rows import Count
from evalsite.words.sentences import count

ANY = "any"
"""Stands in counts for answers with at least one symptom, whichever that is."""


class Symptom(StrEnum):
    """What can be told of an answer's text; an answer may have none of them, or several.

    A symptom is a property of the answer, a verdict one of the program.
    """

    meaning: str
    """In a few words."""

    def __new__(cls, value: str, meaning: str = "") -> "Symptom":
        """Make a symptom of a name, as it stands in files, and what it means."""
        if not meaning:
            raise TypeError(f"what {value} means has to be said")
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    LOOP = "loop", "its end repeats itself"
    GIBBERISH = "gibberish", "neither language nor code: a salad of words, or noise"
    REFUSAL = "refusal", "the model declines, and shows no code"
    PROSE_ONLY = "prose_only", "words, and no code"
    OTHER_LANGUAGE = "other_language", "code in another language than the one asked for"
    REASONING_ONLY = "reasoning_only", "it thought, and never answered"
    STOPPED_EARLY = "stopped_early", "it ended within the function, and no token limit cut it off"
    REPEATS_PROMPT = "repeats_prompt", "it says the prompt again, and adds nothing"
    LEAKED_MARKUP = "leaked_markup", "special tokens of the model stand in the text"
    TEST_COPIED = "test_copied", "it holds tests that it was not shown"

    @property
    def words(self) -> str:
        """Its name in words, such as ``other language``."""
        return self.value.replace("_", " ")


class Symptoms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found in one answer: a part of its verdict's row."""

    version: str
    """Of the rules that looked."""
    names: tuple[str, ...] = ()
    """Those of :class:`Symptom` that it has, in their order."""
    period: Count | None = None
    """Of a loop: characters that are repeated."""
    began: Count | None = None
    """Of a loop: the character, from 0, from which on the answer repeats itself."""


class SymptomCounts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Symptoms of a run's graded samples, counted: a part of its summary."""

    looked_at: Count = 0
    """Samples whose answers were looked at."""
    samples: dict[str, Count] = {}
    """Symptom, or :data:`ANY` -> samples that have it."""
    passed: dict[str, Count] = {}
    """Symptom -> those of them that passed."""
    versions: dict[str, Count] = {}
    """Version of the rules -> samples."""


class EndedLoops(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that were ended since they looped: a part of ``summary.json``."""

    answers: Count
    spared: Count
    """Tokens that these would have taken at most: up to the token limit, beyond those that were counted."""

    @property
    def sentence(self) -> str:
        """It in words."""
        ended = f"{count(self.answers, 'answer')} looped and had no end waited for"
        return f"{ended}: up to {self.spared:,} tokens spared"
