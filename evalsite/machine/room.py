"""How much room there is on this machine, by the limits of its container and of this process."""

import contextlib
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from evalsite.machine.cgroups import ControlGroups

try:
    import resource
except ImportError:  # Windows, which has no such limits
    resource = None  # type: ignore[assignment]


_BYTECODE = 4 << 20
"""More than the largest module takes, in bytes."""
THREADS_REFUSED = (
    "Processes can be started here, and threads cannot: a filter of the container's refuses the call clone3, "
    "as Docker's does before 20.10.10. Start the container with a newer one, or with: --security-opt "
    "seccomp=unconfined"
)
"""What to do about it."""
_POOL_FILES, _POOL_PROCESSES = 48, 8
"""What a pool of processes takes: pipes and what they import; its own threads, and who starts the others."""
_POOL_ADDRESS_SPACE = 512 << 20
"""Of each process, in bytes: with less, some of it cannot be imported there, or the pool is never told."""
_MEMORY_EACH, _PROCESSES_EACH = 128 << 20, 2
"""Of each process of a pool."""


@dataclass(frozen=True)
class Room:
    """What can still be had, and whose limit that is; None for what is not limited."""

    memory: int | None = None
    """Bytes."""
    memory_limit: str = ""
    """Such as ``the container's memory (512 MiB, cgroup)``."""
    kills_all_at_once: bool = False
    """Whether who wants more takes everybody with it."""
    processes: int | None = None
    """Processes and threads."""
    processes_limit: str = ""
    files: int | None = None
    """Open files of this process."""
    most_files: int | None = None
    """Open files that any process may have."""
    address_space: int | None = None
    """Bytes that one process may have."""
    address_space_limit: str = ""
    file_size: int | None = None
    """Bytes that a file may get."""


def room() -> Room:
    """Look how much there is now."""
    groups = ControlGroups()
    memory, memory_limit = _memory(groups)
    processes, processes_limit = _processes(groups)
    address_space, address_space_limit = _address_space()
    return Room(
        memory=memory,
        memory_limit=memory_limit,
        kills_all_at_once=groups.kills_all_at_once(),
        processes=processes,
        processes_limit=processes_limit,
        files=_files(),
        most_files=_soft("RLIMIT_NOFILE"),
        address_space=address_space,
        address_space_limit=address_space_limit,
        file_size=_soft("RLIMIT_FSIZE"),
    )


def raise_open_files() -> None:
    """Let this process open as many files as it may ask for: many a login shell begins with less."""
    if resource is None:
        return
    with contextlib.suppress(OSError, ValueError):  # macOS refuses to have it without limit
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != hard and soft != resource.RLIM_INFINITY:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def keep_bytecode_whole() -> None:
    """Where files may not grow, let Python keep no byte code: it would write a part of it, and read that from
    then on.
    """
    most = _soft("RLIMIT_FSIZE")
    if most is not None and most < _BYTECODE:
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def address_space() -> int | None:
    """Bytes that this process may have by its own limit."""
    return _soft("RLIMIT_AS")


def data_space() -> int | None:
    """Bytes of data that this process may have by its own limit."""
    return _soft("RLIMIT_DATA")


