"""What is imported before anything of ours: what solutions commonly import, and what we need of the library.

Each process that is forked has to copy each page of memory that it touches. What it touches is mostly ours:
imported at a stretch, it lies on fewer pages than among the library's.
"""

import contextlib
import os
from collections.abc import Callable, Iterator

_Hook = Callable[[], object]
_held: list[dict[str, _Hook]] = []
_ZONES = "PYTHONTZPATH"


@contextlib.contextmanager
def holding_hooks() -> Iterator[None]:
    """Keep what modules that are imported within want to be done at each fork for :func:`take_up_hooks`: our
    own forks need none of it, and each sample would pay for it.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **hooks: _held.append(hooks)
    try:
        yield
    finally:
        os.register_at_fork = register


def take_up_hooks() -> None:
    """Have done what was kept, from now on: a program may fork, too."""
    for hooks in _held:
        os.register_at_fork(**hooks)


def _import() -> None:
    with holding_hooks():
        import random  # noqa: F401
    _held.clear()  # it would be seeded anew, and all processes begin from the same state
    before = os.environ.get(_ZONES)
    os.environ[_ZONES] = "/usr/share/zoneinfo"  # or zoneinfo would load all that the build knows of itself
    with holding_hooks():
        import abc, array, bisect, calendar, cmath, collections.abc, copy, dataclasses, datetime, decimal  # noqa: E401, F401, I001
        import enum, errno, fractions, functools, heapq, importlib, inspect, io, itertools, json, math  # noqa: E401, F401
        import numbers, operator, pathlib, queue, re, statistics, string, textwrap, threading, time  # noqa: E401, F401
        import traceback, types, typing, unicodedata, uuid, warnings, zoneinfo  # noqa: E401, F401
        import ctypes, gc, marshal, mmap, resource, select, signal, socket, struct, symtable  # noqa: E401, F401
    del os.environ[_ZONES]
    if before is not None:
        os.environ[_ZONES] = before


if hasattr(os, "register_at_fork"):  # elsewhere nothing is forked
    _import()
