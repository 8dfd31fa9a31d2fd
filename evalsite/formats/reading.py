"""Tells other tools' files apart, and reads them: the door of ``evalsite import``."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from evalsite.datasets import LoadedDataset
from evalsite.datasets.archives import Unpacked, unpack_several
from evalsite.datasets.packings import ZIP
from evalsite.datasets.parquet import PARQUET
from evalsite.datasets.records import UNDECODABLE, decode_json, is_array, not_json, read_records
from evalsite.datasets.unpacking import MOST_RECORD, ROOM, Room, read_bytes, read_head, starts_with
from evalsite.errors import DatasetError
from evalsite.formats.bigcode import begins_bigcode, read_bigcode
from evalsite.formats.by_task import begins_opencompass, begins_programs, read_opencompass, read_programs
from evalsite.formats.calls import begins_calls, read_calls
from evalsite.formats.evalplus import begins_evalplus, read_evalplus, read_evalplus_folder
from evalsite.formats.evalscope import begins_evalscope, read_evalscope
from evalsite.formats.folders import files_in, without_twins
from evalsite.formats.inspect_log import begins_inspect, is_inspect_zip, read_inspect
from evalsite.formats.livecodebench import begins_livecodebench, read_livecodebench
from evalsite.formats.lm_eval import begins_lm_eval, read_lm_eval
from evalsite.formats.multipl_e import begins_multipl_e, read_multipl_e
from evalsite.formats.samples import begins_plain, read_plain
from evalsite.formats.tasks import NOT_FOUND, FoundAnswer, Tasks, Told, decode
from evalsite.rundir.schema import AnswerForm


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
    "multipl-e": Form("MultiPL-E's results", begins_multipl_e, read_multipl_e),
    "livecodebench": Form("LiveCodeBench's outputs", begins_livecodebench, read_livecodebench),
    "evalscope": Form("EvalScope's reviews and predictions", begins_evalscope, read_evalscope),
    "opencompass": Form("OpenCompass' predictions", begins_opencompass, read_opencompass),
    "calls": Form("chat completions, and BFCL's results", begins_calls, read_calls),
    "plain": Form("plain samples (task_id with solution, completion or response)", begins_plain, read_plain),
    "programs": Form("an object of programs or records by task", begins_programs, read_programs),
    "evalplus-folder": Form("EvalPlus' folders of programs", lambda _first: False, read_evalplus_folder),
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
    """Problem -> its samples, none of which may have an answer."""
    claims: Mapping[tuple[str, int], bool]
    """(problem, sample) -> whether the file says that it passed."""
    samples: Iterable[FoundAnswer] = field(repr=False)
    """One at a time, as often as they are asked for: together they may not fit into memory."""
    told: Told = field(default_factory=Told)
    """What reading it came upon besides."""
    read_as: tuple[AnswerForm, ...] = ()
    """How its answers are read."""

    @property
    def num_samples(self) -> int:
        """All of them that have an answer."""
        return sum(self.counts.values())


@dataclass
class _Samples:
    files: Sequence[Path]
    dataset: LoadedDataset
    form: str
    options: Mapping[str, Any]
    tasks: Tasks | None = None
    """Those of the last time that they were read."""
    packed: Unpacked | None = None
    """What the files were unpacked from, and are there as long as."""

    def __iter__(self) -> Iterator[FoundAnswer]:
        problems = {problem.task_id: problem for problem in self.dataset.problems}
        self.tasks = Tasks(problems, self.dataset.name, **self.options)
        try:
            for path in self.files:
                yield from READERS[self.form].read(path, self.tasks)
                self.tasks.end_of_file()
            self.tasks.end()
        except DatasetError as exc:
            raise (self.packed.renamed(exc) if self.packed else exc) from exc


def _is_one_log(path: Path) -> bool:
    """Whether a zip file is no archive of files, but one of Inspect's logs."""
    return path.is_file() and starts_with(path, len(ZIP), not_found=NOT_FOUND) == ZIP and is_inspect_zip(path)


def read_file(
    path: Path,
    dataset: LoadedDataset,
    form: str | None = None,
    room: Room = ROOM,
    *,
    read_as: AnswerForm | None = None,
    strict: bool = False,
) -> ForeignFile:
    """Read a file, or a folder of files, of samples for a data set; without ``form``, the content tells what
    it is.

    ``read_as`` is how all answers are read, whatever the file says. A record that does not fit is left out
    and told, unless ``strict`` is said. Raises :class:`DatasetError` naming file, place and field where it is
    none of the forms, holds another data set's samples, is damaged, or takes more than there is ``room`` for.
    """
    packed = (
        None if form == "inspect" or _is_one_log(path) else unpack_several(path, room, not_found=NOT_FOUND)
    )
    place = packed.folder if packed else path
    try:
        form, files = _detected(place, room, form)
    except DatasetError as exc:
        raise (packed.renamed(exc) if packed else exc) from exc
    options = {"room": room, "read_as": read_as, "strict": strict}
    samples = _Samples(files, dataset, form, options, packed=packed)
    counts: Counter[str] = Counter()
    claims: dict[tuple[str, int], bool] = {}
    read: dict[AnswerForm, None] = {}
    for sample in samples:
        counts[sample.completion.problem] += 1
        read[sample.completion.form] = None
        if sample.claimed is not None:
            claims[sample.completion.problem, sample.completion.sample] = sample.claimed
    told = samples.tasks.told if samples.tasks else Told()
    if files != [place]:
        there = (file for file in files_in(place) if file not in set(files))
        told.passed_over = [str(file.relative_to(place)) for file in there]
    if packed:
        told.left_out = [packed.called(why) for why in told.left_out]
    for problem in told.missing:
        counts[problem] += 0
    return ForeignFile(path.name, form, counts, claims, samples, told, tuple(sorted(read)))


