"""From the machine to a command line: what isolates generated code here."""

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

from evalsite.errors import SandboxError
from evalsite.grading import in_place
from evalsite.grading.environments import (
    INSIDE_CODE,
    INSIDE_PYTHON,
    Environment,
    binds,
    compile_ours,
    environment_of,
    package_paths,
    package_paths_inside,
)
from evalsite.grading.inside.plan import DEVICES, Plan
from evalsite.grading.toolchains import find
from evalsite.rundir.schema import Limits

Sandbox = Literal["bubblewrap", "landlock", "process"]
SANDBOXES: tuple[Sandbox, ...] = get_args(Sandbox)
"""In the order in which they are to be preferred; the last only where it is asked for."""

INSIDE_WORK = "/tmp"  # noqa: S108 - a tmpfs of the sandbox's own
_ITSELF = "/proc/self/exe"
"""All that tools have of /proc: some look there for what lies beside them."""
INSIDE_FURTHER = "/packages"
INSIDE_BUILT = "/built"
"""What was compiled, on another."""

_CAPS_OF_ROOT = frozenset({6, 7, 8, 21})
"""SETGID, SETUID, SETPCAP, SYS_ADMIN: what a sandbox takes that is made without a user namespace."""
_CAPS_OF_OTHERS = frozenset({0, 1, 3, 5, 6, 7, 8})
"""CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SETPCAP: what ordinary containers leave to root."""
_FLAGS = ("-s", "-S", "-P", "-B", "-c")
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_UID_BASE, _UIDS_EACH, _FEWEST_IDS = 0x60000000, 64, 1 << 12
_BOOTSTRAP = (
    "import gc, sys; gc.disable(); sys.path.insert(0, {code!r}); "
    "from evalsite.grading.inside import server; server.main()"
)
_FIRST_TO_GO = [
    "/bin/sh",
    "-c",
    'echo 1000 2>/dev/null >/proc/self/oom_score_adj; ulimit -S -s 8192 2>/dev/null; exec "$@"',
    "sh",
]
"""When memory runs out, the kernel is to end the sandbox before anything of the user's; and a thread's stack
has the same size on every machine, as it counts against a sample's memory.
"""
C_LIBRARY = {"MALLOC_ARENA_MAX": "2", "LD_BIND_NOW": "1"}
"""It would reserve memory by the number of processors, for up to eight threads on each, and look functions up
where they are first called, which every sample would do anew.
"""
_TRIAL = (
    "import ctypes, os; kernel = ctypes.CDLL(None, use_errno=True); "
    "failed = kernel.unshare(0x20000000) or kernel.mount(b'tmpfs', b'/tmp', b'tmpfs', 0, None); "
    "failed and os.write(2, os.strerror(ctypes.get_errno()).encode()); os._exit(bool(failed))"
)
_finding_out = threading.Lock()
"""What an interpreter needs is found out once for all workers, which start at the same time."""
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]
PROCESS_WAY = "To run generated code with your own rights and without isolation, say --sandbox process."
LANDLOCK_WAY = "The sandbox that needs no namespaces is --sandbox landlock."


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


def make_work_folder(sandbox: Sandbox) -> str:
    """A new folder of the host's for one fork server; empty where the sandbox brings its own."""
    if sandbox == "bubblewrap":
        return ""
    if sandbox == "process":
        return tempfile.mkdtemp(prefix="evalsite-")
    return in_place.make_work_folder(for_others=has_own_users())


def work_folder(sandbox: Sandbox, work: str) -> str:
    """The private folder as programs see it. ``work`` is what :func:`make_work_folder` made."""
    return {"bubblewrap": INSIDE_WORK, "landlock": f"{work}/work"}.get(sandbox, work)


def built_folder(sandbox: Sandbox, environment: Environment, work: str) -> str:
    """The folder of what was compiled, as programs see it; empty where nothing is."""
    if not environment.runs_tools:
        return ""
    return {"bubblewrap": INSIDE_BUILT, "landlock": f"{work}/built"}.get(sandbox, f"{work}.built")


def packages_folder(sandbox: Sandbox, environment: Environment) -> str:
    """The folder of further packages as programs see it; empty where there is none."""
    return INSIDE_FURTHER if environment.further and sandbox == "bubblewrap" else environment.further


def _further(environment: Environment) -> list[str]:
    return [environment.further] if environment.further else []


def _of_tools(environment: Environment) -> tuple[str, ...]:
    """What a language's tools read of the host; nothing where there are none."""
    return find(environment.name, environment.further).readable if environment.runs_tools else ()


def command(
    sandbox: Sandbox, limits: Limits, *, environment: str | Environment, index: int, work: str
) -> list[str]:
    """The command that starts one fork server. Raises SandboxError where bubblewrap is missing.

    ``work`` is what :func:`make_work_folder` made.
    """
    found = environment_of(environment)
    with _finding_out:
        compile_ours()
        return [*_FIRST_TO_GO, *_command(sandbox, limits, environment=found, index=index, work=work)]


