"""What a sample gives up before the program's first line runs: rights, files, sockets, system calls.

Runs inside the sandbox, in the fork server and in each sample. The kernel is called through ctypes.
"""

import ctypes
import mmap
import os
import resource
import signal
import struct
import types
from collections.abc import Callable, Iterable
from typing import Any

from evalsite.grading.inside.filtering import Filter
from evalsite.grading.inside.pace import MOST

_libc = ctypes.CDLL(None, use_errno=True)
_NAMES = ("capset", "clone", "mount", "pause", "prctl", "setns", "syscall", "umount2", "unshare")
_kernel = types.SimpleNamespace(**{name: getattr(_libc, name) for name in _NAMES})
_long, _ulong, _last_error = ctypes.c_long, ctypes.c_ulong, ctypes.get_errno
_stack = ctypes.create_string_buffer(1 << 16)
_stack_top = ctypes.c_void_p(ctypes.addressof(_stack) + len(_stack) - 64)
_pause = ctypes.cast(_libc.pause, ctypes.c_void_p)
del _libc

_SIGCHLD, _IGNORED = int(signal.SIGCHLD), int(signal.SIG_IGN)
_CLONE_VM = 0x100
CLONE_NEWPID = 0x20000000

_PR_CAPBSET_DROP, _PR_SET_SECCOMP, _PR_SET_SECUREBITS = 24, 22, 28
_PR_SET_PDEATHSIG, _PR_GET_NO_NEW_PRIVS = 1, 39
_PR_SET_NO_NEW_PRIVS, _PR_SET_CHILD_SUBREAPER, _PR_SET_DUMPABLE = 38, 36, 4
_SECURE_ALL_LOCKED = 0xEF  # noroot, no setuid fixup, no ambient; each of them locked

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_FS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_LANDLOCK_EXECUTE, _LANDLOCK_WRITE_FILE, _LANDLOCK_READ = 1, 2, 4 | 8  # READ: files and folders
_LANDLOCK_READ_DIR = 8
_LANDLOCK_FILE_ONLY = 1 | 2 | 4 | 1 << 14 | 1 << 15  # rights that a rule on a plain file may carry
_LANDLOCK_TCP = 3
_LANDLOCK_SCOPE = 3

_CPU_SLACK = 1.5
"""Times the limit on CPU time at which the kernel's own steps in; ticks miscount by a tenth and more."""

set_handler: Callable[[int, Any], Any] = vars(signal)["_signal"].signal
"""``signal.signal`` for plain numbers: it makes an enumeration's members of them, on pages of their own."""
Call = tuple[str, Callable[..., Any], tuple[Any, ...]]
"""Its name, a function, and arguments as the function takes them."""


def make(calls: Iterable[Call]) -> None:
    """Make calls that were found before. Raises OSError.

    A sample that has nothing to find out touches fewer pages, each of which it would have to copy.
    """
    for name, function, arguments in calls:
        result = function(*arguments)
        if type(result) is int and result < 0:
            _checked(result, name)


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = _last_error()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _call(number: int, *arguments: object) -> int:
    converted = [_long(a) if isinstance(a, int) else a for a in arguments]
    return int(_kernel.syscall(_long(number), *converted))


def _prctl(option: int, value: int, name: str) -> None:
    make([_prctl_call(option, _ulong(value), name)])


def _prctl_call(option: int, value: ctypes.c_ulong, name: str) -> Call:
    unused = _ulong(0)
    return name, _kernel.prctl, (option, value, unused, unused, unused)


def mount_tmpfs(target: str, options: str, *, executable: bool = False) -> None:
    """Mount an empty tmpfs over ``target``, without devices, set-user-id files and executable ones.

    The last keeps a program from bringing machine code of its own as an extension module; ``executable``
    allows them, for what was compiled.
    """
    flags = 2 | 4 | (0 if executable else 8)  # MS_NOSUID, MS_NODEV, MS_NOEXEC
    result = _kernel.mount(b"tmpfs", target.encode(), b"tmpfs", _ulong(flags), options.encode())
    _checked(result, f"mount tmpfs on {target}")


