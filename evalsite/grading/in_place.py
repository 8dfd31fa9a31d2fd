"""The interpreter where it lies on the host: what programs have to read of it where nothing can be mounted.

Programs that are users of their own may be unable to enter the folder that it lies in, such as root's home.
Then they get a copy, which is kept for later runs.
"""

import functools
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from evalsite.errors import SandboxError
from evalsite.grading.environments import (
    INSIDE_PYTHON,
    INSIDE_SITE,
    Environment,
    binds,
    environment_of,
    package_paths,
    package_paths_inside,
)

CACHE = Path("/var/cache/evalsite")
"""Where a copy is kept, if that may be written; else in the folder for temporary files."""
_FORM = "2"
"""Of copies; another one, and they are made anew."""
_NOT_COPIED = frozenset({"site-packages", "test", "tests"})


@dataclass(frozen=True)
class House:
    """Paths on the host."""

    python: str
    packages: list[str]
    """Folders that packages are imported from."""
    libraries: str
    """Folders of shared objects, as in ``LD_LIBRARY_PATH``."""
    readable: list[str]
    listable: list[str]


@functools.cache
def house(environment: str | Environment, *, for_others: bool) -> House:
    """What an environment's programs read. ``for_others``: they are users of their own.

    Raises SandboxError where they could not enter it, and no copy can be made.
    """
    environment = environment_of(environment)
    bound = {inside: source for source, inside in binds(environment) if "/evalsite/" not in inside}
    packages = package_paths(environment)
    kept = {inside: source for inside, source in bound.items() if not inside.startswith(INSIDE_PYTHON + "/")}
    also: list[str] = []
    root = ""
    if for_others and not all(map(_is_open, bound.values())):
        root = _copied(environment.name, bound.keys() - kept.keys(), bound)
        packages = [f"{root}{inside}" for inside in package_paths_inside(environment)]
        # What an interpreter that a program starts finds where it always is.
        also = [path for inside, path in bound.items() if "/libraries/" in inside and _is_open(path)]
        bound = kept | {inside: f"{root}{inside}" for inside in bound.keys() - kept.keys()}
    stdlib = bound.pop(environment.interpreter.stdlib_inside)
    if root:  # as one: each rule costs every sample a little
        files = [*(path for path in bound.values() if not path.startswith(f"{root}/")), root]
    else:
        files = [*bound.values(), *_of_stdlib(stdlib)]
    folders = [str(Path(path).parent) for inside, path in bound.items() if "/libraries/" in inside]
    return House(
        python=bound[f"{INSIDE_PYTHON}/bin/python3"],
        packages=packages,
        libraries=":".join(dict.fromkeys(folders)),
        readable=[*files, *also],
        listable=[stdlib],
    )


def require_visible_processes(mounts: Path = Path("/proc/self/mounts")) -> None:
    """Raise SandboxError where /proc hides processes (hidepid): those of programs that belong to the user
    are counted there, or as many would run as they like.
    """
    try:
        found = re.search(
            r"^\S+ /proc proc \S*\bhidepid=(?!0|off)(\w+)", mounts.read_text("utf-8"), re.MULTILINE
        )
    except OSError:
        return
    if found:
        raise SandboxError(
            f"/proc hides processes here (hidepid={found[1]}), so that those of a program cannot be counted",
            hint="Have it mounted anew: mount -o remount,hidepid=0 /proc. Or grade on another machine: "
            "evalsite grade RUN",
        )


def make_work_folder(*, for_others: bool) -> str:
    """A new folder for one fork server. ``for_others``: other users have to pass through it."""
    if not for_others:
        return tempfile.mkdtemp(prefix="evalsite-")
    found = next(filter(_can_be_entered, (tempfile.gettempdir(), "/tmp", "/var/tmp")), None)  # noqa: S108
    if found is None:
        raise SandboxError(
            f"programs cannot enter the folder for temporary files, {tempfile.gettempdir()}",
            hint="Let TMPDIR name a folder that every user may enter.",
        )
    folder = tempfile.mkdtemp(prefix="evalsite-", dir=found)
    Path(folder).chmod(0o711)
    return folder


def _of_stdlib(stdlib: str) -> Iterator[str]:
    """Its modules and packages, without what others have installed among them."""
    with os.scandir(stdlib) as entries:
        for entry in entries:
            if entry.name not in ("site-packages", "dist-packages"):
                yield entry.path


def _can_be_entered(path: str) -> bool:
    """Whether every user may pass through a folder to what they know in it."""
    found = Path(path).resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (found, *found.parents))


