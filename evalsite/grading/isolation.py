"""What this machine lets a grader do: run programs at all, use namespaces, have users of its own."""

import os
import re
import sys
from pathlib import Path

from evalsite.errors import SandboxError

_CAPS_OF_ROOT = frozenset({1, 6, 7, 8, 21})
"""DAC_OVERRIDE, SETGID, SETUID, SETPCAP, SYS_ADMIN: what a sandbox takes that is made without a user
namespace, and in which a program's folder belongs to a user of its own.
"""
_CAPS_OF_OTHERS = frozenset({0, 1, 3, 5, 6, 7, 8})
"""CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SETPCAP: what ordinary containers leave to root."""
_UID_BASE, _UIDS_EACH, _FEWEST_IDS = 0x60000000, 64, 1 << 12


def runs_programs() -> bool:
    """Whether this system can run generated code at all."""
    return sys.platform.startswith("linux") and hasattr(os, "fork")


def require_linux() -> None:
    """Raise SandboxError, with the way to verdicts, on a system that cannot run generated code at all."""
    if runs_programs():
        return
    here = {"darwin": ", and this is macOS", "win32": ", and this is Windows"}.get(sys.platform, "")
    raise SandboxError(
        f"generated code is run on Linux only, with or without isolation{here}",
        hint="Everything else works here. Say --no-grade to run, resume or import. Then, in a container of "
        "docker or podman: evalsite grade RUN --in-container. Or on Linux (another machine, WSL2 on "
        "Windows): evalsite grade RUN. Or on a cluster: evalsite grade RUN --dask ADDRESS",
    )


def require_proc() -> None:
    """Raise SandboxError where /proc is hidden: bubblewrap does not start, and no sandbox finds leftovers."""
    if not Path("/proc/self/status").exists():
        raise SandboxError(
            "no /proc is to be seen here, and every sandbox needs it",
            hint="Mount it: mount -t proc proc /proc. Or grade on another machine: evalsite grade RUN",
        )


def require_one_user() -> None:
    """Raise SandboxError where a set-user-id program has made this process two users': no sandbox starts."""
    if os.getuid() != os.geteuid():
        raise SandboxError(
            f"this process was started by user {os.getuid()} and acts as user {os.geteuid()}, and no sandbox "
            "starts then",
            hint="Start it as one user, such as by: sudo -u USER evalsite ...",
        )


def is_real_root() -> bool:
    """Whether this process may use namespaces without a user namespace."""
    if os.geteuid() != 0:
        return False
    return capabilities() >= _CAPS_OF_ROOT and _has_room_for_users()


def capabilities() -> frozenset[int]:
    """What this process may do besides what an ordinary user may, by the kernel's numbers (CAP_*)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:  # no /proc: bubblewrap will say what it lacks
        return frozenset()
    found = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    mask = int(found[1], 16) if found else 0
    return frozenset(number for number in range(64) if mask >> number & 1)


def worker_uid(index: int) -> int:
    """A user id that no other process has, so that a worker's limit on processes counts its own alone.

    Containers that ordinary users have started know few ids; there it is one of the last.
    """
    first, graders = _UID_BASE, 1 << 22
    if (most := min(map(_most_ids, ("uid_map", "gid_map")))) < first + graders * _UIDS_EACH:
        graders = max(most // _UIDS_EACH // 2, 1)
        first = max(most - graders * _UIDS_EACH, 0)
    return first + os.getpid() % graders * _UIDS_EACH + index % _UIDS_EACH


def _most_ids(table: str) -> int:
    """One more than the highest id of a user or group that this process's user namespace knows."""
    try:
        lines = Path("/proc/self", table).read_text(encoding="ascii").splitlines()
    except OSError:
        return 1 << 32
    return max((int(first) + int(count) for first, _, count in map(str.split, lines)), default=1)


def has_own_users() -> bool:
    """Whether this process may let each worker's programs be a user of their own, and end and clean up what
    they leave.
    """
    return os.geteuid() == 0 and capabilities() >= _CAPS_OF_OTHERS and _has_room_for_users()


def _has_room_for_users() -> bool:
    """Whether this process's user namespace knows more users than a few."""
    return min(map(_most_ids, ("uid_map", "gid_map"))) > _FEWEST_IDS
