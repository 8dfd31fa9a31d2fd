"""Tells other tools' files apart, and reads them: the door of ``evalsite import``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets import LoadedDataset
from evalsite.datasets.records import CUT_OFF, read_bytes
from evalsite.errors import DatasetError
from evalsite.formats.bigcode import begins_bigcode, read_bigcode
from evalsite.formats.evalplus import begins_evalplus, read_evalplus
from evalsite.formats.inspect_log import ZIP, begins_inspect, is_inspect_zip, read_inspect
from evalsite.formats.lm_eval import begins_lm_eval, read_lm_eval
from evalsite.formats.samples import begins_plain, read_plain
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks


@dataclass(frozen=True)
class Form:
    """One form of file that can be imported."""

    title: str
    """What people call it."""
    begins: Callable[[Any], bool]
    """Whether a file of the form can begin with a JSON value: its first line, or element, or all of it."""
    read: Callable[[Path, Tasks], Iterator[FoundAnswer]]
    """Yields the samples. Raises :class:`DatasetError` naming file, place and field."""


READERS: dict[str, Form] = {
    "inspect": Form("Inspect's logs", begins_inspect, read_inspect),
    "evalplus": Form("EvalPlus' eval_results", begins_evalplus, read_evalplus),
    "bigcode": Form("bigcode's generations", begins_bigcode, read_bigcode),
    "lm-eval": Form("lm-evaluation-harness' samples", begins_lm_eval, read_lm_eval),
    "plain": Form("plain samples (task_id with solution, completion or response)", begins_plain, read_plain),
}
"""Name of a form, as ``--format`` takes it -> the form. What a file is, they are asked in this order."""


@dataclass(frozen=True)
class ForeignFile:
    """What another tool's file holds."""

    name: str
    """The file's, without its folder."""
    form: str
    """One of :data:`READERS`."""
    samples: tuple[FoundAnswer, ...]


def read_file(path: Path, dataset: LoadedDataset, form: str | None = None) -> ForeignFile:
    """Read a file of samples for a data set; without ``form``, the file's content tells what it is.

    Raises :class:`DatasetError` naming file, place and field where the file is none of the forms, holds
    another data set's samples, or is damaged.
    """
    form = form or detect(path)
    tasks = Tasks({problem.task_id: problem for problem in dataset.problems}, dataset.name)
    return ForeignFile(path.name, form, tuple(READERS[form].read(path, tasks)))


def detect(path: Path) -> str:
    """Return the form of a file, one of :data:`READERS`, judged by its first record."""
    data = read_bytes(path, not_found=NOT_FOUND)
    if data.startswith(ZIP):
        if is_inspect_zip(path):
            return "inspect"
        raise _unknown(path, "a zip file without Inspect's header.json")
    first = _first_value(path, data)
    found = next((name for name, form in READERS.items() if form.begins(first)), None)
    if found is not None:
        return found
    if not isinstance(first, dict):
        raise _unknown(path, f"its first record is {first!r:.40}")
    fields = ", ".join(f"`{name}`" for name in list(first)[:6]) or "none"
    raise _unknown(path, f"its first record has the fields {fields}")


def _first_value(path: Path, data: bytes) -> Any:
    """Return the first line's JSON, else the first element of an array, else the whole file's JSON."""
    text = data.strip()
    if not text:
        raise DatasetError(f"{path}: holds no samples")
    try:
        if text.startswith(b"["):
            return next(iter(msgspec.json.decode(text, type=list[Any])), [])
        return msgspec.json.decode(text.split(b"\n", 1)[0])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            if text[:1] in (b"{", b"["):
                raise DatasetError(f"{path}:1: not valid JSON ({exc})", hint=CUT_OFF) from exc
            raise _unknown(path, "no JSON") from exc


def _unknown(path: Path, what: str) -> DatasetError:
    return DatasetError(
        f"{path}: none of the forms that can be imported ({what})",
        hint=f"Read are {', '.join(form.title for form in READERS.values())}; see docs/formats.md. "
        "If it is one of them, name it with --format.",
    )
