"""What a container's control groups (Linux' cgroups, version 1 and 2) leave to the processes in it."""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path, PurePosixPath

_NO_LIMIT = 1 << 60
"""Version 1 writes a number of this size where version 2 writes ``max``."""
_USUAL = "sys/fs/cgroup"
"""Where they are mounted, for whoever may not read in /proc where."""


class ControlGroups:
    """The control groups of this process, and those around them.

    Limits are those of the closest of all of them; None means that there is none. ``root`` is the file
    system's. Nothing is kept: a limit may change.
    """

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def cpus(self) -> float | None:
        """Processors' worth of time in a second, which may be less than one."""
        quotas = [quota for folder in self._folders("cpu") if (quota := _quota(folder))]
        return min(quotas, default=None)

    def memory(self) -> int | None:
        """Bytes of memory that all processes may have together, or may have without being slowed down."""
        return self._least("memory", _memory_limit)

    def memory_left(self) -> int | None:
        """Bytes of memory that can still be had; what the kernel keeps of files, it gives up first."""
        return self._least("memory", _memory_left)

    def out_of_memory_kills(self) -> int:
        """How many processes of this group the kernel has killed for want of memory so far."""
        for folder in self._folders("memory"):
            for name in ("memory.events", "memory.oom_control"):
                if (kills := _fields(folder / name).get("oom_kill")) is not None:
                    return kills
        return _fields(self._root / "proc/vmstat").get("oom_kill", 0)

    def kills_all_at_once(self) -> bool:
        """Whether the kernel, short of memory, ends every process of the group, as Kubernetes has it."""
        return any(_number(folder / "memory.oom.group") == 1 for folder in self._folders("memory"))

    def processes_left(self) -> int | None:
        """How many more processes and threads may be started."""
        return self._least("pids", _processes_left)

    def _least(self, controller: str, read: Callable[[Path], int | None]) -> int | None:
        found = (read(folder) for folder in self._folders(controller))
        return min((each for each in found if each is not None), default=None)

    def _folders(self, controller: str) -> Iterable[Path]:
        """The group of this process and those around it, of version 1 and 2, the closest first."""
        for mount, inside, version in self._mounts:
            names = {controller} if version else {""}
            place = next((path for kinds, path in self._places if names & kinds), "/")
            if version and controller not in version:
                continue
            below = PurePosixPath(place)
            folder = mount / below.relative_to(inside) if below.is_relative_to(inside) else mount
            yield from (each for each in (folder, *folder.parents) if each.is_relative_to(mount))

    @cached_property
    def _mounts(self) -> list[tuple[Path, str, frozenset[str]]]:
        """Mount point, the group that is mounted there, and version 1's controllers (none: version 2)."""
        found = []
        for line in _text(self._root / "proc/self/mountinfo").splitlines():
            before, _, after = line.partition(" - ")
            fields, kind = before.split(), after.split()
            if len(fields) > 4 and len(kind) > 2 and kind[0] in ("cgroup", "cgroup2"):
                controllers = frozenset(kind[2].split(",")) if kind[0] == "cgroup" else frozenset[str]()
                found.append((self._root / fields[4].lstrip("/"), fields[3], controllers))
        usual = self._root / _USUAL
        if found or not usual.is_dir():
            return found
        version_1 = [(usual / name, "/", frozenset({name})) for name in ("cpu", "memory", "pids")]
        return [*version_1, (usual, "/", frozenset())]

    @cached_property
    def _places(self) -> list[tuple[frozenset[str], str]]:
        """Controllers (version 2: the empty name) and the group of this process."""
        lines = _text(self._root / "proc/self/cgroup").splitlines()
        fields = [line.split(":", 2) for line in lines if line.count(":") >= 2]
        return [(frozenset(names.split(",")), place) for _, names, place in fields]


def _quota(folder: Path) -> float | None:
    words = _text(folder / "cpu.max").split()
    if len(words) != 2:
        words = [_text(folder / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")]
    return int(words[0]) / int(words[1]) if all(map(str.isdecimal, words)) and int(words[1]) else None


def _memory_limit(folder: Path) -> int | None:
    limits = [_number(folder / name) for name in ("memory.max", "memory.high", "memory.limit_in_bytes")]
    return min((limit for limit in limits if limit is not None and limit < _NO_LIMIT), default=None)


def _memory_left(folder: Path) -> int | None:
    limit = _memory_limit(folder)
    if limit is None:
        return None
    used = _number(folder / "memory.current")
    if used is None:
        used = _number(folder / "memory.usage_in_bytes") or 0
    stat = _fields(folder / "memory.stat")
    files = max(stat.get(name, 0) for name in ("inactive_file", "total_inactive_file"))
    return max(limit - max(used - files, 0), 0)


def _processes_left(folder: Path) -> int | None:
    most = _number(folder / "pids.max")
    return None if most is None else max(most - (_number(folder / "pids.current") or 0), 0)


def _number(path: Path) -> int | None:
    text = _text(path).strip()
    return int(text) if text.isdecimal() else None


def _fields(path: Path) -> dict[str, int]:
    """Read lines of a name and a number."""
    pairs = [line.split() for line in _text(path).splitlines()]
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdecimal()}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