def _is_open(path: str) -> bool:
    """Whether every user may read a file, or enter a folder and read what lies in it."""
    found = Path(path).resolve()
    if not _can_be_entered(str(found.parent)):
        return False
    if not found.is_dir():
        return bool(found.stat().st_mode & stat.S_IROTH)
    inner = (entry.stat().st_mode for entry in found.iterdir() if not entry.is_symlink())
    return _can_be_entered(str(found)) and all(mode & stat.S_IROTH for mode in inner)


def _copied(environment: str, inside: "set[str]", bound: dict[str, str]) -> str:
    """Folder that holds a copy of what is bound, made unless it is there."""
    told = [
        _FORM,
        *(f"{name} {bound[name]} {_age(name, Path(bound[name]))}" for name in sorted(inside)),
    ]
    name = f"{environment}-{blake2b(chr(10).join(told).encode(), digest_size=8).hexdigest()}"
    refusals = []
    for parent in (CACHE, Path(tempfile.gettempdir(), "evalsite-cache")):
        try:
            return _copy_into(parent, name, {target: bound[target] for target in inside})
        except OSError as exc:
            refusals.append(str(exc))
    raise SandboxError(
        f"programs cannot enter the interpreter's folder, and it cannot be copied: {'; '.join(refusals)}",
        hint="Install evalsite with an interpreter that every user can read, such as the system's own.",
    )


def _age(inside: str, path: Path) -> str:
    """What changes with a file or folder; of packages, with anything in them, for people work on some."""
    if not inside.startswith(INSIDE_SITE):
        return str(path.stat().st_mtime_ns)
    state = blake2b(digest_size=16)
    for folder, _, names in sorted(os.walk(path)):
        for name in sorted(names):
            found = os.lstat(os.path.join(folder, name))  # noqa: PTH118 - there may be ten thousands
            state.update(f"{folder}/{name} {found.st_size} {found.st_mtime_ns}\n".encode("utf-8", "replace"))
    return state.hexdigest()


def _copy_into(parent: Path, name: str, wanted: dict[str, str]) -> str:
    parent.mkdir(parents=True, exist_ok=True)
    found = parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PermissionError(f"{parent} is not ours alone")
    parent.chmod(0o755)
    if not _can_be_entered(str(parent)):
        raise PermissionError(f"other users cannot enter {parent}")
    if os.statvfs(parent).f_flag & os.ST_NOEXEC:
        raise PermissionError(f"nothing can be run from {parent}")
    copy = parent / name
    if copy.is_dir():
        return str(copy)
    making = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=parent))
    try:
        for inside, source in wanted.items():
            whole = inside.startswith(INSIDE_SITE)
            _copy(Path(source), making / inside.lstrip("/"), whole=whole)
        _let_it_find_its_libraries(making, wanted)
        open_to_all(making)
        os.rename(making, copy)  # noqa: PTH104
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        if not copy.is_dir():  # nor has another process made it meanwhile
            raise
    return str(copy)


def _copy(source: Path, target: Path, *, whole: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        ignore = None if whole else _left_out
        shutil.copytree(source, target, ignore=ignore, ignore_dangling_symlinks=True)
    else:
        shutil.copy2(source, target)


def _let_it_find_its_libraries(copy: Path, wanted: dict[str, str]) -> None:
    """An interpreter that a program starts has no variable to tell it where they are.

    It looks in ``lib`` beside its own folder, or in the folder that is written in it, which nobody else
    enters.
    """
    beside = b"$ORIGIN/../libraries"
    python = copy / f"{INSIDE_PYTHON}/bin/python3".lstrip("/")
    code = python.read_bytes()
    for inside, source in wanted.items():
        if "/libraries/" in inside:
            name = Path(inside).name
            (copy / INSIDE_PYTHON.lstrip("/") / "lib" / name).symlink_to(f"../libraries/{name}")
            written = os.fsencode(Path(source).parent) + b"\0"
            if len(written) > len(beside):
                code = code.replace(b"\0" + written, b"\0" + beside.ljust(len(written), b"\0"))
    python.write_bytes(code)


def _left_out(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name in _NOT_COPIED or ".opt-" in name or name.startswith("config-")}


def open_to_all(folder: Path) -> None:
    """Let programs, which may be users of their own, read and run what was made, whatever the umask."""
    for path in (folder, *(path for path in folder.rglob("*") if not path.is_symlink())):
        mode = path.stat().st_mode
        path.chmod(mode & 0o755 | (0o555 if path.is_dir() or mode & stat.S_IXUSR else 0o444))
