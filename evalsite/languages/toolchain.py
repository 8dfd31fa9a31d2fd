"""What compiles and runs a language's programs: commands of tools that a system's packages bring.

A sample is a few commands, one after the other, each a process of its own in the sandbox: those that compile
leave files for the next, and the last runs the program with its tests. The private folder is empty before
each. A program has passed if the last command says so by :data:`PROOF`, which takes words that were told to
it alone (the first line of its standard input), and that its part of the language keeps from the program.
"""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

PROOF = 3
"""Descriptor that a command says by how the tests ended: the words that it was told, or else what failed."""


@dataclass(frozen=True)
class Tool:
    """A program of the system's."""

    name: str
    package: str
    """Of Debian, that brings it."""
    version: tuple[str, ...] = ("--version",)
    """What makes it tell its version, in its first line that holds a number."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where things are, as the commands see it."""

    tools: Mapping[str, str]
    """Name -> path."""
    cache: str
    """Folder of what :meth:`Toolchain.prepare` has made."""
    work: str
    """The private folder; commands start in it."""
    built: str
    """Folder of what earlier commands have left."""
    packages: str = ""
    """Folder of further packages; empty where there is none."""
    package_files: tuple[str, ...] = ()
    """What lies in it."""
    memory_mib: int = 0
    """What the program may use."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a sample."""

    words: tuple[str, ...]
    otherwise: tuple[str, ...] = ()
    """Words that are tried where those have failed."""
    stdin: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Put into the private folder before."""
    keeps: tuple[str, ...] = ()
    """Files and folders in the private folder that are left for the next commands, in ``Place.built``."""
    compiles: bool = False
    """Whether this is a compiler, with limits of its own."""
    keeps_head: bool = False
    """Whether the beginning of what it writes is kept as well as its end; a compiler's always is."""
    is_told: bool = False
    """Whether the proof's words are told to it before ``stdin``."""
    on_all_processors: bool = False
    """Whether it may run on any processor, and not on its worker's alone: tests of threads ask for two."""
    variables: Mapping[str, str] = field(default_factory=dict)


class Toolchain(ABC):
    """What is said here holds for one whose tools need nothing but the system's libraries."""

    tools: ClassVar[tuple[Tool, ...]]
    """The first is the one whose version is recorded."""
    folders: ClassVar[tuple[str, ...]] = ()
    """What the tools read besides the system's shared objects; as patterns, of which what exists counts."""
    packages: ClassVar[tuple[str, ...]] = ()
    """Debian's packages that programs or tests commonly use, and that may be missing."""
    further: ClassVar[tuple[Path, ...]] = ()
    """Files that :meth:`prepare` copies and that lie elsewhere than beside the toolchain's own module."""
    reserves_mib: ClassVar[int] = 0
    """Address space that the runtime takes without using it, besides the memory that a program may use."""
    compile_cpu_s: ClassVar[float] = 30.0
    compile_memory_mib: ClassVar[int] = 2048
    form: ClassVar[str] = "1"
    """Of what :meth:`prepare` makes; another one, and it is made anew."""

    def prepare(self, place: Place) -> None:  # noqa: B027 - most share nothing
        """Make what all samples share, in ``place.cache``: run once, outside of the sandbox, and kept.

        Whatever further packages there are: ``place`` names none.
        """

    @abstractmethod
    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """The commands for one sample."""


class ToolchainOfFiles(Toolchain):
    """One that can run exercises, too."""

    @abstractmethod
    def steps_of_files(
        self, files: Mapping[str, str], tests: Mapping[str, str], other: Mapping[str, str], place: Place
    ) -> tuple[Step, ...]:
        """The commands for an exercise: ``files`` are the program's own, ``other`` was given with it.

        Every command that runs tests is told the proof's words, and has to say them.
        """


def as_bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    """Files as they are put into a folder; half characters become question marks."""
    return {name: text.encode("utf-8", "replace") for name, text in files.items()}


def run_text(*parts: str) -> bytes:
    """Texts as a driver reads them from its standard input: each with its number of bytes on a line before.

    Half characters, which UTF-8 cannot hold, become question marks, as a compiler would refuse them.
    """
    told = [part.encode("utf-8", "replace") for part in parts]
    return b"".join(b"%d\n%s" % (len(part), part) for part in told)


def copy_beside(module: str, name: str, place: Place, target: str = "") -> None:
    """Put a file that lies beside a module of ours into the folder of what samples share."""
    shutil.copyfile(Path(module).with_name(name), Path(place.cache, target or name))