def _command(
    sandbox: Sandbox, limits: Limits, *, environment: Environment, index: int, work: str
) -> list[str]:
    if sandbox == "process":
        plan = Plan(
            sandbox="process",
            uid=None,
            work=work,
            disk=limits.disk_mib << 20,
            readable=["/"],
            listable=[],
            packages=package_paths(environment),
            packages_stay=environment.packages_stay,
            imports=list(environment.imports),
            built=built_folder(sandbox, environment, work),
        )
        python = [sys.executable, "-P", "-B", "-c"]
        if environment.packages_stay:
            python = [environment.interpreter.executable, *_FLAGS]
        return [*python, _BOOTSTRAP.format(code=str(_PACKAGE_ROOT)), plan.to_json()]
    if sandbox == "landlock":
        return _landlock(limits, environment=environment, index=index, work=work)
    return _bubblewrap(limits, environment=environment, index=index)


def has_own_users() -> bool:
    """Whether this process may let each worker's programs be a user of their own, and end and clean up what
    they leave.
    """
    return os.geteuid() == 0 and capabilities() >= _CAPS_OF_OTHERS and _has_room_for_users()


def _has_room_for_users() -> bool:
    """Whether this process's user namespace knows more users than a few."""
    return min(map(_most_ids, ("uid_map", "gid_map"))) > _FEWEST_IDS


def _landlock(limits: Limits, *, environment: Environment, index: int, work: str) -> list[str]:
    own_users = has_own_users()
    if not own_users:
        in_place.require_visible_processes()
    house = in_place.house(environment, for_others=own_users)
    plan = Plan(
        sandbox="landlock",
        uid=worker_uid(index) if own_users else None,
        work=work_folder("landlock", work),
        built=built_folder("landlock", environment, work),
        disk=limits.disk_mib << 20,
        readable=[*(_of_tools(environment) or house.readable), *_further(environment), *DEVICES[1:]],
        listable=[] if environment.runs_tools else house.listable,
        packages=house.packages,
        packages_stay=environment.packages_stay,
        imports=list(environment.imports),
    )
    variables = {"LD_LIBRARY_PATH": house.libraries, "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
    variables |= C_LIBRARY | _ONE_THREAD
    return [
        *("/usr/bin/env", "-i", *(f"{name}={value}" for name, value in variables.items())),
        *(house.python, *_FLAGS, _BOOTSTRAP.format(code=str(_PACKAGE_ROOT)), plan.to_json()),
    ]


def find_bubblewrap() -> str:
    """Path of ``bwrap``. Raises SandboxError with the way to get it."""
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxError(
            "bubblewrap is not installed, and generated code is not run without isolation",
            hint="Install it (Debian and Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap). "
            f"{LANDLOCK_WAY} {PROCESS_WAY}",
        )
    return path


def _bubblewrap(limits: Limits, *, environment: Environment, index: int) -> list[str]:
    root = is_real_root()
    words = _namespaces()
    tools = _of_tools(environment)
    bound = binds(environment) + tuple((path, path) for path in tools)
    bound += tuple((path, INSIDE_FURTHER) for path in _further(environment))
    made = [f"{INSIDE_WORK}/file", "/dev/null", *([f"{INSIDE_BUILT}/file", _ITSELF] if tools else [])]
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
    python = environment.interpreter
    if (Path(python.stdlib) / "site-packages").is_dir():
        words += ["--tmpfs", f"{python.stdlib_inside}/site-packages"]
    words += ["--remount-ro", "/"]
    variables = {"LD_LIBRARY_PATH": f"{INSIDE_PYTHON}/libraries", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
    for name, value in (variables | C_LIBRARY | _ONE_THREAD).items():
        words += ["--setenv", name, value]
    plan = Plan(
        sandbox="bubblewrap",
        uid=worker_uid(index) if root else None,
        work=INSIDE_WORK,
        built=built_folder("bubblewrap", environment, ""),
        disk=limits.disk_mib << 20,
        readable=[*(tools or (INSIDE_PYTHON, "/lib", "/lib64", "/usr")), INSIDE_FURTHER, *DEVICES[1:]],
        listable=[],
        packages=package_paths_inside(environment),
        packages_stay=environment.packages_stay,
        imports=list(environment.imports),
    )
    bootstrap = _BOOTSTRAP.format(code=INSIDE_CODE)
    return [*words, "--", f"{INSIDE_PYTHON}/bin/python3", *_FLAGS, bootstrap, plan.to_json()]


def _namespaces() -> list[str]:
    words = [find_bubblewrap(), "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if not is_real_root():
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


def refusal_of_bubblewrap() -> str:
    """Why bubblewrap does not start here, in its own words or ours; empty where it does.

    It is tried with nothing but the namespaces, mounts and devices that grading asks of it.
    """
    return _refusal_of(shutil.which("bwrap"))


@functools.cache
def _refusal_of(path: str | None) -> str:
    if path is None:
        return "bubblewrap is not installed"
    devices = [word for device in DEVICES for word in ("--dev-bind", device, device)]
    words = [*_namespaces(), "--ro-bind", "/", "/", *devices, "--", sys.executable, "-I", "-S", "-c", _TRIAL]
    tried = subprocess.run(words, capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return ""
    return " ".join(tried.stderr.split()) or "bubblewrap ended without a word"


def choose(asked: Sandbox | None) -> Sandbox:
    """The sandbox that was asked for, or else the first that starts here: bubblewrap, then landlock."""
    if asked is not None:
        return asked
    return "landlock" if runs_programs() and refusal_of_bubblewrap() else "bubblewrap"
