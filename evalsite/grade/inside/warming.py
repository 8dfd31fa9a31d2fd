"""The state that every process begins with: what is commonly imported is there, and chance is the same."""

import os
import sys
import warnings
from collections.abc import Iterable

from evalsite.grade.inside.python_library import kinds


def warm_up(packages: Iterable[str]) -> None:
    """Import what solutions commonly import, and the packages, so that no sample pays for it."""
    _import_random()  # before statistics does
    import abc, array, bisect, calendar, cmath, collections.abc, contextlib, copy, dataclasses, datetime  # noqa: E401, F401, I001
    import decimal, enum, fractions, functools, hashlib, heapq, inspect, io, itertools, json, math, numbers  # noqa: E401, F401
    import operator, pathlib, queue, re, statistics, string, textwrap, threading, time, traceback, typing  # noqa: E401, F401
    import unicodedata, uuid  # noqa: E401, F401

    warnings.simplefilter("ignore")  # what the compiler has to say about a program is not its output
    for name in packages:
        __import__(name)
    kinds()
    seed_chance()


def _import_random() -> None:
    """Import ``random`` without the step that would seed it anew in each sample: all start from the same
    state, and a tenth of a fork's price is saved.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        import random  # noqa: F401
    finally:
        os.register_at_fork = register


def seed_chance() -> None:
    """Let what follows draw the same as ever."""
    sys.modules["random"].seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def forget_the_machine() -> None:
    """Take away what says something of how the process was started."""
    os.environ.clear()
    sys.argv[:] = [""]
