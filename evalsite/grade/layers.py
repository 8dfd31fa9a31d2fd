"""What isolation this machine gives: every layer tried for real, with the setting to change where it is
refused.
"""

import tempfile
from dataclasses import dataclass

from evalsite.errors import SandboxError
from evalsite.grade import isolation
from evalsite.grade.executors.local import Server
from evalsite.rundir.schema import Limits

_WHAT = {
    "mount-namespace": "programs see the interpreter and a private /tmp, no other file",
    "network-namespace": "no network, not even loopback",
    "pid-namespace": "programs see and signal no process but their own, and leave none behind",
    "unprivileged-user": "programs run as a user that owns nothing",
    "user-namespace": "root inside is nobody outside, and without capabilities when a program runs",
    "rlimits": "CPU time, memory, file size, open files and processes are limited",
    "no-new-privileges": "no set-user-id program gains rights",
    "landlock": "files can be written in the private folder only",
    "seccomp": "no sockets, no mounts, no tracing, no kernel interfaces that programs don't need",
}
_SETTINGS = {
    "landlock": "needs Linux 5.13 or newer, with landlock in the boot parameter lsm; grading works without",
    "seccomp": "needs CONFIG_SECCOMP_FILTER on x86-64, AArch64 or RISC-V; grading works without",
}


@dataclass(frozen=True)
class LayerProbe:
    """One layer: whether it works here, what it does or why it does not, and the setting to change."""

    layer: str
    works: bool
    detail: str
    setting: str = ""


def probe_layers(limits: Limits | None = None) -> tuple[LayerProbe, ...]:
    """Start a sandbox as grading would and try each of its layers; never raises for what a machine lacks.

    The first row is bubblewrap itself. Where it does not start, the other rows are what the way round
    (``--sandbox process``) gives; on another system than Linux nothing does.
    """
    limits = limits or Limits()
    try:
        isolation.require_linux()
    except SandboxError as exc:
        rest = (LayerProbe(name, False, "needs Linux") for name in _WHAT)
        return (LayerProbe("bubblewrap", False, exc.message, exc.hint), *rest)
    try:
        path = isolation.find_bubblewrap()
        found = _probe("bubblewrap", limits)
    except SandboxError as exc:
        first = LayerProbe("bubblewrap", False, exc.message, exc.hint)
        missing = [
            LayerProbe(name, False, "needs bubblewrap") for name in _WHAT if name.endswith("-namespace")
        ]
        return (first, *missing, *_rows(_probe("process", limits)))
    return (LayerProbe("bubblewrap", True, f"starts ({path})"), *_rows(found))


def _probe(sandbox: isolation.Sandbox, limits: Limits) -> dict[str, str]:
    with tempfile.NamedTemporaryFile(prefix="evalsite-doctor-") as outside:
        server = Server(sandbox, limits, numpy=False, index=0)
        try:
            return server.probe(outside.name)
        finally:
            server.kill()


def _rows(found: dict[str, str]) -> list[LayerProbe]:
    return [
        LayerProbe(name, not wrong, wrong or _WHAT[name], _SETTINGS.get(name, "") if wrong else "")
        for name, wrong in found.items()
    ]
