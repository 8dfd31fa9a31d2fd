"""Sandboxes: how each is started on this machine, in the order in which they are tried."""

from collections.abc import Mapping

from evalsite.errors import UsageError
from evalsite.grading import isolation
from evalsite.grading.sandboxes.base import Backend
from evalsite.grading.sandboxes.bubblewrap import Bubblewrap
from evalsite.grading.sandboxes.landlock import Landlock
from evalsite.grading.sandboxes.process import Process
from evalsite.rundir.sandboxes import ISOLATING, SANDBOXES, Sandbox
from evalsite.words.sentences import names

BACKENDS: Mapping[Sandbox, Backend] = {
    backend.name: backend
    for backend in (
        Bubblewrap(),
        Landlock(),
        Process(),
    )
}
"""What starts each sandbox."""


def choose(asked: str | None) -> Sandbox:
    """The sandbox that was asked for, or else the first isolating one that starts here.

    Raises UsageError for a name that no sandbox has.
    """
    if asked is not None:
        if asked not in SANDBOXES:
            raise UsageError(f"there is no sandbox {asked!r}", hint=f"There are {names(SANDBOXES)}.")
        return Sandbox(asked)
    if not isolation.runs_programs():
        return ISOLATING[0]
    *others, last = ISOLATING
    return next((each for each in others if not BACKENDS[each].refusal()), last)
