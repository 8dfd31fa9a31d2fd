"""The system call filter (seccomp) as the kernel reads it: which :mod:`.syscalls` a program may make.

One filter holds in every sandbox. Where no namespace keeps a program from what is not its own, more calls are
refused, most of them by their arguments.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Iterator
from itertools import chain

from evalsite.grading.inside import syscalls

Instruction = tuple[int, int, int, int]
"""Code, steps to jump where it holds, where it does not, value."""
Block = list[Instruction]
"""What is done about a call; ends in a return whichever way it goes."""
Run = tuple[int, int, Block]
"""First and last of some calls' numbers, and what is done about all of them."""

_LOAD, _AND, _RETURN, _JUMP = 0x20, 0x54, 0x06, 0x05
_JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET = 0x15, 0x35, 0x45
_NUMBER, _ARCHITECTURE = 0, 4
"""Where the kernel puts them before the filter; an argument's lower half stands at 16 + 8 times its place."""
_X32_BIT = 0x40000000
_FEW = 6
"""Runs that are compared one by one, where halving the list again would not pay."""
_FARTHEST = 255
"""Steps that a jump with a condition may take."""

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_ALLOWED, _KILLED, _DONE = [(_RETURN, 0, 0, _ALLOW)], [(_RETURN, 0, 0, _KILL)], [(_RETURN, 0, 0, _ERRNO)]

