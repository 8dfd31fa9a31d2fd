"""The state that every process begins with: what is commonly imported is there, and chance is the same."""

import os
import sys
import warnings
from collections.abc import Iterable

from evalsite.grading.inside.beforehand import holding_hooks
from evalsite.grading.inside.python_library import kinds


def warm_up(packages: Iterable[str]) -> None:
    """Import packages, so that no sample pays for it, beside what was imported before anything of ours."""
    warnings.simplefilter("ignore")  # what the compiler has to say about a program is not its output
    with holding_hooks():
        for name in packages:
            __import__(name)
    kinds()
    seed_chance()


def seed_chance() -> None:
    """Let what follows draw the same as ever."""
    sys.modules["random"].seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def forget_the_machine() -> None:
    """Take away what says something of how the process was started."""
    os.environ.clear()
    sys.argv[:] = [""]
