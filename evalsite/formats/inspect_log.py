"""Inspect's logs of its HumanEval and MBPP tasks: ``.eval`` (a zip of JSON) and ``.json``."""

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from evalsite.client.finishing import finishes, is_lost
from evalsite.datasets.packings import ZIP, count_members
from evalsite.datasets.unpacking import CUT_OFF, Room, read_bytes, starts_with
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode_document

if sys.version_info >= (3, 14):
    import zipfile
else:
    try:
        from backports.zstd import zipfile  # newer logs are compressed with Zstandard
    except ImportError:
        import zipfile  # type: ignore[no-redef]

MOST_SAMPLE = 16_000_000
"""Bytes of one sample, unpacked: the transcripts of agents take megabytes, and are not read."""


class _Entry(msgspec.Struct):
    """One sample of a log: one epoch of one task."""

    id: str | int
    epoch: int
    output: dict[str, Any] = {}
    scores: dict[str, Any] | None = None
    attachments: dict[str, str] = {}


class _Epoch(msgspec.Struct):
    epoch: int


class _Log(msgspec.Struct):
    samples: list[msgspec.Raw] = []


def read_inspect(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the model's final answers, epoch by epoch.

    Samples that ended without an answer are left out, and so are those that a service's filter took away.
    """
    for place, entry in _entries(path, tasks):
        with tasks.record():
            problem = tasks.find(f"{place}: field `id`", entry.id)
            found = read_output(entry.output, entry.attachments)
            if found is None:
                tasks.miss(problem)
                continue
            claimed = _claim(entry.scores or {})
            yield tasks.sample(
                problem, found.text, "response", read_from=found.field, claimed=claimed, **found.known
            )


def begins_inspect(first: Any) -> bool:
    """Whether it is a whole log, whose ``eval`` names the task; EvalPlus has results under that name."""
    told = first.get("eval") if isinstance(first, dict) else None
    return isinstance(told, dict) and ("task" in told or "samples" in first)


def is_inspect_zip(path: Path) -> bool:
    """Whether a zip file is one of Inspect's."""
    with _open(path) as archive:
        return any(name in archive.namelist() for name in ("header.json", "_journal/start.json"))


def _entries(path: Path, tasks: Tasks) -> Iterator[tuple[str, _Entry]]:
    """Yield the samples by epoch, each with its place; one at a time is decoded, and twice."""
    if not starts_with(path, len(ZIP), not_found=NOT_FOUND).startswith(ZIP):
        data = read_bytes(path, tasks.room, not_found=NOT_FOUND)
        samples = decode_document(str(path), data, _Log).samples
        found = {f"{path}: sample {n}": partial(bytes, raw) for n, raw in enumerate(samples, 1)}
        yield from _by_epoch(found, tasks)
        return
    with _open(path) as archive:
        left = _Left(tasks.room, path.stat().st_size)
        names = [
            name for name in archive.namelist() if name.startswith("samples/") and name.endswith(".json")
        ]
        members = {f"{path}: {name}": partial(_member, path, archive, name, left) for name in names}
        yield from _by_epoch(members, tasks)


def _by_epoch(samples: Mapping[str, Callable[[], bytes]], tasks: Tasks) -> Iterator[tuple[str, _Entry]]:
    epochs: dict[str, int] = {}
    for place, read in samples.items():
        data = read()
        with tasks.record():
            epochs[place] = decode_document(place, data, _Epoch).epoch
    for place in sorted(epochs, key=epochs.__getitem__):
        data, entry = samples[place](), None
        with tasks.record():
            entry = decode_document(place, data, _Entry)
        if entry is not None:
            yield place, entry


@dataclass
class _Left:
    """What the members of an archive, each read twice, may still unpack to."""

    room: Room
    packed: int

    def __post_init__(self) -> None:
        self.bytes = 2 * self.room.unpacked(self.packed)

    def take(self, place: str, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise self.room.refuse(place, self.packed)


MOST_MEMBERS = 100_000


def _open(path: Path) -> zipfile.ZipFile:
    if count_members(path) > MOST_MEMBERS:
        raise DatasetError(f"{path}: more than {MOST_MEMBERS:,} members, which no log has")
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as exc:
        raise DatasetError(f"{path}: the zip data end early or are damaged ({exc})", hint=CUT_OFF) from exc


def _member(path: Path, archive: zipfile.ZipFile, name: str, left: _Left) -> bytes:
    place = f"{path}: {name}"
    if archive.getinfo(name).file_size > MOST_SAMPLE:
        raise DatasetError(f"{place} unpacks to more than {MOST_SAMPLE / 1e6:g} MB; this is no sample")
    left.take(place, archive.getinfo(name).file_size)
    try:
        with archive.open(name) as member:
            return member.read(MOST_SAMPLE)  # a header that lies ends in a bad checksum
    except NotImplementedError as exc:
        raise DatasetError(
            f"{path}: compressed with Zstandard, which this Python cannot read by itself",
            hint="Add what it needs: python -m pip install 'evalsite[inspect]'. Or convert the log: "
            "inspect log convert --to json --output-dir OUT LOG",
        ) from exc
    except (zipfile.BadZipFile, EOFError, RuntimeError, OSError, zlib.error) as exc:
        raise DatasetError(f"{place} is damaged ({exc})", hint=CUT_OFF) from exc


@dataclass(frozen=True)
class Output:
    """What a model put out, in Inspect's shape, which EvalScope has, too."""

    field: str
    """Where the text was found."""
    text: str
    known: dict[str, Any]
    """Further fields of its completion."""


def read_output(
    output: Mapping[str, Any], attachments: Mapping[str, str] = MappingProxyType({})
) -> Output | None:
    """Return a final answer; None where there is none, or a server or a service's filter took it away.

    Older logs have the message alone. Long texts are kept apart, with a pointer to them.
    """
    choices = output.get("choices")
    (finish,) = finishes(choices[0]) if choices else (None,)
    if not choices or is_lost(finish):
        return None
    field, content = "output.completion", output.get("completion")
    if content is None:
        field, content = "output.choices", (choices[0].get("message") or {}).get("content")
    if isinstance(content, list):
        content = "".join(part.get("text") or "" for part in content if isinstance(part, dict))
    text, usage = str(content or ""), output.get("usage") or {}
    return Output(
        field,
        attachments.get(text.removeprefix("attachment://"), text),
        {
            "finish_reason": finish,
            "prompt_tokens": usage.get("input_tokens"),
            "completion_tokens": usage.get("output_tokens"),
            "tokens_from": "usage" if usage else None,
            "latency_s": output.get("time"),
            "model": str(output.get("model", "")),
        },
    )


def _claim(scores: dict[str, Any]) -> bool | None:
    """``C`` and ``I`` are Inspect's correct and incorrect; the first score with either counts."""
    values = (score.get("value") for score in scores.values() if isinstance(score, dict))
    return next(({"C": True, "I": False}[value] for value in values if value in ("C", "I")), None)
