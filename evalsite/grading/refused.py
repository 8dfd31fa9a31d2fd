"""Where no sandbox starts, or not the one that is tried first: why, in words, and what to change."""

import re
from pathlib import Path

from evalsite.errors import SandboxError
from evalsite.grading.sandboxes import BACKENDS
from evalsite.machine.caches import TMPDIR_WAY
from evalsite.machine.room import THREADS_REFUSED, are_threads_refused, limits_set
from evalsite.rundir.sandboxes import ISOLATING, Sandbox

_OF_NAMESPACES = re.compile(
    r"amespace|[ug]id[ _]map|mount|/ slave|pivot_root|loopback|netlink|not installed|without a word"
)
"""In the words of bubblewrap: what other rights would have brought about."""
_FOR_WANT_OF_ROOM = re.compile(
    r"temporarily unavailable|annot allocate memory|oo many open files|start new thread|MemoryError"
    r"|failed to map"
)
"""What starting a sandbox comes to, in the words of whoever met it, where a limit was in the way."""
_PERHAPS_FOR_WANT_OF_ROOM = re.compile(r"has gone|without a word|Killed|ends with every program")
"""What it comes to there, and elsewhere, too."""
_MORE_ROOM = "Raise that limit, or end other programs; --workers 1 takes the least."
_NO_FOLDER = re.compile(r"usable temporary directory|No space left|Read-only file system|Disk quota")
_A_DEVICE = re.compile(r"/dev/(?:null|zero|u?random)\b")
_DEVICES_WAY = "Let the container have its devices. Or grade on another machine: evalsite grade RUN"
_NO_THREAD = "start new thread"
"""In Python's words, of a thread of our own, which every sandbox needs."""
_NO_PROCESS = "[Errno 1] "
"""In Python's words, of a process where it is started as threads are: since 3.13."""
_REFUSED_CALL = (
    "The kernel (Linux 5.8 is the oldest that will do), or a filter of the container's on its calls, refuses "
    "what programs are run by: have that changed."
)
_TRACEBACK = "Traceback (most recent call last)"
"""In the last words of a fork server: all but its last line is for who wrote it."""


def note_of_choice(asked: Sandbox | None, chosen: Sandbox | None) -> str:
    """What to say where the sandbox was not named and is not the one that is tried first; or nothing."""
    first = ISOLATING[0]
    if asked is not None or chosen in (None, first):
        return ""
    return f"graded in the sandbox {chosen}, for {first} does not start here: {BACKENDS[first].refusal()}"


def explain_refusal(detail: str, sandbox: Sandbox = ISOLATING[0]) -> SandboxError:
    """What a sandbox's or the fork server's last words mean, and the setting to change, if one helps: the
    limits of this process and its container are named where they are what may be in the way.
    """
    if _TRACEBACK in detail:
        detail = detail.strip().splitlines()[-1]
    said = refused = detail.strip() or f"{sandbox} ended without a word"
    first = ISOLATING[0]
    if sandbox in ISOLATING[1:] and (refused := BACKENDS[first].refusal()):
        said += f" (and {first} does not start: {refused})"
    if ("not implemented" in detail or detail.startswith("[Errno")) and "landlock" not in detail:
        refused = detail  # the call is one that every sandbox takes, and namespaces would not bring it
    elsewhere = "grade on another machine: evalsite grade RUN"
    message = f"the sandbox does not start on this machine: {said}"
    if (_NO_THREAD in said or detail.startswith(_NO_PROCESS)) and are_threads_refused():
        ways = [f"{THREADS_REFUSED}. Or {elsewhere}"]
    elif _FOR_WANT_OF_ROOM.search(said) or (_PERHAPS_FOR_WANT_OF_ROOM.search(said) and limits_set()):
        limits = limits_set() or "some limit is in the way, which cannot be seen from here"
        message = f"there is not enough room here for the sandbox: {limits} ({message})"
        ways = [_MORE_ROOM]
    elif _NO_FOLDER.search(said):
        return _no_folder(said)
    elif _A_DEVICE.search(said):
        ways = [_DEVICES_WAY]
    elif not _OF_NAMESPACES.search(refused):
        ways = [_REFUSED_CALL, *_with_fewer_calls(sandbox), f"Or {elsewhere}"]
    else:
        ways = [_remedy(), *(other.way for other in sandbox.next_ones)]
        if not any(other.isolates for other in sandbox.next_ones):
            ways.append(f"Or {elsewhere}")
    return SandboxError(message, hint=" ".join(ways))


def _with_fewer_calls(sandbox: Sandbox) -> list[str]:
    others = (backend for backend in BACKENDS.values() if backend.name != sandbox)
    return [other.way_with_fewer_calls for other in others if other.way_with_fewer_calls]


def no_folder(refused: OSError) -> SandboxError:
    """Where a fork server finds no folder of the host's to work in, or not even the devices."""
    if str(refused.filename).startswith("/dev/"):
        return SandboxError(f"every sandbox needs what is missing here: {refused}", hint=_DEVICES_WAY)
    return _no_folder(refused)


def _no_folder(said: object) -> SandboxError:
    return SandboxError(f"the sandbox finds no folder to work in: {said}", hint=TMPDIR_WAY)


def _remedy() -> str:
    """The setting of this machine that most likely stands in the way, by what the kernel shows of itself."""
    if _sysctl("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            "AppArmor keeps unprivileged user namespaces from working: give bwrap an AppArmor profile, or "
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0."
        )
    if _sysctl("kernel/unprivileged_userns_clone") == "0":
        return (
            "Unprivileged user namespaces are switched off: "
            "sudo sysctl -w kernel.unprivileged_userns_clone=1."
        )
    if _sysctl("user/max_user_namespaces") == "0":
        return "No user namespaces are allowed: sudo sysctl -w user.max_user_namespaces=15000."
    return (
        "In a container, allow it to create namespaces: "
        "docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined."
    )


def _sysctl(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip()
    except OSError:
        return ""
