"""The sandbox of namespaces: bubblewrap makes them, and binds what programs see of the host."""

import functools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from evalsite.errors import SandboxError
from evalsite.grading import isolation
from evalsite.grading.environments import (
    INSIDE_CODE,
    INSIDE_PYTHON,
    Environment,
    binds,
    package_paths_inside,
)
from evalsite.grading.inside.setup import DEVICES
from evalsite.grading.sandboxes import base
from evalsite.grading.sandboxes.base import Backend
from evalsite.grading.toolchains import find
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits

INSIDE_WORK = "/tmp"  # noqa: S108 - a tmpfs of the sandbox's own
INSIDE_BUILT = "/built"
"""What was compiled, on another."""
INSIDE_FURTHER = "/packages"
_ITSELF = "/proc/self/exe"
"""All that tools have of /proc: some look there for what lies beside them."""
_TRIAL = (
    "import ctypes, os; kernel = ctypes.CDLL(None, use_errno=True); "
    "failed = kernel.unshare(0x20000000) or kernel.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None); "
    "failed and os.write(2, os.strerror(ctypes.get_errno()).encode()); os._exit(bool(failed))"
)

_TRIAL_S = 60.0
"""Seconds that the trial may take: where a call is refused that bubblewrap waits with, it never ends."""


class Bubblewrap(Backend):
    """Namespaces of its own for each fork server, and a process namespace for each sample."""

    name = Sandbox.BUBBLEWRAP
    title = "bubblewrap"
    has_namespaces = True

    def make_work_folder(self) -> str:
        return ""

    def work_folder(self, work: str) -> str:
        return INSIDE_WORK

    def built_folder(self, work: str) -> str:
        return INSIDE_BUILT

    def packages_folder(self, environment: Environment) -> str:
        return INSIDE_FURTHER if environment.further else ""

    def refusal(self) -> str:
        """In its own words or ours. It is tried with nothing but the namespaces, mounts and devices that
        grading asks of it.
        """
        return _refusal_of(shutil.which("bwrap"))

    def praise(self) -> str:
        return f"starts ({find_bubblewrap()})"

    def words(self, limits: Limits, environment: Environment, index: int, work: str) -> list[str]:
        """Raises SandboxError where bubblewrap is missing."""
        tools = base.of_tools(environment)
        python = environment.interpreter
        words = [*_namespaces(), *_bound(environment, tools)]
        if (Path(python.stdlib) / "site-packages").is_dir():
            words += ["--tmpfs", f"{python.stdlib_inside}/site-packages"]
        words += ["--remount-ro", "/"]
        variables = {"LD_LIBRARY_PATH": f"{INSIDE_PYTHON}/libraries", **base.VARIABLES}
        for name, value in variables.items():
            words += ["--setenv", name, value]
        readable = *(tools or (INSIDE_PYTHON, "/lib", "/lib64", "/usr")), INSIDE_FURTHER, *DEVICES[1:]
        setup = self.setup(
            limits,
            environment,
            work,
            uid=isolation.worker_uid(index) if isolation.is_real_root() else None,
            readable=readable,
            packages=package_paths_inside(environment),
        )
        bootstrap = base.BOOTSTRAP.format(code=INSIDE_CODE)
        return [*words, "--", f"{INSIDE_PYTHON}/bin/python3", *base.FLAGS, bootstrap, setup]


def find_bubblewrap() -> str:
    """Path of ``bwrap``. Raises SandboxError with the way to get it."""
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(
            "bubblewrap is not installed, and generated code is not run without isolation",
            hint="Install it (Debian and Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap). "
            + " ".join(other.way for other in Sandbox.BUBBLEWRAP.next_ones),
        )
    return path


def _bound(environment: Environment, tools: tuple[str, ...]) -> list[str]:
    """The words that bind what programs see."""
    bound = binds(environment) + tuple((path, path) for path in tools)
    bound += tuple((path, INSIDE_FURTHER) for path in base.further(environment))
    made = [f"{INSIDE_WORK}/file", "/dev/null", *([f"{INSIDE_BUILT}/file", _ITSELF] if tools else [])]
    words = []
    for folder in _folders([target for _, target in bound] + made):
        words += ["--perms", "0755", "--dir", folder]  # by itself, bubblewrap keeps them from other users
    for source, target in bound:
        words += ["--ro-bind", source, target]
    for target, link in () if tools else _links([target for _, target in bound]):
        words += ["--symlink", target, link]
    for device in DEVICES:
        words += ["--dev-bind", device, device]
    if tools:
        words += ["--symlink", find(environment.name, environment.further).main, _ITSELF]
    return words


def _namespaces() -> list[str]:
    words = [find_bubblewrap(), "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if not isolation.is_real_root():
        words += ["--unshare-user", "--uid", "0", "--gid", "0"]
    return [*words, "--cap-add", "ALL", "--hostname", "sandbox"]


def _links(targets: list[str]) -> Iterator[tuple[str, str]]:
    """Where an interpreter that a program starts looks for its libraries: what a link there leads to, and the
    link. A folder that holds something else has a link for each.
    """
    libraries = f"{INSIDE_PYTHON}/libraries"
    for folder in ("/usr/lib", "/usr/lib64"):
        if not any(target.startswith(folder + "/") for target in targets):
            yield libraries, folder
            continue
        for library in (target for target in targets if target.startswith(libraries + "/")):
            if (link := f"{folder}/{Path(library).name}") not in targets:
                yield library, link


def _folders(targets: list[str]) -> list[str]:
    """Every folder above the targets, outermost first."""
    parents = {str(parent) for target in targets for parent in Path(target).parents}
    return sorted(parents - {"/"})


@functools.cache
def _refusal_of(path: str | None) -> str:
    if path is None:
        return "bubblewrap is not installed"
    devices = [word for device in DEVICES for word in ("--dev-bind", device, device)]
    words = [*_namespaces(), "--ro-bind", "/", "/", *devices, "--", sys.executable, "-I", "-S", "-c", _TRIAL]
    try:
        tried = subprocess.run(words, capture_output=True, text=True, check=False, timeout=_TRIAL_S)
    except subprocess.TimeoutExpired:
        return "bubblewrap starts, and does not come to an end"
    except OSError as exc:  # a filter of the container's, or a limit
        return str(exc)
    if tried.returncode == 0:
        return ""
    return " ".join(tried.stderr.split()) or "bubblewrap ended without a word"
