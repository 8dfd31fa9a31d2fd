"""Tells other tools' files apart, and reads them: the door of ``evalsite import``."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets import LoadedDataset
from evalsite.datasets.records import UNDECODABLE, is_array, read_records
from evalsite.datasets.unpacking import MOST_RECORD, NOT_JSON, ROOM, Room, read_bytes, read_head
from evalsite.errors import DatasetError
from evalsite.formats.bigcode import begins_bigcode, read_bigcode
from evalsite.formats.evalplus import begins_evalplus, read_evalplus
from evalsite.formats.inspect_log import ZIP, begins_inspect, is_inspect_zip, read_inspect
from evalsite.formats.lm_eval import begins_lm_eval, read_lm_eval
from evalsite.formats.samples import begins_plain, read_plain
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, decode


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
    """What another tool's file holds. It was read once; answers are read again when they are asked for."""

    name: str
    """The file's, without its folder."""
    form: str
    """One of :data:`READERS`."""
    counts: Mapping[str, int]
    """Problem -> its samples."""
    claims: Mapping[tuple[str, int], bool]
    """(problem, sample) -> whether the file says that it passed."""
    samples: Iterable[FoundAnswer] = field(repr=False)
    """One at a time, as often as they are asked for: together they may not fit into memory."""

    @property
    def num_samples(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class _Samples:
    path: Path
    dataset: LoadedDataset
    form: str
    room: Room

    def __iter__(self) -> Iterator[FoundAnswer]:
        problems = {problem.task_id: problem for problem in self.dataset.problems}
        return READERS[self.form].read(self.path, Tasks(problems, self.dataset.name, self.room))


def read_file(path: Path, dataset: LoadedDataset, form: str | None = None, room: Room = ROOM) -> ForeignFile:
    """Read a file of samples for a data set; without ``form``, the file's content tells what it is.

    Raises :class:`DatasetError` naming file, place and field where the file is none of the forms, holds
    another data set's samples, is damaged, or takes more than there is ``room`` for.
    """
    form = form or detect(path, room)
    samples = _Samples(path, dataset, form, room)
    counts: Counter[str] = Counter()
    claims: dict[tuple[str, int], bool] = {}
    for sample in samples:
        counts[sample.completion.problem] += 1
        if sample.claimed is not None:
            claims[sample.completion.problem, sample.completion.sample] = sample.claimed
    return ForeignFile(path.name, form, counts, claims, samples)


def detect(path: Path, room: Room = ROOM) -> str:
    """Return the form of a file, one of :data:`READERS`, judged by its first record."""
    if read_head(path, len(ZIP), not_found=NOT_FOUND).startswith(ZIP):
        if is_inspect_zip(path):
            return "inspect"
        raise _unknown(path, "a zip file without Inspect's header.json")
    first = _first_value(path, room)
    found = next((name for name, form in READERS.items() if form.begins(first)), None)
    if found is not None:
        return found
    if not isinstance(first, dict):
        raise _unknown(path, f"its first record is {first!r:.40}")
    fields = ", ".join(f"`{name}`" for name in list(first)[:6]) or "none"
    raise _unknown(path, f"its first record has the fields {fields}")


def _first_value(path: Path, room: Room) -> Any:
    """Return the first line's JSON, else the first element of an array, else the whole file's JSON."""
    if is_array(path, not_found=NOT_FOUND):
        first = next(read_records(path, room, not_found=NOT_FOUND), None)
        return [] if first is None else decode(*first, Any)
    head = read_head(path, MOST_RECORD, not_found=NOT_FOUND).lstrip()
    if not head:
        raise DatasetError(f"{path}: holds no samples")
    try:
        return _outline(head.split(b"\n", 1)[0])
    except UNDECODABLE as exc:
        if head[:1] != b"{":
            raise _unknown(path, "no JSON") from exc
        try:
            return _outline(read_bytes(path, room, not_found=NOT_FOUND))
        except UNDECODABLE:
            raise DatasetError(f"{path}:1: not valid JSON ({exc})", hint=NOT_JSON) from exc


def _outline(data: bytes) -> Any:
    """Decode an object without what stands in its fields' own fields; anything else whole."""
    if data.lstrip()[:1] != b"{":
        return msgspec.json.decode(data)
    fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    return {name: _inner(bytes(memoryview(value)[:1]), value) for name, value in fields.items()}


def _inner(begins: bytes, value: msgspec.Raw) -> Any:
    if begins == b"{":
        return dict.fromkeys(msgspec.json.decode(value, type=dict[str, msgspec.Raw]))
    return [] if begins == b"[" else bytes(value)


def _unknown(path: Path, what: str) -> DatasetError:
    return DatasetError(
        f"{path}: none of the forms that can be imported ({what})",
        hint=f"Read are {', '.join(form.title for form in READERS.values())}; see docs/formats.md. "
        "If it is one of them, name it with --format.",
    )
