"""The isolation layers: what each of them does, how a sample takes it into force, and how it is tried.

A layer is one class here, and one entry of :data:`LAYERS`. Whoever adds one adds it to ``docs/security.md``,
too.
"""

import errno
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from evalsite.grading.inside.messages import Request
from evalsite.grading.inside.setup import Setup

if sys.platform == "linux" and hasattr(os, "fork"):  # elsewhere, the layers' names are all there is to them
    from evalsite.grading.inside import lockdown
    from evalsite.grading.inside.filtering import Filter


@dataclass
class Confinement:
    """What the layers need to know; made in the fork server, used in each sample."""

    setup: Setup
    own_memory: int = 0
    """Bytes of address space that a sample has before its program begins."""
    ruleset: int | None = None
    """Descriptor of what Landlock grants; None where the kernel has no Landlock."""
    filter: "Filter | None" = None
    """What system calls seccomp lets through; None for a processor whose calls are not known."""

    def renew_ruleset(self) -> None:
        """Rules name files, not paths: a new disk needs new ones."""
        if self.ruleset is not None:
            os.close(self.ruleset)
        readable = [*self.setup.readable, *filter(None, [self.setup.built])]
        self.ruleset = lockdown.landlock_ruleset(readable, [self.setup.work], self.setup.listable)


class Layer:
    """One isolation layer. What it does not say of itself, it does not do."""

    name: ClassVar[str]
    does: ClassVar[str]
    """What a program cannot do, or can do only, where the layer holds."""
    setting: ClassVar[str] = ""
    """What a machine needs that does not have it."""
    of_namespaces: ClassVar[bool] = False
    """Whether it is for sandboxes with namespaces alone."""
    of_promises: ClassVar[bool] = False
    """Whether it is for those alone that make promises in their place."""
    own_user: ClassVar[bool | None] = None
    """Whether it is for samples that become a user of their own, or for others; None: for both."""

    def is_of(self, setup: Setup) -> bool:
        """Whether a fork server with this setup has it."""
        has_means = setup.has_namespaces >= self.of_namespaces and setup.makes_promises >= self.of_promises
        return has_means and self.own_user in (None, setup.uid is not None)

    @property
    def is_of_any(self) -> bool:
        """Whether every fork server has it, whatever its sandbox."""
        return not self.of_namespaces and not self.of_promises and self.own_user is None

    def recorded_as(self, confinement: Confinement) -> str:
        """Its name in a run's record; empty where this machine does not have it."""
        return self.name

    def calls(self, confinement: Confinement, request: Request) -> "list[lockdown.Call]":
        """What a sample calls to take it into force; found in the fork server, before there is one."""
        return []

    def enter(self, confinement: Confinement, request: Request) -> None:
        """Take it into force in this process. Raises OSError."""
        lockdown.make(self.calls(confinement, request))

    def attempt(self, confinement: Confinement, outside: str) -> str:
        """Take it into force in this process and do what it forbids; returns what is wrong, or nothing.

        ``outside`` is a file of the host's that is not to be seen. A layer without it is not tried.
        """
        return ""

    @property
    def is_tried(self) -> bool:
        """Whether it can be."""
        return type(self).attempt is not Layer.attempt


class MountNamespace(Layer):
    """Made by bubblewrap."""

    name = "mount-namespace"
    does = "programs see the interpreter and a private /tmp, no other file"
    of_namespaces = True

    def attempt(self, confinement: Confinement, outside: str) -> str:
        return f"{outside} can be seen" if os.path.exists(outside) else ""  # noqa: PTH110


class NetworkNamespace(Layer):
    """Made by bubblewrap."""

    name = "network-namespace"
    does = "no network, not even loopback"
    of_namespaces = True

    def attempt(self, confinement: Confinement, outside: str) -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stream:
            return _refused(
                lambda: stream.connect(("192.0.2.1", 9)),
                (errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH),
                "a network can be reached",
            )


class IpcNamespace(Layer):
    """Made by bubblewrap."""

    name = "ipc-namespace"
    does = "no System V or POSIX objects of the host"
    of_namespaces = True


class ProcessNamespace(Layer):
    """Made by the fork server, which gives each sample a new one."""

    name = "pid-namespace"
    does = "programs see and signal no process but their own, and leave none behind"
    of_namespaces = True

    def attempt(self, confinement: Confinement, outside: str) -> str:
        lockdown.new_process_namespace()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, str(os.getpid()).encode())
            os._exit(0)
        os.waitpid(child, 0)
        number = os.read(reading, 20).decode()
        return "" if number == "1" else f"a new namespace's first process has number {number}"


class ResourceLimits(Layer):
    """Taken into force without any rights, so that limits of the machine's own are never raised."""

    name = "rlimits"
    does = "CPU time, memory, file size, open files and processes are limited"

    def calls(self, confinement: Confinement, request: Request) -> "list[lockdown.Call]":
        setup = confinement.setup
        # One more, as the process of the tests belongs to the same user.
        processes = request.processes + 1 if setup.has_own_user else None
        memory = confinement.own_memory + request.memory
        return lockdown.limits(request.cpu_s, memory, request.file_size, processes)

    def attempt(self, confinement: Confinement, outside: str) -> str:
        lockdown.make(lockdown.limits(5, confinement.own_memory + (64 << 20), 1 << 20, None))
        try:
            bytearray(256 << 20)
        except MemoryError:
            return ""
        return "more memory than allowed could be had"


