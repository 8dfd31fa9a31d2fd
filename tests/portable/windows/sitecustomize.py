"""Put first on ``PYTHONPATH``: takes from this Linux Python what it would not have on Windows.

Modules and names are gone, event loops take no signal handlers, and text files and pipes are cp1252 with two
bytes for a newline unless one says otherwise. The standard library itself has to go on, so ``os.name``,
``sys.platform`` and the form of paths stay those of Linux.
"""

import asyncio.unix_events
import builtins
import io
import os
import signal
import subprocess
import sys

GONE = "crypt fcntl grp nis ossaudiodev pty pwd resource spwd syslog termios tty"
"""Modules."""

UNIX_ONLY = """
    chown chroot confstr copy_file_range ctermid eventfd fchdir fchown fdatasync fork forkpty fpathconf
    getegid geteuid getgid getgroups getloadavg getpgid getpgrp getpriority getresgid getresuid getsid
    getxattr initgroups killpg lchown listxattr lockf major makedev memfd_create minor mkfifo
    mknod nice openpty pathconf pidfd_open pipe2 posix_fadvise posix_fallocate posix_spawn posix_spawnp
    pread preadv pwrite pwritev readv register_at_fork removexattr sched_getaffinity sched_getparam
    sched_getscheduler sched_setaffinity sched_setparam sched_setscheduler sched_yield sendfile setegid
    seteuid setgid setgroups setns setpgid setpriority setregid setresgid setresuid setreuid setsid
    setuid setxattr splice statvfs fstatvfs sync sysconf tcgetpgrp tcsetpgrp ttyname unshare wait wait3
    wait4 waitid writev O_ASYNC O_CLOEXEC O_DIRECT O_DIRECTORY O_DSYNC O_LARGEFILE O_NDELAY O_NOATIME
    O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_RSYNC O_SYNC O_TMPFILE
"""
"""Of ``os``, but for ``uname`` and ``getuid``, which numpy and pytest ask for where the platform is Linux."""

SIGNALS = "SIGABRT SIGFPE SIGILL SIGINT SIGSEGV SIGTERM SIG_DFL SIG_IGN"
"""Those that Windows has, too."""

HANDLING = """
    alarm getitimer pause pidfd_send_signal pthread_kill pthread_sigmask setitimer siginterrupt sigpending
    sigtimedwait sigwait sigwaitinfo
"""
"""Of ``signal``."""


class Gone:
    """Finds no module that Windows lacks."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in GONE.split():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def opened_as_on_windows(open_file):
    """Give ``open`` the encoding and the newlines that it has on Windows where none are asked for."""

    def opened(
        file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None
    ):
        if "b" not in mode:
            encoding = encoding or "cp1252"
            if newline is None and not mode.startswith("r"):
                newline = "\r\n"
        return open_file(file, mode, buffering, encoding, errors, newline, closefd, opener)

    return opened


del asyncio.unix_events._UnixSelectorEventLoop.add_signal_handler  # what is left raises NotImplementedError
sys.meta_path.insert(0, Gone)
for name in GONE.split():
    sys.modules.pop(name, None)
for name in UNIX_ONLY.split():
    os.__dict__.pop(name, None)
for name in [*HANDLING.split(), *(name for name in dir(signal) if name.startswith("SIG"))]:
    if name not in SIGNALS.split():
        signal.__dict__.pop(name, None)
if hasattr(os, "process_cpu_count"):  # which asks ``sched_getaffinity`` here
    os.process_cpu_count = os.cpu_count
subprocess._USE_POSIX_SPAWN = False  # nor does the library itself start processes by it
if "PYTHONIOENCODING" not in os.environ:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.isatty():
            stream.reconfigure(encoding="cp1252", newline="\r\n")
subprocess.Popen.kill = subprocess.Popen.terminate  # as it is there
builtins.open = io.open = opened_as_on_windows(io.open)