def protect_device(path: str) -> None:
    """Let nobody change what the host says of a device that is mounted here; it can be used as before."""
    flags = 1 | 2 | 8 | 32 | 4096  # MS_RDONLY, MS_NOSUID, MS_NOEXEC, MS_REMOUNT, MS_BIND
    _checked(_kernel.mount(b"none", path.encode(), None, _ulong(flags), None), f"remount {path}")


def unmount(target: str) -> None:
    """Detach what is mounted on ``target``, however busy it is."""
    _checked(_kernel.umount2(target.encode(), 2), f"unmount {target}")  # MNT_DETACH


def new_process_namespace() -> None:
    """Let the next child be the first process of a new PID namespace."""
    _checked(_kernel.unshare(CLONE_NEWPID), "unshare(CLONE_NEWPID)")


def own_process_namespace(pidfd: int) -> None:
    """Let further children belong to the namespace of the process behind ``pidfd`` again."""
    _checked(_kernel.setns(pidfd, CLONE_NEWPID), "setns(CLONE_NEWPID)")


def adopt_orphans() -> None:
    """Become the parent of whatever descendants leave behind."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1, "PR_SET_CHILD_SUBREAPER")


def landlock_version() -> int:
    """Version of the kernel's Landlock interface; 0 where it has none."""
    return max(_call(_LANDLOCK_CREATE, None, 0, 1), 0)


def landlock_ruleset(
    readable: Iterable[str], writable: Iterable[str], listable: Iterable[str] = ()
) -> int | None:
    """Descriptor of a ruleset that grants reading below some paths, everything below others, names of files
    below the last, and TCP nowhere.

    None where the kernel has no Landlock. Paths that don't exist are left out.
    """
    version = landlock_version()
    if not version:
        return None
    rights = next(mask for least, mask in reversed(_LANDLOCK_FS.items()) if version >= least)
    network = _LANDLOCK_TCP if version >= 4 else 0
    scope = _LANDLOCK_SCOPE if version >= 6 else 0
    attributes = struct.pack("=QQQ", rights, network, scope)[
        : 24 if version >= 6 else 16 if version >= 4 else 8
    ]
    ruleset = _checked(_call(_LANDLOCK_CREATE, attributes, len(attributes), 0), "landlock_create_ruleset")
    for path in readable:
        _grant(ruleset, path, _LANDLOCK_EXECUTE | _LANDLOCK_READ)
    for path in writable:
        _grant(ruleset, path, rights & ~_LANDLOCK_EXECUTE)
    for path in listable:
        _grant(ruleset, path, _LANDLOCK_READ_DIR)
    _grant(ruleset, "/dev/null", _LANDLOCK_WRITE_FILE | _LANDLOCK_READ)
    return ruleset


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - pathlib would be one more module to load
            rights &= _LANDLOCK_FILE_ONLY
        rule = struct.pack("=Qi", rights, parent)
        _checked(_call(_LANDLOCK_ADD, ruleset, 1, rule, 0), f"landlock_add_rule({path})")
    finally:
        os.close(parent)


def forgo_capabilities() -> None:
    """Make sure that no child can gain a capability, not even by running a program as root.

    The process keeps those it has until :func:`drop_privileges`.
    """
    capability = 0
    while _kernel.prctl(_PR_CAPBSET_DROP, _ulong(capability), 0, 0, 0) == 0:
        capability += 1
    _prctl(_PR_SET_SECUREBITS, _SECURE_ALL_LOCKED, "PR_SET_SECUREBITS")


def drop_privileges(uid: int | None) -> list[Call]:
    """Become the unprivileged user ``uid`` (None: stay who one is), and give up every capability."""
    header = struct.pack("=Ii", 0x20080522, 0)
    without: Call = "capset", _kernel.capset, (header, bytes(24))
    if uid is None:
        return [without]
    return [
        ("setgroups", os.setgroups, ([],)),
        ("setresgid", os.setresgid, (uid, uid, uid)),
        ("setresuid", os.setresuid, (uid, uid, uid)),
        without,
    ]


def set_server_limits() -> None:
    """Kernel limits that are the same for all samples, and do the fork server no harm."""
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_MSGQUEUE, resource.RLIMIT_MEMLOCK):
        resource.setrlimit(what, (0, 0))


