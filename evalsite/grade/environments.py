"""What programs can import, by the name of their environment, and the files of the host that this takes."""

import functools
import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from evalsite.errors import SandboxError
from evalsite.languages.python.running import NUMPY
from evalsite.languages.running import PLAIN

ENVIRONMENTS: Mapping[str, tuple[str, ...]] = {PLAIN: (), NUMPY: ("numpy",)}
"""Name of an environment -> the packages that it has besides the standard library. Each has fork servers of
its own, in which they are imported before any program runs.
"""

INSIDE_PYTHON = "/python"
INSIDE_PACKAGES = "/python/packages"
INSIDE_CODE = "/code"
_ZONES = "/usr/share/zoneinfo"
"""The world's time zones, which ``zoneinfo`` reads."""


def stdlib_inside() -> str:
    """Where the standard library is found inside."""
    return f"{INSIDE_PYTHON}/lib/python{sys.version_info[0]}.{sys.version_info[1]}"


@functools.cache
def binds(environment: str) -> tuple[tuple[str, str], ...]:
    """Host path and inside path of all that the interpreter needs: itself, its library, shared objects,
    packages, our own files.
    """
    executable = Path(sys.executable).resolve()
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    found = [(str(executable), f"{INSIDE_PYTHON}/bin/python3"), (str(stdlib), stdlib_inside())]
    platform_library = Path(sysconfig.get_path("platstdlib")).resolve()
    extensions = [*stdlib.glob("lib-dynload/*.so"), *platform_library.glob("lib-dynload/*.so")]
    found.append((str(Path(__file__).parent / "inside"), f"{INSIDE_CODE}/evalsite/grade/inside"))
    for folder in package_folders(environment):
        found.append((str(folder), f"{INSIDE_PACKAGES}/{folder.name}"))
        if not folder.name.endswith(".libs"):
            extensions += folder.rglob("*.so")
    loader, libraries = _shared_objects([executable, *extensions])
    found += [(library, f"{INSIDE_PYTHON}/libraries/{Path(library).name}") for library in libraries]
    if loader:
        found.append((str(Path(loader).resolve()), loader))
    if Path(_ZONES).is_dir():
        found.append((_ZONES, _ZONES))
    return tuple(dict.fromkeys(found))


def package_folders(environment: str) -> list[Path]:
    """An environment's packages and, where they have one, the folders of their libraries, in no other folder
    than the packages'. Raises SandboxError where one is not installed.
    """
    folders = []
    for name in ENVIRONMENTS[environment]:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise SandboxError(
                f"the tests need {name}, and it is not installed", hint=f"Install it: pip install {name}"
            )
        package = Path(spec.origin).parent
        folders += [package, *filter(Path.is_dir, [package.parent / f"{name}.libs"])]
    return folders


def _shared_objects(files: list[Path]) -> tuple[str, tuple[str, ...]]:
    """The dynamic loader, and every shared object that the files need. The first file is a program."""
    told = _traced(files) or _asked_of_ldd(files)
    found = re.findall(r"^\t(\S+) => (/\S+) \(0x", told, re.MULTILINE)
    named = re.findall(r"^\t(/\S+) \(0x", told, re.MULTILINE)
    loaders = [path for path in named if Path(path) not in files]
    in_a_package = re.compile(r"/\w+\.libs/")
    libraries = dict.fromkeys(path for _, path in found if not in_a_package.search(path))
    if not loaders and not libraries and Path("/lib64").exists() is False:
        return "", ()
    # The C library opens it when a thread is cancelled.
    unwinder = _sibling_library(libraries, "libgcc_s.so.1")
    if unwinder:
        libraries[unwinder] = None
    return (loaders[0] if loaders else ""), tuple(libraries)


def _traced(files: list[Path]) -> str:
    """What the GNU loader would load for all files at once: a few milliseconds, where ``ldd`` starts it for
    each. Nothing where the loader is another one, which runs the empty program, or can't be told the paths.
    """
    program, *others = map(str, files)
    if any(separator in path for path in others for separator in ": "):
        return ""
    trace = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(others)}
    result = subprocess.run(
        [program, "-I", "-S", "-c", ""],
        env=os.environ | trace,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if result.returncode or result.stderr else result.stdout


def _asked_of_ldd(files: list[Path]) -> str:
    result = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    return result.stdout


def _sibling_library(libraries: dict[str, None], name: str) -> str | None:
    folders = dict.fromkeys(Path(library).parent for library in libraries)
    return next((str(folder / name) for folder in folders if (folder / name).exists()), None)
