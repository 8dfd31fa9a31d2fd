"""The numbers by which Linux names signals and errors, on x86-64, AArch64 and RISC-V.

Programs run on Linux, but who judges what became of them may be on another system, whose own numbers differ.
"""

from enum import IntEnum


class Signal(IntEnum):
    """What can end a process."""

    SIGHUP = 1
    SIGINT = 2
    SIGQUIT = 3
    SIGILL = 4
    SIGTRAP = 5
    SIGABRT = 6
    SIGBUS = 7
    SIGFPE = 8
    SIGKILL = 9
    SIGUSR1 = 10
    SIGSEGV = 11
    SIGUSR2 = 12
    SIGPIPE = 13
    SIGALRM = 14
    SIGTERM = 15
    SIGSTKFLT = 16
    SIGCHLD = 17
    SIGCONT = 18
    SIGSTOP = 19
    SIGTSTP = 20
    SIGTTIN = 21
    SIGTTOU = 22
    SIGURG = 23
    SIGXCPU = 24
    SIGXFSZ = 25
    SIGVTALRM = 26
    SIGPROF = 27
    SIGWINCH = 28
    SIGIO = 29
    SIGPWR = 30
    SIGSYS = 31
    SIGRTMIN = 34
    SIGRTMAX = 64


class Errno(IntEnum):
    """Those of an OSError's numbers that a verdict depends on."""

    EPERM = 1
    EAGAIN = 11
    ENOMEM = 12
    EACCES = 13
    ENFILE = 23
    EMFILE = 24
    EFBIG = 27
    ENOSPC = 28
    EROFS = 30
    EDQUOT = 122
