"""The tools that compile and run other languages' programs, as they are found on this machine.

What all samples of a language share (precompiled headers, class data) is made once and kept in a folder that
programs can read, for as long as the tools and what we make of them stay the same.
"""

import functools
import inspect
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from glob import glob
from hashlib import blake2b
from pathlib import Path

from evalsite.errors import SandboxError
from evalsite.grading.in_place import CACHE, open_to_all
from evalsite.languages import LANGUAGES
from evalsite.languages.base import Language
from evalsite.languages.toolchain import Place, Tool, Toolchain

_PATH = "/usr/bin:/usr/local/bin:/bin"
"""Looked through first: what lies there everybody can read, whoever programs run as."""
_SYSTEM = ("/lib/*-linux-gnu*", "/usr/lib/*-linux-gnu*", "/lib64", "/usr/lib64", "/etc/ld.so.cache")
"""Shared objects of the system's."""
_PATIENCE_S = 60.0
_FOR_OTHERS = "/var/tmp"  # noqa: S108 - the folder is ours alone, or is not taken
"""Where those keep it who may not write to the system's cache: programs have a ``/tmp`` of their own."""
_DONE = ".done"
"""A file that says that nothing is lacking there."""
_FORM = "3"
"""Of the folder of what samples share; another one, and it is made anew."""


@dataclass(frozen=True)
class Found:
    """A toolchain on this machine."""

    toolchain: Toolchain
    place: Place
    """With the folders that are the same for all samples."""
    version: str
    readable: tuple[str, ...]
    """What the tools read of the host."""

    @property
    def main(self) -> str:
        """Path of the first tool."""
        return self.place.tools[self.toolchain.tools[0].name]


def toolchain_of(name: str) -> Toolchain:
    """The toolchain of the language of that name, which has one."""
    toolchain = LANGUAGES[name].toolchain
    assert toolchain is not None
    return toolchain


@functools.cache
def find(name: str, packages: str = "") -> Found:
    """The toolchain of a language, with what its samples share; ``packages`` is a folder of further packages.

    Raises SandboxError, with Debian's packages, where a tool is missing.
    """
    language = LANGUAGES[name]
    toolchain = toolchain_of(name)
    tools = {tool.name: path for tool in toolchain.tools if (path := find_tool(tool))}
    if missing := [tool for tool in toolchain.tools if tool.name not in tools]:
        raise _missing(language, missing)
    version = version_of(toolchain.tools[0], tools[toolchain.tools[0].name])
    place = Place(tools=tools, cache="", work="", built="")
    place = replace(place, cache=_prepared(name, toolchain, place, version))
    if packages:
        files = tuple(sorted(path.name for path in Path(packages).iterdir()))
        place = replace(place, packages=packages, package_files=files)
    wanted = [*_SYSTEM, *toolchain.folders]
    readable = [path for pattern in wanted for path in sorted(glob(pattern))]  # noqa: PTH207
    return Found(toolchain, place, version, (*dict.fromkeys([*readable, *tools.values()]), place.cache))


def find_tool(tool: Tool) -> str:
    """Path of a tool on this machine; empty where it is missing."""
    found = shutil.which(tool.name, path=_PATH) or shutil.which(tool.name)
    return os.path.realpath(found) if found else ""


def version_of(tool: Tool, path: str) -> str:
    """Name and version of a tool, such as ``node 20.20.2``."""
    told = subprocess.run(
        [path, *tool.version],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_PATIENCE_S,
        check=False,
    )
    found = re.search(r"\d+(?:\.\d+)+", told.stdout + told.stderr)
    return f"{tool.name} {found[0]}" if found else tool.name


def _missing(language: Language, tools: list[Tool]) -> SandboxError:
    names = ", ".join(tool.name for tool in tools)
    packages = " ".join(dict.fromkeys(tool.package for tool in tools))
    return SandboxError(
        f"{language.title} programs need {names}, and this machine has no such program",
        hint=f"Install it (Debian and Ubuntu: apt-get install {packages}). "
        "'evalsite doctor --languages' says what is there.",
    )


def _prepared(name: str, toolchain: Toolchain, place: Place, version: str) -> str:
    """Folder of what samples share, made unless it is there."""
    own = Path(inspect.getfile(type(toolchain))).parent
    state = blake2b(digest_size=8)
    for part in (_FORM, version, toolchain.form, *map(str, sorted(place.tools.items()))):
        state.update(part.encode() + b"\0")
    for file in (*sorted(own.rglob("*")), *toolchain.further):
        if file.is_file() and (file.suffix not in (".py", ".pyc") or file.name == "toolchain.py"):
            state.update(file.read_bytes())
    refusals = []
    for parent in (CACHE, Path(_FOR_OTHERS, f"evalsite-cache-{os.geteuid()}")):
        try:
            return _made(parent, f"{name}-{state.hexdigest()}", toolchain, place)
        except OSError as exc:
            refusals.append(str(exc))
        except subprocess.CalledProcessError as exc:
            refusals.append(f"{exc.cmd[0]}: {(exc.stderr or b'').decode('utf-8', 'replace')[-500:]}")
    raise SandboxError(
        f"what {LANGUAGES[name].title} programs share cannot be made: {'; '.join(refusals)}",
        hint=f"Let this user write to {CACHE} or {_FOR_OTHERS}.",
    )


def _made(parent: Path, name: str, toolchain: Toolchain, place: Place) -> str:
    parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = parent.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PermissionError(f"{parent} is not ours alone")
    parent.chmod(0o755)
    folder = parent / name
    from filelock import FileLock

    with FileLock(f"{folder}.lock"):
        if (folder / _DONE).exists():
            return str(folder)
        shutil.rmtree(folder, ignore_errors=True)  # of a process that was broken off
        folder.mkdir(mode=0o755)
        (folder / "bin").mkdir()
        for tool, path in place.tools.items():
            (folder / "bin" / tool).symlink_to(path)
        toolchain.prepare(replace(place, cache=str(folder)))
        open_to_all(folder)
        (folder / _DONE).touch()
    return str(folder)