def limits(cpu_s: float, memory: int, file_size: int, processes: int | None) -> list[Call]:
    """Kernel limits of one sample: CPU seconds, bytes of address space, bytes a file, processes.

    The kernel's limit on CPU time stands well behind the one that the fork server keeps by a better clock,
    and more of which it may grant.
    None for no limit on processes. Limits that the machine sets itself stay where they are lower.
    """
    behind = int(cpu_s * MOST * _CPU_SLACK) + 2
    found = [
        (resource.RLIMIT_CPU, behind, behind + 1),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_FSIZE, file_size, file_size),
        (resource.RLIMIT_NOFILE, 64, 64),
    ]
    if processes is not None:
        found.append((resource.RLIMIT_NPROC, processes, processes))
    return [limit(what, soft, hard) for what, soft, hard in found]


def set_limit(what: int, soft: int, hard: int) -> None:
    """See :func:`limit`."""
    make([limit(what, soft, hard)])


def limit(what: int, soft: int, hard: int) -> Call:
    """Set a kernel limit; one that the machine sets itself stays where it is lower, and is asked for here."""
    most = resource.getrlimit(what)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), most if hard == resource.RLIM_INFINITY else min(hard, most)
    return "setrlimit", resource.setrlimit, (what, (soft, hard))


def address_space() -> int:
    """Bytes of address space that this process has in use; found by trying, as there is no /proc to tell."""
    answer = mmap.mmap(-1, mmap.PAGESIZE)
    pid = os.fork()
    if pid == 0:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        low, high = 0, 1 << 42 if most == resource.RLIM_INFINITY else most
        while high - low > 1 << 20:
            middle = (low + high) // 2
            resource.setrlimit(resource.RLIMIT_AS, (middle, most))
            try:
                mmap.mmap(-1, mmap.PAGESIZE).close()
            except OSError:
                low = middle
            else:
                high = middle
        struct.pack_into("=Q", answer, 0, high)
        os._exit(0)
    os.waitpid(pid, 0)
    return int(struct.unpack_from("=Q", answer)[0])


def no_new_privileges() -> list[Call]:
    """No program started from here on gains rights that this process lacks."""
    return [
        _prctl_call(_PR_SET_NO_NEW_PRIVS, _ulong(1), "PR_SET_NO_NEW_PRIVS"),
        _prctl_call(_PR_SET_DUMPABLE, _ulong(0), "PR_SET_DUMPABLE"),
    ]


def die_with_parent() -> list[Call]:
    """Be killed when the fork server ends. To be said after the last change of user, which takes it back."""
    return [_prctl_call(_PR_SET_PDEATHSIG, _ulong(9), "PR_SET_PDEATHSIG")]


def has_no_new_privileges() -> bool:
    """Whether :func:`no_new_privileges` has been said."""
    unused = _ulong(0)
    return bool(_kernel.prctl(_PR_GET_NO_NEW_PRIVS, unused, unused, unused, unused) == 1)


def enter_landlock(ruleset: int) -> list[Call]:
    """Restrict the process, for good, to what the ruleset grants."""
    arguments = _long(_LANDLOCK_RESTRICT), _long(ruleset), _long(0)
    return [("landlock_restrict_self", _kernel.syscall, arguments)]


def enter_seccomp(filter_: Filter) -> list[Call]:
    """Restrict the process, for good, to the system calls that the filter lets through.

    It has to be there still when the calls are made, which hold its address.
    """
    arguments = _PR_SET_SECCOMP, _ulong(2), filter_.address, _ulong(0), _ulong(0)
    own: list[Call] = [("filter", _make_own, (filter_,))] if filter_.is_of_one_process else []
    return [*own, ("PR_SET_SECCOMP", _kernel.prctl, arguments)]


def _make_own(filter_: Filter) -> None:
    filter_.make_for(os.getpid())


def start_first_process() -> int:
    """Start a process that sleeps as the first one of a new namespace, and return its number.

    It shares this process's memory and runs nothing but the C library's ``pause``, which costs a tenth of a
    fork. Orphans end without a trace, as it ignores that its children end.
    """
    before = set_handler(_SIGCHLD, _IGNORED)
    try:
        return _checked(_kernel.clone(_pause, _stack_top, _CLONE_VM | _SIGCHLD, None), "clone")
    finally:
        set_handler(_SIGCHLD, before)
