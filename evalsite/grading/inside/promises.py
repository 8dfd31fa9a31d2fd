"""What the sandbox without namespaces promises, each tried from inside, as a program that is graded could.

Where one cannot be kept on this machine, nothing is graded: the fork server says which.
"""

import contextlib
import ctypes
import errno
import os
import resource
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from evalsite.grading.inside import layers
from evalsite.grading.inside.messages import Request

_libc = ctypes.CDLL(None, use_errno=True)
_PTRACE_ATTACH = 16
_ROOMY = Request(cpu_s=60, wall_s=60, memory=1 << 30, file_size=1 << 20, processes=64, output=0)
_OF_THE_HOST = ("/etc/passwd", "/proc/self/environ", "/proc/self/maps", "/proc/1/cmdline", "/dev/shm")  # noqa: S108


def files(outside: str) -> str:
    """Nothing of the host is read, listed, written, emptied or changed; the private folder is."""
    before = os.stat(outside)  # noqa: PTH116
    tries: dict[str, Callable[[], object]] = {
        "read": lambda: os.open(outside, os.O_RDONLY),
        "written": lambda: os.open(outside, os.O_WRONLY),
        "emptied": lambda: os.truncate(outside, 0),
        "removed": lambda: os.unlink(outside),  # noqa: PTH108
        "linked": lambda: os.link(outside, "linked"),
        "moved": lambda: os.rename("own", outside),  # noqa: PTH104
    }
    with open("own", "w"):  # noqa: PTH123
        pass
    done = [what for what, action in tries.items() if _works(action)]
    done += [f"read ({path})" for path in _OF_THE_HOST if _works(partial(os.open, path, os.O_RDONLY))]
    if _works(lambda: os.open(os.__file__, os.O_WRONLY)):
        done.append("written (the interpreter's)")
    with contextlib.suppress(OSError):
        os.chmod(outside, 0o777)  # noqa: PTH101, S103
    after = os.stat(outside)  # noqa: PTH116
    if (before.st_mode, before.st_size) != (after.st_mode, after.st_size):
        done.append("changed")
    os.unlink("own")  # noqa: PTH108
    return f"a file outside can be {', '.join(done)}" if done else ""


def network(_: str) -> str:
    """No socket of any kind, but for pairs that lead nowhere else."""
    kinds = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET)
    for family in kinds:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            if _works(partial(socket.socket, family, kind)):
                return f"a socket of the family {family} can be opened"
    if _works(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)):
        return "a pair of sockets can be had that sends to others"
    return ""


def signals(_: str) -> str:
    """No signal, limit or priority for a process that is not the program's."""
    parent = os.getppid()
    tries: dict[str, Callable[[], object]] = {
        "signalled": lambda: os.kill(parent, 0),
        "signalled by a descriptor": lambda: signal.pidfd_send_signal(os.pidfd_open(parent), 0),
        "limited": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
        "bound to a processor": lambda: os.sched_setaffinity(parent, os.sched_getaffinity(0)),
        "slowed": lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
    }
    done = [what for what, action in tries.items() if _works(action)]
    return f"its parent can be {', '.join(done)}" if done else ""


def tracing(_: str) -> str:
    """No process is traced, and no memory of another is read: whoever tries is killed."""
    parent = os.getppid()
    calls = {
        "traced": partial(_libc.ptrace, _PTRACE_ATTACH, parent, None, None),
        "read": partial(_libc.process_vm_readv, parent, None, 0, None, 0, 0),
    }
    for name, call in calls.items():
        if _ending_of(call) != -signal.SIGSYS:
            return f"its parent's memory might be {name}"
    return ""


def leftovers(_: str) -> str:
    """Whatever a program starts stays in its process group, by which it is ended."""
    group = os.getpgid(0)

    def leave() -> object:
        for try_to in (os.setsid, partial(os.setpgid, 0, 0)):
            with contextlib.suppress(OSError):
                try_to()
        os._exit(os.getpgid(0) != group)

    return "a process can leave its group" if _ending_of(leave) else ""


def shared(_: str) -> str:
    """No memory, queue, semaphore or key is shared with other processes."""
    tries: dict[str, Callable[[], Any]] = {
        "shared memory": lambda: _libc.shmget(1, 4096, 0o1600),
        "a semaphore": lambda: _libc.semget(1, 1, 0o1600),
        "a queue of messages": lambda: _libc.msgget(1, 0o1600),
        "a memory file": lambda: _libc.memfd_create(b"x", 0),
    }
    for what, call in tries.items():
        if call() != -1 or ctypes.get_errno() != errno.EACCES:
            return f"{what} can be had"
    if _works(lambda: os.mkdir("/dev/shm/evalsite")):  # noqa: PTH102, S108
        os.rmdir("/dev/shm/evalsite")  # noqa: PTH106, S108
        return "shared memory can be had as a file"
    return ""


PROMISES: dict[str, Callable[[str], str]] = {
    "files": files,
    "network": network,
    "signals": signals,
    "tracing": tracing,
    "leftovers": leftovers,
    "shared-objects": shared,
}
"""By name, what tries it in a process that is confined as a sample is: it returns how the promise is broken,
or nothing. ``outside`` is a file of the host's that everybody may write.
"""


def probe(confinement: layers.Confinement) -> dict[str, str]:
    """Try each promise in a process of its own, where the sandbox makes them: its name -> how it is broken,
    or nothing.
    """
    if not confinement.setup.makes_promises:
        return {}
    if lacking := _lacking(confinement):
        return lacking
    outside = f"{confinement.setup.work}.outside"
    with open(outside, "w") as file:  # noqa: PTH123
        os.fchmod(file.fileno(), 0o666)
        file.write("whole")
    try:
        return {name: _try(confinement, attempt, outside) for name, attempt in PROMISES.items()}
    finally:
        os.unlink(outside)  # noqa: PTH108


def _lacking(confinement: layers.Confinement) -> dict[str, str]:
    """Promises that are not even tried, since nothing on this machine keeps them."""
    if confinement.ruleset is None:
        return {"files": "the kernel has no Landlock, or it is not among the boot parameter lsm"}
    if confinement.filter is None:
        why = "the system calls of this processor are not known, or the kernel filters none"
        return {name: why for name in PROMISES if name != "files"}
    return {}


def broken(confinement: layers.Confinement) -> list[str]:
    """The promises that this machine cannot keep, and why."""
    found = probe(confinement).items()
    return [f"cannot keep the promise {name!r}: {wrong}" for name, wrong in found if wrong]


def _try(confinement: layers.Confinement, attempt: Callable[[str], str], outside: str) -> str:
    return layers.in_a_process(lambda: _confined(confinement, attempt, outside))


def _confined(confinement: layers.Confinement, attempt: Callable[[str], str], outside: str) -> str:
    os.setsid()
    os.chdir(confinement.setup.work)
    for layer in layers.layers_for(confinement.setup):
        layer.enter(confinement, _ROOMY)
    return attempt(outside)


def _works(action: Callable[[], object]) -> bool:
    try:
        action()
    except OSError:
        return False
    return True


def _ending_of(action: Callable[[], object]) -> int:
    """How a child ends that does something: its status, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            action()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
