"""Try each layer for real, inside the sandbox: take it into force in a process of its own, then do what it
forbids.
"""

import errno
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from evalsite.grade.inside import lockdown

if TYPE_CHECKING:
    from evalsite.grade.inside.server import ForkServer


def probe(server: "ForkServer", outside: str) -> dict[str, str]:
    """Layer -> what is wrong with it, or nothing; ``outside`` is a file of the host's that is not to be
    seen.
    """
    tries: dict[str, Callable[[ForkServer], str]] = {
        "mount-namespace": lambda _: f"{outside} can be seen" if os.path.exists(outside) else "",  # noqa: PTH110
        "network-namespace": _network,
        "pid-namespace": _process_namespace,
        "unprivileged-user" if server.plan.mode == "root" else "user-namespace": _rights,
        "rlimits": _limits,
        "no-new-privileges": _no_new_privileges,
        "landlock": lambda own: _landlock(own, outside),
        "seccomp": _seccomp,
    }
    if server.plan.mode == "process":
        for name in ("mount-namespace", "network-namespace", "pid-namespace", "user-namespace"):
            tries.pop(name)
    return {name: _in_a_process(attempt, server) for name, attempt in tries.items()}


def _in_a_process(attempt: "Callable[[ForkServer], str]", server: "ForkServer") -> str:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = attempt(server)
        except BaseException as exc:
            answer = f"{type(exc).__name__}: {exc}"
        os.write(writing, answer.encode()[:1000])
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as stream:  # noqa: PTH123 - a descriptor
        answer = stream.read().decode()
    status = os.waitpid(pid, 0)[1]
    return answer or (f"the attempt was killed (status {status})" if status else "")


def _refused(action: Callable[[], object], codes: tuple[int, ...], complaint: str) -> str:
    try:
        action()
    except OSError as exc:
        return "" if exc.errno in codes else str(exc)
    return complaint


def _network(_: "ForkServer") -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
        return _refused(
            lambda: stream.connect(("192.0.2.1", 9)),
            (errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH),
            "a network can be reached",
        )


def _process_namespace(_: "ForkServer") -> str:
    lockdown.new_process_namespace()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, str(os.getpid()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    number = os.read(reading, 20).decode()
    return "" if number == "1" else f"a new namespace's first process has number {number}"


def _rights(server: "ForkServer") -> str:
    lockdown.drop_privileges(server.plan.uid)
    if server.plan.mode == "root" and os.geteuid() == 0:
        return "a sample would still be root"
    return _refused(lambda: lockdown.mount_tmpfs("/tmp", ""), (errno.EPERM,), "a sample may mount")  # noqa: S108


def _limits(server: "ForkServer") -> str:
    lockdown.set_limits(5, server.own_memory + (64 << 20), 1 << 20, None)
    try:
        bytearray(256 << 20)
    except MemoryError:
        return ""
    return "more memory than allowed could be had"


def _no_new_privileges(_: "ForkServer") -> str:
    lockdown.no_new_privileges()
    return "" if lockdown.has_no_new_privileges() else "it did not take"


def _landlock(server: "ForkServer", outside: str) -> str:
    if server.ruleset is None:
        return "the kernel has no Landlock"
    lockdown.no_new_privileges()
    lockdown.enter_landlock(server.ruleset)
    if server.plan.mode == "process":
        return _refused(
            lambda: os.open(outside, os.O_WRONLY), (errno.EACCES,), "a file outside can be written"
        )
    return _refused(lambda: os.listdir("/"), (errno.EACCES,), "a folder outside can be read")  # noqa: PTH208


def _seccomp(server: "ForkServer") -> str:
    if server.filter is None:
        return "the filter does not know this processor's system calls"
    lockdown.no_new_privileges()
    lockdown.enter_seccomp(server.filter)
    return _refused(lambda: socket.socket(), (errno.EACCES,), "a socket can be opened")
