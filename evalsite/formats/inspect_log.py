"""Inspect's logs of its HumanEval and MBPP tasks: ``.eval`` (a zip of JSON) and ``.json``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from evalsite.client.protocol import is_filter
from evalsite.datasets.records import CUT_OFF, read_bytes
from evalsite.errors import DatasetError
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode, known_finish

if sys.version_info >= (3, 14):
    import zipfile
else:
    try:
        from backports.zstd import zipfile  # newer logs are compressed with Zstandard
    except ImportError:
        import zipfile  # type: ignore[no-redef]

ZIP = b"PK\x03\x04"
MAX_MEMBER = 1 << 29
"""Bytes of one sample, unpacked. Long agent transcripts take megabytes; more than this is no log."""


class _Entry(msgspec.Struct):
    """One sample of a log: one epoch of one task."""

    id: str | int
    epoch: int
    output: dict[str, Any] = {}
    scores: dict[str, Any] | None = None
    attachments: dict[str, str] = {}


class _Log(msgspec.Struct):
    samples: list[_Entry] = []


def read_inspect(path: Path, tasks: Tasks) -> Iterator[FoundAnswer]:
    """Yield the model's final answers, epoch by epoch.

    Samples that ended without an answer are left out, and so are those that a service's filter took away.
    """
    for place, entry in sorted(_entries(path), key=lambda item: item[1].epoch):
        problem = tasks.find(f"{place}: field `id`", entry.id)
        choices = entry.output.get("choices")
        if not choices or is_filter(choices[0].get("stop_reason")):
            continue
        usage = entry.output.get("usage") or {}
        yield tasks.sample(
            problem,
            _text(entry),
            "response",
            claimed=_claim(entry.scores or {}),
            finish_reason=known_finish(choices[0].get("stop_reason")),
            prompt_tokens=usage.get("input_tokens"),
            completion_tokens=usage.get("output_tokens"),
            tokens_from="usage" if usage else None,
            latency_s=entry.output.get("time"),
            model=str(entry.output.get("model", "")),
        )


def begins_inspect(first: Any) -> bool:
    """Whether it is a whole log, whose ``eval`` names the task; EvalPlus has results under that name."""
    told = first.get("eval") if isinstance(first, dict) else None
    return isinstance(told, dict) and ("task" in told or "samples" in first)


def is_inspect_zip(path: Path) -> bool:
    """Whether a zip file is one of Inspect's."""
    with _open(path) as archive:
        return any(name in archive.namelist() for name in ("header.json", "_journal/start.json"))


def _entries(path: Path) -> Iterator[tuple[str, _Entry]]:
    data = read_bytes(path, not_found=NOT_FOUND)
    if not data.startswith(ZIP):
        for number, entry in enumerate(decode(str(path), data, _Log).samples, start=1):
            yield f"{path}: sample {number}", entry
        return
    with _open(path) as archive:
        for name in archive.namelist():
            if name.startswith("samples/") and name.endswith(".json"):
                yield f"{path}: {name}", decode(f"{path}: {name}", _member(path, archive, name), _Entry)


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as exc:
        raise DatasetError(f"{path}: the zip data end early or are damaged ({exc})", hint=CUT_OFF) from exc


def _member(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_MEMBER:
        raise DatasetError(f"{path}: {name} unpacks to more than {MAX_MEMBER >> 20} MiB; this is no sample")
    try:
        return archive.read(name)
    except NotImplementedError as exc:
        raise DatasetError(
            f"{path}: compressed with Zstandard, which this Python cannot read by itself",
            hint="Add what it needs: python -m pip install 'evalsite[inspect]'. Or convert the log: "
            "inspect log convert --to json --output-dir OUT LOG",
        ) from exc
    except (zipfile.BadZipFile, EOFError) as exc:
        raise DatasetError(f"{path}: {name} is damaged ({exc})", hint=CUT_OFF) from exc


def _text(entry: _Entry) -> str:
    """Return the answer; Inspect keeps long texts apart and leaves a pointer to them."""
    text = str(entry.output.get("completion", ""))
    return entry.attachments.get(text.removeprefix("attachment://"), text)


def _claim(scores: dict[str, Any]) -> bool | None:
    """``C`` and ``I`` are Inspect's correct and incorrect; the first score with either counts."""
    values = (score.get("value") for score in scores.values() if isinstance(score, dict))
    return next(({"C": True, "I": False}[value] for value in values if value in ("C", "I")), None)
