"""Which Python runs programs, and what is installed there: evalsite's own, or one that somebody names."""

import functools
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from evalsite.errors import UsageError
from evalsite.languages.python.running import NUMPY

_OLDEST = (3, 11)
"""What runs inside a sandbox is written in this version of the language."""
_PATIENCE_S = 60.0
_ASK = """
import importlib.metadata, importlib.util, json, os, sys, sysconfig
library = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
library |= {os.path.join(folder, "lib-dynload") for folder in library}
found = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
print(json.dumps({
    "executable": os.path.realpath(sys.executable),
    "version": sys.version_info[:2],
    "stdlib": sysconfig.get_path("stdlib"),
    "platstdlib": sysconfig.get_path("platstdlib"),
    "folders": [path for path in dict.fromkeys(sys.path) if os.path.isdir(path) and path not in library],
    "packages": sorted((str(name), str(version)) for name, version in found.items()),
    "lacking": [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None],
    "has_numpy": importlib.util.find_spec("numpy") is not None,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python on this machine."""

    executable: str
    version: tuple[int, int]
    stdlib: str
    platstdlib: str
    folders: tuple[str, ...] = ()
    """What programs may import from, besides the standard library."""
    packages: tuple[tuple[str, str], ...] = ()
    """Name and version of everything that is installed there, in the order of their names."""
    preload: tuple[str, ...] = (NUMPY,)
    """What the fork servers import beforehand that run programs which import it."""

    @property
    def stdlib_inside(self) -> str:
        """Where the standard library is found in a sandbox that mounts it."""
        return "/python/lib/python{}.{}".format(*self.version)


@functools.cache
def own() -> Interpreter:
    """The Python that runs evalsite, of whose packages programs have those that data sets ask for by name."""
    return Interpreter(
        executable=str(Path(sys.executable).resolve()),
        version=sys.version_info[:2],
        stdlib=str(Path(sysconfig.get_path("stdlib")).resolve()),
        platstdlib=str(Path(sysconfig.get_path("platstdlib")).resolve()),
    )


@functools.cache
def read_interpreter(path: Path, preload: tuple[str, ...] | None = None) -> Interpreter:
    """Ask an interpreter, or that of a virtual environment's folder, what it is and what it has.

    ``preload`` of None is numpy, where it is installed. Raises UsageError for what is no Python that can run
    programs here, and for packages to preload that it has not.
    """
    python = path / "bin" / "python" if path.is_dir() else path
    words = [str(python.absolute()), "-I", "-B", "-c", _ASK, *(preload or ())]
    try:
        told = subprocess.run(
            words, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE_S, check=True
        )
        found = json.loads(told.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as exc:
        last = (getattr(exc, "stderr", None) or str(exc)).strip().splitlines()[-1:]
        raise UsageError(
            f"--sandbox-python {path}: no Python answers there ({''.join(last)})",
            hint="Name an interpreter or the folder of a virtual environment: python3 -m venv ENV; "
            "ENV/bin/python -m pip install pandas; then --sandbox-python ENV",
        ) from exc
    if tuple(found["version"]) < _OLDEST:
        version, oldest = (".".join(map(str, each)) for each in (found["version"], _OLDEST))
        raise UsageError(f"--sandbox-python {path}: Python {version} is too old, {oldest} is needed")
    if found["lacking"]:
        raise UsageError(
            f"--preload {found['lacking'][0]}: it is not installed in {path}",
            hint=f"{python} -m pip install {found['lacking'][0]}",
        )
    return Interpreter(
        executable=found["executable"],
        version=(found["version"][0], found["version"][1]),
        stdlib=os.path.realpath(found["stdlib"]),
        platstdlib=os.path.realpath(found["platstdlib"]),
        folders=tuple(map(os.path.realpath, found["folders"])),
        packages=tuple((name, version) for name, version in found["packages"]),
        preload=((NUMPY,) if found["has_numpy"] else ()) if preload is None else preload,
    )


def named_interpreter(path: str | Path, preload: str | None) -> Interpreter | None:
    """The same by what options hold: a path, and names with commas between them; None for an empty path.

    Raises UsageError as :func:`read_interpreter` does, and for a ``preload`` of no interpreter.
    """
    if path:
        names = None if preload is None else tuple(filter(None, preload.replace(" ", "").split(",")))
        return read_interpreter(Path(path), names)
    if preload is not None:
        raise UsageError(
            "--preload names modules of --sandbox-python, and that is not given",
            hint="Name the Python that has them: --sandbox-python ENV",
        )
    return None


def hash_packages(packages: tuple[tuple[str, str], ...]) -> str:
    """SHA-256, in hexadecimal, over lines such as ``pandas==2.2.3``, as ``pip freeze`` writes them; empty for
    none.
    """
    frozen = "".join(f"{name}=={version}\n" for name, version in packages)
    return hashlib.sha256(frozen.encode()).hexdigest() if frozen else ""
