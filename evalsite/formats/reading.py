"""Tells other tools' files apart, and reads them: the door of ``evalsite import``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets import LoadedDataset
from evalsite.datasets.records import CUT_OFF, read_bytes
from evalsite.errors import DatasetError
from evalsite.formats.bigcode import read_bigcode
from evalsite.formats.evalplus import read_evalplus
from evalsite.formats.inspect_log import ZIP, is_inspect_zip, read_inspect
from evalsite.formats.lm_eval import read_lm_eval
from evalsite.formats.samples import FORMS, read_plain
from evalsite.formats.tasks import NOT_FOUND, Sample, Tasks

Reader = Callable[[Path, Tasks], Iterator[Sample]]

READERS: dict[str, Reader] = {
    "plain": read_plain,
    "evalplus": read_evalplus,
    "bigcode": read_bigcode,
    "lm-eval": read_lm_eval,
    "inspect": read_inspect,
}
"""Name of a form, as ``--format`` takes it -> its reader."""


@dataclass(frozen=True)
class ForeignFile:
    """What another tool's file holds."""

    name: str
    """The file's, without its folder."""
    form: str
    """One of :data:`READERS`."""
    samples: tuple[Sample, ...]


def read_file(path: Path, dataset: LoadedDataset, form: str | None = None) -> ForeignFile:
    """Read a file of samples for a data set; without ``form``, the file's content tells what it is.

    Raises :class:`DatasetError` naming file, place and field where the file is none of the forms, holds
    another data set's samples, or is damaged.
    """
    form = form or detect(path)
    tasks = Tasks({problem.task_id: problem for problem in dataset.problems}, dataset.name)
    return ForeignFile(path.name, form, tuple(READERS[form](path, tasks)))


def detect(path: Path) -> str:
    """Return the form of a file, one of :data:`READERS`, judged by its first record."""
    data = read_bytes(path, not_found=NOT_FOUND)
    if data.startswith(ZIP):
        if is_inspect_zip(path):
            return "inspect"
        raise _unknown(path, "a zip file without Inspect's header.json")
    first = _first_value(path, data)
    if isinstance(first, list):
        return "bigcode"
    if not isinstance(first, dict):
        raise _unknown(path, f"its first record is {first!r:.40}")
    return _by_fields(path, first)


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


def _by_fields(path: Path, record: dict[str, Any]) -> str:
    results = record.get("eval")
    if isinstance(results, dict):
        return "inspect" if "task" in results or "samples" in record else "evalplus"
    if "resps" in record and "doc" in record:
        return "lm-eval"
    if "task_id" in record or any(form in record for form in FORMS):
        return "plain"
    fields = ", ".join(f"`{name}`" for name in list(record)[:6]) or "none"
    raise _unknown(path, f"its first record has the fields {fields}")


def _unknown(path: Path, what: str) -> DatasetError:
    return DatasetError(
        f"{path}: none of the forms that can be imported ({what})",
        hint="Read are plain samples (task_id with solution, completion or response), EvalPlus' "
        "eval_results, bigcode's generations, lm-evaluation-harness' samples and Inspect's logs; see "
        "docs/formats.md. If it is one of them, name it with --format.",
    )