def keep_numpy_small() -> None:
    """Let numpy start no thread for each processor: it would interrupt this process where one cannot be had
    (a limit, a container's filter), and nothing here multiplies large matrices. To be said before it is
    imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def are_threads_refused() -> bool:
    """Whether it is no limit that keeps a thread from being started, but a filter of system calls: that
    refuses each, and limits on processes and memory hold for another process, too.
    """
    if address_space() is not None or not hasattr(os, "fork"):
        return False
    try:
        threading.Thread(target=int).start()
    except RuntimeError:
        pass
    else:
        return False
    try:
        pid = os.fork()
    except OSError:
        return False
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True


def pool_size(wanted: int) -> int:
    """How many processes of ``wanted`` may work for this one: 1, that is none, where a pool of them could
    hardly begin. One that cannot start its threads would never come to an end.
    """
    here = room()
    if here.files is not None and here.files < _POOL_FILES:
        return 1
    if here.address_space is not None and here.address_space < _POOL_ADDRESS_SPACE:
        return 1
    bounds = [wanted]
    if here.processes is not None:
        bounds.append((here.processes - _POOL_PROCESSES) // _PROCESSES_EACH)
    if here.memory is not None:
        bounds.append(here.memory // _MEMORY_EACH)
    return max(min(bounds), 1)


def limits_set() -> str:
    """The limits of this process and its container that are low enough to be in the way, in words."""
    here = room()
    told = []
    if here.most_files is not None and here.most_files < 1024:
        told.append(f"{here.most_files} open files (ulimit -n)")
    if here.processes is not None and here.processes < 256:
        told.append(f"{here.processes_limit}, of which {here.processes} are left")
    if here.address_space is not None:
        told.append(here.address_space_limit)
    if here.memory is not None and here.memory < 1 << 30:
        told.append(f"{here.memory_limit}, of which {here.memory >> 20} MiB are left")
    if here.file_size is not None:
        told.append(f"{here.file_size >> 10} KiB for a file (ulimit -f)")
    return "; ".join(told)


def _memory(groups: ControlGroups) -> tuple[int | None, str]:
    left, limit = groups.memory_left(), groups.memory()
    on_machine = _available()
    if left is not None and limit is not None and (on_machine is None or left < on_machine):
        return left, f"the container's memory limit of {limit >> 20} MiB (cgroup)"
    return on_machine, "this machine's memory"


def _available() -> int | None:
    return _meminfo().get("MemAvailable")


def _meminfo() -> dict[str, int]:
    """What /proc/meminfo says, in bytes."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return {name: int(rest.split()[0]) << 10 for name, _, rest in (line.partition(":") for line in lines)}
    return {}


def _address_space() -> tuple[int | None, str]:
    """The least of what one process may map, by its own limit and by what the kernel can still promise."""
    found = (
        [(most, f"{most >> 20} MiB of memory for one process (ulimit -v)")]
        if (most := _soft("RLIMIT_AS")) is not None
        else []
    )
    if (most := _soft("RLIMIT_DATA")) is not None:
        found.append((most, f"{most >> 20} MiB of memory for one process (ulimit -d)"))
    with contextlib.suppress(OSError, KeyError):
        if Path("/proc/sys/vm/overcommit_memory").read_text("ascii").strip() == "2":
            stated = _meminfo()
            left = max(stated["CommitLimit"] - stated["Committed_AS"], 0)
            found.append((left, f"{left >> 20} MiB that can be promised (vm.overcommit_memory=2)"))
    return min(found, default=(None, ""))


def _processes(groups: ControlGroups) -> tuple[int | None, str]:
    left = groups.processes_left()
    limit = _soft("RLIMIT_NPROC")
    if limit is not None and hasattr(os, "geteuid") and os.geteuid() != 0:
        mine = max(limit - _threads_of_user(), 0)
        if left is None or mine < left:
            return mine, f"the limit of {limit} processes for this user (ulimit -u)"
    return left, "the container's limit on processes (cgroup pids.max)"


def _threads_of_user() -> int:
    """Processes and threads of this user, as far as they can be seen."""
    found = 0
    with contextlib.suppress(OSError):
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdecimal() and folder.stat().st_uid == os.getuid():
                    found += sum(1 for _ in (folder / "task").iterdir())
    return found


def _files() -> int | None:
    limit = _soft("RLIMIT_NOFILE")
    if limit is None:
        return None
    for folder in ("/proc/self/fd", "/dev/fd"):
        with contextlib.suppress(OSError):
            return max(limit - sum(1 for _ in Path(folder).iterdir()), 0)
    return max(limit - 16, 0)


def _soft(name: str) -> int | None:
    if resource is None or not hasattr(resource, name):
        return None
    try:
        soft: int = resource.getrlimit(getattr(resource, name))[0]
    except OSError:  # a container's filter keeps them to itself
        return None
    return None if soft == resource.RLIM_INFINITY else soft
