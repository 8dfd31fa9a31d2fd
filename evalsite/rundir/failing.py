"""The call of a program by which a test failed: a part of its verdict's row."""

import msgspec


class FailingCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a test asked for, and what came; each shortened, in the words of the program's language.

    It is told for people, and decides nothing: what a value is called may be the program's own words.
    """

    call: str
    """Such as ``add(2, 3)``; for a whole program its input."""
    expected: str = ""
    """Empty where the test does not say it in a comparison."""
    got: str = ""
    """What the call gave, such as ``6`` or ``raised ValueError``."""