def _detected(path: Path, room: Room, wanted: str | None) -> tuple[str, list[Path]]:
    """The form of a file, or of most files in a folder, with these; ``wanted`` is the form if it is known."""
    files = files_in(path)
    if files == [path]:
        return wanted or detect(path, room), files
    found: dict[Path, str] = {}
    error: DatasetError | None = None
    for file in files:
        try:
            found[file] = detect(file, room)
        except DatasetError as exc:
            error = error or exc
    forms: dict[str, list[Path]] = {}
    for file in without_twins(list(found)):
        forms.setdefault(found[file], []).append(file)
    if wanted:
        return wanted, forms.get(wanted, files)
    if not forms:
        assert error is not None
        raise error
    return max(
        sorted(forms.items(), key=lambda item: list(READERS).index(item[0])), key=lambda item: len(item[1])
    )


def detect(path: Path, room: Room = ROOM) -> str:
    """Return the form of a file, one of :data:`READERS`, judged by its first record."""
    if path.is_dir():
        return "evalplus-folder"
    if _is_one_log(path):
        return "inspect"
    first, *others = _first_values(path, room)
    for value in (first, *others):
        if (found := next((name for name, form in READERS.items() if form.begins(value)), None)) is not None:
            return found
    if not isinstance(first, dict):
        raise _unknown(path, f"its first record is {first!r:.40}")
    fields = ", ".join(f"`{name:.40}`" for name in list(first)[:6]) or "none"
    raise _unknown(path, f"its first record has the fields {fields}")


def _first_values(path: Path, room: Room) -> list[Any]:
    """What a file begins with: its first value, and the records behind it, if there are any.

    Of a file whose first line is none (a title, a description of the run) one of these tells what it is; the
    line is left out, and told, when the file is read.
    """
    try:
        first, error = [_first_value(path, room)], None
    except DatasetError as exc:
        first, error = [], exc
    behind = []
    with contextlib.suppress(DatasetError):
        for _, raw in islice(read_records(path, room, not_found=NOT_FOUND), MOST_BEFORE):
            with contextlib.suppress(*UNDECODABLE):
                behind.append(_outline(raw))
    found = [*first, *(value for value in behind if isinstance(value, dict))]
    if error is not None and not any(form.begins(value) for value in found for form in READERS.values()):
        raise error
    return found


MOST_BEFORE = 20
"""Records at the beginning of a file among which one of its form is looked for."""


def _first_value(path: Path, room: Room) -> Any:
    """Return the first line's JSON, else the first element of an array, else the whole file's JSON."""
    if is_array(path, not_found=NOT_FOUND):
        first = next(read_records(path, room, not_found=NOT_FOUND), None)
        return [] if first is None else decode(*first, Any)
    head = read_head(path, MOST_RECORD, not_found=NOT_FOUND).lstrip()
    if head.startswith(PARQUET):
        head = bytes(next(read_records(path, room, not_found=NOT_FOUND), (path, b""))[1])
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
            if head.split(b"\n", 1)[0].strip() == b"{":  # more than one object, each over several lines
                return _outline(next(read_records(path, room, not_found=NOT_FOUND))[1])
            raise not_json(f"{path}:1", exc, head.split(b"\n", 1)[0]) from exc


def _outline(record: bytes | msgspec.Raw) -> Any:
    """Decode an object without what stands in its fields' own fields; anything else whole."""
    data = bytes(record)
    if data.lstrip()[:1] != b"{":
        return decode_json(data, Any)
    fields = decode_json(data, dict[str, msgspec.Raw])
    return {name: _inner(bytes(memoryview(value)[:1]), value) for name, value in fields.items()}


def _inner(begins: bytes, value: msgspec.Raw) -> Any:
    if begins == b"{":
        return dict.fromkeys(decode_json(value, dict[str, msgspec.Raw]))
    return [] if begins == b"[" else bytes(value)


def _unknown(path: Path, what: str) -> DatasetError:
    return DatasetError(
        f"{path}: none of the forms that can be imported ({what})",
        hint=f"Read are {', '.join(form.title for form in READERS.values())}; see docs/formats.md. "
        "If it is one of them, name it with --format.",
    )