_NAMESPACE_FLAGS = 0x7E020080  # every CLONE_NEW* there is, CLONE_NEWTIME included
_ODD_CHILDREN = 0x8000 | 0x2000  # CLONE_PARENT: nobody would wait for it; CLONE_PTRACE
_UNIX, _STREAM, _SEQPACKET, _TYPE = 1, 1, 5, 0xF
_TRUNC, _ACCESS_MODE, _TMPFILE = 0o1000, 0o3, 0o20000000
_REMOTE_CONTROLS = (8, 15, 10, 1024, 1026)
"""Of ``fcntl``: F_SETOWN, F_SETOWN_EX, F_SETSIG, F_SETLEASE, F_NOTIFY, which end in signals."""
_HARMLESS_CONTROLS = (0x5401, 0x802C542A, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Of ``ioctl``, what Python and its library ask: TCGETS, TCGETS2, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO,
FIONCLEX, FIOCLEX.
"""
_OWN, _OWN_GROUP = 0x7A5E11FE, (-0x7A5E11FE) & 0xFFFFFFFF
"""Stand for the process that a filter is for, and for its group, until that is known."""


def program(*, alone: bool = True, owned: bool = False, landlock: int = 0) -> bytes | None:
    """The filter as BPF; None for a processor whose call numbers are not known here.

    ``alone``: namespaces hold, so that a program meets nothing but its own. Where they don't, ``owned`` says
    that programs belong to the user who grades, and ``landlock`` which version of Landlock holds.
    """
    known = syscalls.ARCHITECTURES.get(platform.machine())
    if known is None:
        return None
    architecture, column = known
    code: Block = [(_LOAD, 0, 0, _ARCHITECTURE), (_JUMP_EQUAL, 1, 0, architecture), *_KILLED]
    code += [(_LOAD, 0, 0, _NUMBER)]
    if column == 0:  # the x32 interface would go round the numbers below
        code += [(_JUMP_GREATER_EQUAL, 0, 1, _X32_BIT), *_KILLED]
    found = dict(_always() if alone else chain(_always(), _without_namespaces(owned, landlock)))
    numbered = {numbers[column]: block for numbers, block in found.items()}
    code += _search(
        _runs(sorted((number, block) for number, block in numbered.items() if number is not None))
    )
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _always() -> Iterator[tuple[syscalls.Numbers, Block]]:
    """What is done about calls in every sandbox."""
    yield from _each(syscalls.KILLED, _KILLED)
    yield from _each(syscalls.REFUSED, _refused(errno.EACCES))
    yield from _each(syscalls.OF_THE_HOST, _DONE)
    yield syscalls.FCNTL, [*_argument(1), *_controls(syscalls.LOCKING, _DONE), *_ALLOWED]
    namespaces = _NAMESPACE_FLAGS | _ODD_CHILDREN
    yield syscalls.CLONE, [*_argument(0), (_JUMP_SET, 0, 1, namespaces), *_KILLED, *_ALLOWED]
    # It hides its flags behind a pointer: say that it does not exist, and the C library takes clone.
    yield syscalls.CLONE3, _refused(errno.ENOSYS)
    # Not of datagrams, which may be sent to any socket that has a name.
    kind = [*_argument(1), (_AND, 0, 0, _TYPE), *_one_of((_STREAM, _SEQPACKET), errno.EACCES)]
    refused = _refused(errno.EACCES)
    yield syscalls.SOCKETPAIR, [*_argument(0), (_JUMP_EQUAL, 1, 0, _UNIX), *refused, *kind]


def _without_namespaces(owned: bool, landlock: int) -> Iterator[tuple[syscalls.Numbers, Block]]:
    """What is done about calls that could reach what is not the program's."""
    yield from _each(syscalls.WATCHING, _refused(errno.EACCES))
    own = _one_of((0,), errno.EPERM)
    yield from _each(syscalls.OF_ANOTHER, [*_argument(0), *own])
    for name, process in (("setpriority", 0), ("ioprio_set", 1)):
        kind = [*_argument(0), (_JUMP_EQUAL, 1, 0, process), *_refused(errno.EPERM)]
        yield syscalls.PRIORITIES[name], [*kind, *_argument(1), *own]
    yield from _each(syscalls.GROUPS, _DONE)
    remote = _controls(_REMOTE_CONTROLS, _refused(errno.EPERM))
    yield syscalls.FCNTL, [*_argument(1), *_controls(syscalls.LOCKING, _DONE), *remote, *_ALLOWED]
    yield syscalls.IOCTL, [*_argument(1), *_one_of(_HARMLESS_CONTROLS, errno.ENOTTY)]
    for numbers, place in ((syscalls.OPEN, 1), (syscalls.OPENAT, 2)):
        yield numbers, _opening(place, truncates=landlock < 3)
    yield syscalls.OPENAT2, _refused(errno.ENOSYS)  # its flags, too, are behind a pointer
    if landlock < 3:
        yield syscalls.TRUNCATE, _refused(errno.EACCES)
    if landlock < 6:
        itself = _one_of((_OWN,), errno.EPERM)
        yield from _each(syscalls.SIGNALS_OF_PROCESS, [*_argument(0), *itself])
        yield syscalls.KILL, [*_argument(0), *_one_of((0, _OWN, _OWN_GROUP), errno.EPERM)]
        yield syscalls.PIDFD_SEND_SIGNAL, _refused(errno.EPERM)
    yield from _each(syscalls.TIMES, _DONE)
    yield from _each(syscalls.ATTRIBUTES, _refused(errno.EPERM))
    if owned:
        yield from _each(syscalls.MODES, _DONE)


def _opening(place: int, *, truncates: bool) -> Block:
    """What is done about opening a file with the flags in one argument: no file without a name, which no
    look at the folder would find; and, where Landlock does not watch that, none is emptied by reading it.
    """
    block = [*_argument(place), (_JUMP_SET, 0, 1, _TMPFILE), *_refused(errno.EOPNOTSUPP)]
    if truncates:
        block += [(_AND, 0, 0, _TRUNC | _ACCESS_MODE), (_JUMP_EQUAL, 0, 1, _TRUNC), *_refused(errno.EACCES)]
    return [*block, *_ALLOWED]


def _each(table: dict[str, syscalls.Numbers], block: Block) -> Iterable[tuple[syscalls.Numbers, Block]]:
    return ((numbers, block) for numbers in table.values())


def _refused(code: int) -> Block:
    return [(_RETURN, 0, 0, _ERRNO | code)]


def _argument(place: int) -> Block:
    return [(_LOAD, 0, 0, 16 + 8 * place)]


def _controls(values: Iterable[int], block: Block) -> Block:
    """Do something about each of the values that may have been loaded, and go on with any other."""
    return [step for value in values for step in ((_JUMP_EQUAL, 0, len(block), value), *block)]


def _one_of(values: Iterable[int], code: int) -> Block:
    """Allow what was loaded if it is one of the values, and refuse anything else with an error's number."""
    found = [step for value in values for step in ((_JUMP_EQUAL, 0, 1, value), *_ALLOWED)]
    return [*found, *_refused(code)]


def _runs(found: list[tuple[int, Block]]) -> list[Run]:
    """Numbers that follow each other, and with which the same is done."""
    runs: list[Run] = []
    for number, block in found:
        if runs and runs[-1][1:] == (number - 1, block):
            runs[-1] = runs[-1][0], number, block
        else:
            runs.append((number, number, block))
    return runs


def _search(runs: list[Run]) -> Block:
    """Code that looks a call's number up by halves, and allows what it does not find.

    The kernel translates a filter, and tries every number there is, when it is installed, which is once a
    sample: the shorter the better.
    """
    if len(runs) <= _FEW:
        return [*chain.from_iterable(map(_answer, runs)), *_ALLOWED]
    middle = len(runs) // 2
    lower, upper = _search(runs[:middle]), _search(runs[middle:])
    pivot, _, _ = runs[middle]
    if len(lower) <= _FARTHEST:
        return [(_JUMP_GREATER_EQUAL, len(lower), 0, pivot), *lower, *upper]
    return [(_JUMP_GREATER_EQUAL, 0, 1, pivot), (_JUMP, 0, 0, len(lower)), *lower, *upper]


def _answer(run: Run) -> Block:
    """What is done about the calls of a run; any other goes on behind it."""
    first, last, block = run
    if first == last:
        return [(_JUMP_EQUAL, 0, len(block), first), *block]
    ends = (_JUMP_GREATER_EQUAL, len(block), 0, last + 1)
    return [(_JUMP_GREATER_EQUAL, 0, 1 + len(block), first), ends, *block]


class Filter:
    """A system call filter in the form that the kernel reads; its address is that of memory kept here."""

    def __init__(self, code: bytes) -> None:
        self._own = [at for at in range(0, len(code), 8) if code[at + 4 : at + 8] in _STANDING_FOR]
        self._code = ctypes.create_string_buffer(code, len(code))
        head = struct.pack("@HP", len(code) // 8, ctypes.addressof(self._code))
        self._head = ctypes.create_string_buffer(head, len(head))

        self.address = ctypes.c_ulong(ctypes.addressof(self._head))

    @property
    def is_of_one_process(self) -> bool:
        """Whether it has to be made for the process that is to enter it."""
        return bool(self._own)

    def make_for(self, pid: int) -> None:
        """Make it for one process; to be asked for in that process."""
        for at in self._own:
            own = struct.unpack_from("=I", self._code, at + 4)[0] == _OWN
            struct.pack_into("=I", self._code, at + 4, pid if own else -pid & 0xFFFFFFFF)
        self._own = []


_STANDING_FOR = {struct.pack("=I", _OWN), struct.pack("=I", _OWN_GROUP)}
