"""What the machine refuses where nobody asked for anything wrong: told with its limits, never as a bug."""

import errno
import logging
import shlex
from pathlib import Path

from evalsite.errors import EvalsiteError, OutputError
from evalsite.machine.caches import TMPDIR_WAY
from evalsite.machine.room import THREADS_REFUSED, address_space, are_threads_refused, data_space, limits_set

_LOG = logging.getLogger(__name__)

READER_GONE = frozenset({errno.EIO, errno.EPIPE, errno.ENXIO})
"""What writing to a stream comes to whose terminal or reader has gone."""

_UNHEARD_OF = (
    "The kernel, or what watches over this container, lets nobody do that: go on on another machine. "
    "'evalsite -v' and the same words show where it was met."
)
_AT_FILE = "See what stands in the way of {}; 'evalsite -v' and the same words show where it was met."
_NO_TEMPORARY = "usable temporary directory"
_NO_THREAD = "start new thread"
_NO_ROOM = {
    errno.EMFILE: "Raise the limit on open files, such as: ulimit -n 4096",
    errno.ENFILE: "Close other programs: all files that the system may have open are.",
    errno.EAGAIN: "Raise the limit on processes (ulimit -u, or the container's), or end others.",
    errno.ENOMEM: "Give the machine or its container more memory, or end other programs.",
    errno.EFBIG: "Raise the limit on the size of a file: ulimit -f unlimited",
    errno.ENOSPC: "Free some space.",
    errno.EDQUOT: "Free some space.",
    errno.EBADF: "What is printed cannot be written where standard output leads: let it lead elsewhere.",
    errno.EROFS: "What is to be written lies on a disk that is read-only; choose another folder.",
}


_LEAST_MEMORY, _LEAST_DATA = 256 << 20, 96 << 20
"""Bytes of address space, and of data, without which not even numpy is loaded: it would end us with 1."""


def refuse_too_little() -> None:
    """Raise OutputError where this process may have less memory than it takes to begin."""
    for most, least, limit in (
        (address_space(), _LEAST_MEMORY, "ulimit -v"),
        (data_space(), _LEAST_DATA, "ulimit -d"),
    ):
        if most is not None and most < least:
            raise OutputError(
                f"a process may have {most >> 20} MiB of memory here ({limit}), and evalsite needs "
                f"{least >> 20}",
                hint=f"Raise that: {limit} unlimited",
            )


def refused_by_machine(exc: Exception) -> EvalsiteError | None:
    """The machine's refusal as a message and the next step; None for what is a bug of ours."""
    found = next((code for each in _chain(exc) if (code := _code(each)) is not None), None)
    if found is None:
        if not isinstance(exc, OSError) or exc.errno is None:
            return None
        hint = _AT_FILE.format(exc.filename) if exc.filename else _UNHEARD_OF
        if _NO_TEMPORARY in str(exc):
            hint = TMPDIR_WAY
    else:
        no_thread = any(_NO_THREAD in str(each) for each in _chain(exc))
        hint = THREADS_REFUSED if no_thread and are_threads_refused() else _NO_ROOM[found]
    _LOG.info("what the machine refuses", exc_info=exc)
    limits = limits_set()
    here = f" (there is little room here: {limits})" if limits else ""
    said = str(exc) or type(exc).__name__
    return OutputError(f"the machine refuses to go on: {said}{here}", hint=hint)


def cut_bytecode(exc: BaseException) -> EvalsiteError | None:
    """What to do about byte code that Python could write in part only, which Click takes for an interrupt."""
    if not isinstance(exc.__cause__, EOFError) or "marshal" not in str(exc.__cause__):
        return None
    package = Path(__file__).resolve().parents[1]
    return OutputError(
        f"byte code that Python has kept is cut off ({exc.__cause__})",
        hint=f"Remove it: find {shlex.quote(str(package))} -name '*.pyc' -delete",
    )


def _chain(exc: BaseException | None) -> list[BaseException]:
    """An exception and those that it came of."""
    found: list[BaseException] = []
    while exc is not None and exc not in found:
        found.append(exc)
        exc = exc.__cause__ or exc.__context__
    return found


def _code(exc: BaseException) -> int | None:
    if isinstance(exc, MemoryError):
        return errno.ENOMEM
    if isinstance(exc, OSError):
        return exc.errno if exc.errno in _NO_ROOM else None
    text = str(exc)
    if isinstance(exc, RuntimeError) and _NO_THREAD in text:
        return errno.EAGAIN
    if isinstance(exc, ImportError) and ("cannot allocate memory" in text.lower() or "failed to map" in text):
        return errno.ENOMEM
    return None
