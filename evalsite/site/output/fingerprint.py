"""What a thing is made of, as one hash: two things with the same fingerprint show the same.

A run counts as its files do, whose hash it brings along, a comparison as its two runs; all else counts field
by field.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

import evalsite
from evalsite.assets import asset_dir
from evalsite.counts.loaded import LoadedRun
from evalsite.site.options import SiteOptions
from evalsite.stats.compare.runs import RunComparison
from evalsite.stats.distance import Found

_NOT_ON_PAGES = ("jobs", "redirects", "strict", "validate")
"""Options that change no page of a run."""
_LIBRARIES = ("jinja2", "markdown-it-py", "nh3", "numpy", "plotly", "pygments", "resvg-py", "fontpkg-inter")


def fingerprint(*values: object) -> str:
    """Hash some values: SHA-256 in hexadecimal. TypeError for what has no content that can be told."""
    pieces: list[bytes] = []
    for value in values:
        _write(value, pieces)
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def program_and_options(options: SiteOptions) -> str:
    """Hash what every page depends on: this program, its templates, its libraries, the options."""
    package, *folders = Path(evalsite.__file__).parent, asset_dir("templates"), asset_dir("static")
    sources = [*_files(package, ".py"), *(file for folder in folders for file in _files(folder))]
    chosen = {field.name: getattr(options, field.name) for field in fields(options)}
    return fingerprint(
        evalsite.__version__,
        {name: _version(name) for name in _LIBRARIES},
        [_digest(path, about.st_size, about.st_mtime_ns) for path, about in sources],
        {name: value for name, value in chosen.items() if name not in _NOT_ON_PAGES},
    )


def _write(value: object, pieces: list[bytes]) -> None:
    """Write a value so that no two different ones are written alike: kind, size, content."""
    atom = _atom(value)
    if atom is not None:
        pieces += f"{type(value).__name__} {len(atom)}:".encode(), atom
    elif texts := _texts(value):
        sizes = ",".join(map(str, map(len, texts)))
        pieces += f"{type(value).__name__} of {sizes} characters:".encode(), _encoded("".join(texts))
    else:
        members = list(_members(value))
        pieces.append(f"{type(value).__name__} of {len(members)}:".encode())
        for member in members:
            _write(member, pieces)


def _atom(value: object) -> bytes | None:
    """Write what has no members; None for what has."""
    if isinstance(value, str):  # most are
        return _encoded(value)
    if value is None or value is msgspec.UNSET or isinstance(value, (int, float)):  # bool among them
        return repr(value).encode()
    if isinstance(value, LoadedRun):
        if not value.digest:
            raise TypeError(f"run {value.id} was loaded without a hash of its files")
        return f"{value.id} {value.digest}".encode()
    if isinstance(value, Found):
        return f"{value.record.id} {value.digest}".encode()
    return None


def _texts(value: object) -> list[str] | None:
    """What is in a list, a set or a mapping of texts alone, which are written at once; None for all else."""
    if type(value) is dict:
        found = [*value, *value.values()]
    elif type(value) in (tuple, list, frozenset):
        found = list(value)  # type: ignore[call-overload]
    else:
        return None
    if set(map(type, found)) != {str}:
        return None
    return sorted(found) if type(value) is frozenset else found


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _members(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, RunComparison):
        return _of_comparison(value)
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, msgspec.Struct) or (is_dataclass(value) and not isinstance(value, type)):
        return [getattr(value, name) for name in _names(type(value))]
    raise TypeError(f"a {type(value).__name__} has no fingerprint")


def _of_comparison(found: RunComparison) -> tuple[object, ...]:
    """Two runs make their comparison, with what a repeated baseline and further candidates add to it."""
    rows = found.numbers.differences if found.numbers else ()
    corrected = [(row.k, row.p_adjusted, row.num_tests) for row in rows]
    return found.base, found.candidate, found.noise_floor, corrected


@cache
def _names(record: type) -> tuple[str, ...]:
    if issubclass(record, msgspec.Struct):
        return record.__struct_fields__
    return tuple(field.name for field in fields(record))  # type: ignore[arg-type]


def _files(folder: Path, suffix: str = "") -> list[tuple[str, os.stat_result]]:
    """Those below a folder, in the same order wherever it stands; each build looks at hundreds."""
    found, left = {}, [os.fspath(folder)]
    while left:
        with os.scandir(left.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                elif entry.name.endswith(suffix) and entry.is_file():
                    found[entry.path] = entry.stat()
    return sorted(found.items())


@lru_cache(maxsize=4096)
def _digest(path: str, _size: int, _written_ns: int) -> str:
    """Of a file as it is now: whoever builds again and again reads it once."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""  # those of the extra for cards