class UnprivilegedUser(Layer):
    """Each sample of a fork server that root has started becomes a user that nobody else is."""

    name = "unprivileged-user"
    does = "programs run as a user that owns nothing"
    own_user = True

    def calls(self, confinement: Confinement, request: Request) -> "list[lockdown.Call]":
        return lockdown.drop_privileges(confinement.setup.uid)

    def attempt(self, confinement: Confinement, outside: str) -> str:
        lockdown.make(lockdown.drop_privileges(confinement.setup.uid))
        if self.own_user and os.geteuid() == 0:
            return "a sample would still be root"
        return _refused(lambda: lockdown.mount_tmpfs("/tmp", ""), (errno.EPERM,), "a sample may mount")  # noqa: S108


class UserNamespace(UnprivilegedUser):
    """Made by bubblewrap; the sample gives up what root may in there."""

    name = "user-namespace"
    does = "root inside is nobody outside, and without capabilities when a program runs"
    of_namespaces = True
    own_user = False


class NoCapabilities(UnprivilegedUser):
    """Where programs can belong to nobody but to the user who grades."""

    name = "no-capabilities"
    does = "programs have no right that an ordinary user lacks"
    of_promises = True
    own_user = False


class ProcessGroup(Layer):
    """The fork server ends it when the sample has ended, and reaps all that is left."""

    name = "process-group"
    does = "no process leaves its group, and with the sample its group ends"
    of_promises = True  # and tried as one


class NoNewPrivileges(Layer):
    """What Landlock and seccomp ask for."""

    name = "no-new-privileges"
    does = "no set-user-id program gains rights"

    def calls(self, confinement: Confinement, request: Request) -> "list[lockdown.Call]":
        return lockdown.no_new_privileges()

    def attempt(self, confinement: Confinement, outside: str) -> str:
        lockdown.make(lockdown.no_new_privileges())
        return "" if lockdown.has_no_new_privileges() else "it did not take"


class Landlock(Layer):
    """Recorded with the version of the kernel's interface: each knows more."""

    name = "landlock"
    does = "files can be written in the private folder only"
    setting = "needs Linux 5.13 or newer, with landlock in the boot parameter lsm; grading works without"

    def recorded_as(self, confinement: Confinement) -> str:
        version = lockdown.landlock_version()
        return f"{self.name}-{version}" if version else ""

    def calls(self, confinement: Confinement, request: Request) -> "list[lockdown.Call]":
        return [] if confinement.ruleset is None else lockdown.enter_landlock(confinement.ruleset)

    def attempt(self, confinement: Confinement, outside: str) -> str:
        if confinement.ruleset is None:
            return "the kernel has no Landlock"
        lockdown.make([*lockdown.no_new_privileges(), *lockdown.enter_landlock(confinement.ruleset)])
        if "/" in confinement.setup.readable:
            return _refused(
                lambda: os.open(outside, os.O_WRONLY), (errno.EACCES,), "a file outside can be written"
            )
        return _refused(lambda: os.listdir("/"), (errno.EACCES,), "a folder outside can be read")  # noqa: PTH208


class Seccomp(Layer):
    """Taken into force last: what it refuses, other layers need."""

    name = "seccomp"
    does = "no sockets, no mounts, no tracing, no kernel interfaces that programs don't need"
    setting = "needs CONFIG_SECCOMP_FILTER on x86-64, AArch64 or RISC-V; grading works without"

    def recorded_as(self, confinement: Confinement) -> str:
        return self.name if confinement.filter else ""

    def calls(self, confinement: Confinement, request: Request) -> "list[lockdown.Call]":
        return [] if confinement.filter is None else lockdown.enter_seccomp(confinement.filter)

    def attempt(self, confinement: Confinement, outside: str) -> str:
        if confinement.filter is None:
            return "the filter does not know this processor's system calls"
        lockdown.make([*lockdown.no_new_privileges(), *lockdown.enter_seccomp(confinement.filter)])
        return _refused(lambda: socket.socket(), (errno.EACCES,), "a socket can be opened")


LAYERS: tuple[Layer, ...] = (
    MountNamespace(),
    NetworkNamespace(),
    IpcNamespace(),
    ProcessNamespace(),
    UnprivilegedUser(),
    UserNamespace(),
    NoCapabilities(),
    ProcessGroup(),
    ResourceLimits(),
    NoNewPrivileges(),
    Landlock(),
    Seccomp(),
)
"""All layers, in the order in which a sample takes them into force."""


def layers_for(setup: Setup) -> tuple[Layer, ...]:
    """The layers of a fork server."""
    return tuple(layer for layer in LAYERS if layer.is_of(setup))


def calls_to_enter(confinement: Confinement, request: Request) -> "list[lockdown.Call]":
    """What a sample calls to take all its layers into force, in their order."""
    found: list[lockdown.Call] = []
    for layer in layers_for(confinement.setup):
        if type(layer).enter is Layer.enter:
            found += layer.calls(confinement, request)
        else:
            found.append((layer.name, layer.enter, (confinement, request)))
    return found


def in_force(confinement: Confinement) -> list[str]:
    """The layers that this machine has, for a run's record."""
    names = (layer.recorded_as(confinement) for layer in layers_for(confinement.setup))
    return [name for name in names if name]


def probe(confinement: Confinement, outside: str) -> dict[str, str]:
    """Try each layer in a process of its own: its name -> what is wrong with it, or nothing."""
    tried = [layer for layer in layers_for(confinement.setup) if layer.is_tried]
    return {
        layer.name: in_a_process(lambda layer=layer: layer.attempt(confinement, outside))  # type: ignore[misc]
        for layer in tried
    }


def in_a_process(attempt: Callable[[], str]) -> str:
    """What an attempt says that is made in a process of its own, or that it was killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer = attempt()
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
