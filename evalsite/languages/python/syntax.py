"""Python source -> syntax tree, one thread at a time.

CPython 3.11 and 3.12 count the depth of a tree that they build in one place for all threads: where the
garbage collector interrupts one thread that is building a tree and lets another begin, they end in "AST
constructor recursion depth mismatch". Grading judges, and extraction reads, in several threads.
"""

import ast
import functools
import math
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from evalsite.languages.python.tame import MOST_CHARS, is_tame
from evalsite.languages.reading import TooMuchError, UnreadableError

MOST_READ = 2_000_000
"""Characters that are parsed for one answer, all attempts together: an answer that raves ends there."""
EACH = 500
"""Characters that an attempt counts for besides its own."""

_one_at_a_time = threading.Lock()


class _Bounds(threading.local):
    left: float = math.inf
    whatever = False
    largest: "tuple[str, ast.Module | Exception] | None" = None
    """Source that is not of usual size, and what came of it, as long as it is asked for again and again."""


_bounds = _Bounds()


@contextmanager
def bounded(*, whatever: bool) -> Iterator[None]:
    """Allow for :data:`MOST_READ` characters, and with ``whatever`` source that is not tame."""
    before = _bounds.left, _bounds.whatever
    _bounds.left, _bounds.whatever = MOST_READ, whatever
    try:
        yield
    finally:
        _bounds.left, _bounds.whatever = before
        _bounds.largest = None


def compiled(source: str) -> ast.Module:
    """Parse source that nobody vouches for, and see that it compiles; raises what Python raises.

    Raises :class:`UnreadableError` beyond the bounds.
    """
    _bounds.left -= len(source) + EACH
    if _bounds.left < 0:
        raise TooMuchError("too much to read")
    if not _bounds.whatever and not is_tame(source):
        raise UnreadableError("too large or too deep to read here")
    found = _remembered(source) if len(source) <= MOST_CHARS else _large(source)
    if isinstance(found, Exception):
        raise type(found)(*found.args)  # not copy(), which a cluster teaches to forget the line
    return found


def parse(source: str, *, check: bool = False) -> ast.Module:
    """Parse source that can be trusted, and with ``check`` also see that it compiles; raises what Python
    raises.

    Old-fashioned escapes are not worth a warning.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
        if check:
            compile(tree, "<program>", "exec", dont_inherit=True)
        return tree


def _large(source: str) -> ast.Module | Exception:
    """As :func:`_remembered` for large source, of which one tree is kept, and none while another is built."""
    if _bounds.largest is None or _bounds.largest[0] != source:
        _bounds.largest = None
        _bounds.largest = source, _outcome(source)
    return _bounds.largest[1]


@functools.lru_cache(maxsize=8)
def _remembered(source: str) -> ast.Module | Exception:
    """The same source is asked for several times in a row; nobody changes the tree."""
    return _outcome(source)


def _outcome(source: str) -> ast.Module | Exception:
    """The tree, or why there is none; how deep the stack is by now says nothing of the source."""
    try:
        return parse(source, check=True)
    except (SyntaxError, ValueError, OverflowError) as exc:
        return exc.with_traceback(None)
    except MemoryError as exc:
        if not _bounds.whatever:  # where nothing limits it, others may have taken it all
            raise
        return exc.with_traceback(None)
