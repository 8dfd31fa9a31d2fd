"""Sandboxes by name: what each promises of the programs that it ran, as runs record it and people read it."""

from enum import StrEnum


class Sandbox(StrEnum):
    """How programs were kept in, if they were; in the order in which sandboxes are preferred.

    What starts each of them is its backend in ``grading/sandboxes/``.
    """

    isolates: bool
    """Whether programs in it can neither read nor change what is not theirs."""
    choice: str
    """What to know before one asks for it, in a few words; nothing of the one that is tried first."""
    way: str
    """The sentence that leads to it, for whom another one does not start."""

    def __new__(cls, value: str, isolates: bool = False, choice: str = "", way: str = "") -> "Sandbox":
        """Make one of a name, as it stands in files, and what it promises."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.isolates = isolates
        member.choice = choice
        member.way = way
        return member

    BUBBLEWRAP = "bubblewrap", True
    LANDLOCK = (
        "landlock",
        True,
        "needs no namespaces, so that containers have it",
        "The sandbox that needs no namespaces is --sandbox landlock.",
    )
    PROCESS = (
        "process",
        False,
        "runs generated code WITHOUT isolation, with your own rights; the run says so",
        "To run generated code with your own rights and without isolation, say --sandbox process.",
    )
    NONE = "none"  # nothing was run (calls of tools alone)

    @property
    def runs_freely(self) -> bool:
        """Programs ran in it with the rights of whoever graded."""
        return self in SANDBOXES and not self.isolates

    @property
    def next_ones(self) -> "tuple[Sandbox, ...]":
        """What may be tried where it does not start."""
        return SANDBOXES[SANDBOXES.index(self) + 1 :]


SANDBOXES = tuple(each for each in Sandbox if each is not Sandbox.NONE)
"""Those that programs run in."""
ISOLATING = tuple(each for each in SANDBOXES if each.isolates)
"""Those that one is chosen from for who names none."""
