"""What programs can import, by the name of their environment, and the files of the host that this takes."""

import compileall
import functools
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evalsite.errors import SandboxError
from evalsite.grading.interpreters import Interpreter, own
from evalsite.languages.python.running import NUMPY
from evalsite.languages.running import PLAIN

ENVIRONMENTS: Mapping[str, tuple[str, ...]] = {PLAIN: (), NUMPY: ("numpy",)}
"""Name of an environment -> the packages that it has besides the standard library, where evalsite's own
Python runs programs. Each has fork servers of its own, in which they are imported before any program runs.
Another Python (``--sandbox-python``) has all its packages in both, and imports beforehand what it is told.
"""

INSIDE_PYTHON = "/python"
INSIDE_PACKAGES = "/python/packages"
INSIDE_CODE = "/code"
INSIDE_SITE = "/python/site"
_INSIDE = Path(__file__).parent / "inside"
_MOST_TRACED = 200
"""Files whose paths fit into a variable."""
_OF_THE_SYSTEM = ("/usr/share/zoneinfo", "/usr/lib/locale")
"""What Python's library reads of it: the world's time zones and what it knows of languages and countries."""


@dataclass(frozen=True)
class Environment:
    """What one kind of fork server imports, and with which Python."""

    name: str
    interpreter: Interpreter
    imports: tuple[str, ...]
    """Imported before any program runs."""
    runs_tools: bool = False
    """Whether programs are compiled and run by the tools of the language that it is named after."""
    further: str = ""
    """Folder of further packages for those."""

    @property
    def packages_stay(self) -> bool:
        """Whether programs may import whatever else lies beside what was imported beforehand."""
        return self.interpreter != own()


def environment_of(
    name: "str | Environment", interpreter: Interpreter | None = None, further: str = ""
) -> Environment:
    """The environment of that name; ``interpreter`` is evalsite's own where none is given. ``further`` is a
    folder of packages for other languages than Python.
    """
    if isinstance(name, Environment):
        return name
    if name not in ENVIRONMENTS:
        return Environment(name, own(), (), runs_tools=True, further=further)
    if interpreter is None or interpreter == own():
        return Environment(name, own(), ENVIRONMENTS[name])
    return Environment(name, interpreter, () if name == PLAIN else interpreter.preload)


@functools.cache
def compile_ours(folder: Path = _INSIDE) -> None:
    """Compile our own files for fork servers, each of which would do so anew: nobody may write in there.

    Where the result cannot be kept, or is not wanted (``PYTHONDONTWRITEBYTECODE``), they do.
    """
    if not sys.dont_write_bytecode:
        compileall.compile_dir(folder, maxlevels=0, quiet=2, optimize=0)


@functools.cache
def binds(environment: str | Environment) -> tuple[tuple[str, str], ...]:
    """Host path and inside path of all that the interpreter needs: itself, its library, shared objects,
    packages, our own files.
    """
    environment = environment_of(environment)
    python = environment.interpreter
    found = [(python.executable, f"{INSIDE_PYTHON}/bin/python3"), (python.stdlib, python.stdlib_inside)]
    extensions = [
        *Path(python.stdlib).glob("lib-dynload/*.so"),
        *Path(python.platstdlib).glob("lib-dynload/*.so"),
    ]
    found.append((str(_INSIDE), f"{INSIDE_CODE}/evalsite/grading/inside"))
    for folder, inside in _packages(environment):
        found.append((str(folder), inside))
        if not folder.name.endswith(".libs"):
            extensions += folder.rglob("*.so")
    loader, libraries = _shared_objects([Path(python.executable), *extensions])
    libraries = tuple(each for each in libraries if not each.startswith(_within(python.folders)))
    found += [(library, f"{INSIDE_PYTHON}/libraries/{Path(library).name}") for library in libraries]
    if loader:
        found.append((str(Path(loader).resolve()), loader))
    found += [(path, path) for path in _OF_THE_SYSTEM if Path(path).is_dir()]
    return tuple(dict.fromkeys(found))


def package_paths(environment: Environment) -> list[str]:
    """Where an environment's packages are imported from, as they lie on the host."""
    if environment.packages_stay:
        return list(environment.interpreter.folders)
    return list(dict.fromkeys(str(folder.parent) for folder in package_folders(environment)))


def package_paths_inside(environment: Environment) -> list[str]:
    """The same in a sandbox that mounts them."""
    return list(dict.fromkeys(_parent_or_self(environment, inside) for _, inside in _packages(environment)))


def _parent_or_self(environment: Environment, inside: str) -> str:
    return inside if environment.packages_stay else INSIDE_PACKAGES


def _packages(environment: Environment) -> list[tuple[Path, str]]:
    """Folders of packages on the host, and where each is found inside."""
    if environment.packages_stay:
        folders = map(Path, environment.interpreter.folders)
        return [(folder, f"{INSIDE_SITE}/{number}") for number, folder in enumerate(folders)]
    return [(folder, f"{INSIDE_PACKAGES}/{folder.name}") for folder in package_folders(environment)]


def _within(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{folder}/" for folder in folders)


def package_folders(environment: str | Environment) -> list[Path]:
    """An environment's packages among evalsite's own and, where they have one, the folders of their
    libraries, in no other folder than the packages'. Raises SandboxError where one is not installed.
    """
    folders = []
    for name in environment_of(environment).imports:
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
    told = "".join(_traced(part) or _asked_of_ldd(part) for part in _parts(files))
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


def _parts(files: list[Path]) -> Iterator[list[Path]]:
    """The program with so many of the others at a time as fit into a variable."""
    program, *others = files
    for start in range(0, max(len(others), 1), _MOST_TRACED):
        yield [program, *others[start : start + _MOST_TRACED]]


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
