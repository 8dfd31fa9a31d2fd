"""Reads and writes run directories; the only module that knows what is in their files.

Layout (see ``docs/run-format.md``)::

    runs/<run-id>/
      run.json            Run          replaced atomically
      problems.jsonl      Problem      written once; extended when more problems are asked
      completions.jsonl   Completion   append-only, on disk before it is graded
      turns.jsonl         SecondAnswer optional: answers to what came of the first ones; append-only
      verdicts.jsonl      Verdict      append-only; replaced atomically by a regrade
      summary.json        Summary      derived, rebuildable
      incidents.jsonl     Incident     optional: what kept the run waiting, and what it lost
      looks.jsonl         Look         optional: at how much of it a verdict was asked for
      NOTES.md                         optional, the user's own words

Files of rows may be packed (``completions.jsonl.gz``), which :meth:`RunDir.files` alone tells.

A torn last line is left out with a warning; any other line that does not decode is a
:class:`RunFormatError` naming file, line and field. Of several rows with one key the first counts, and
the others are left out with a warning, so that no sample is ever counted twice.
"""

import hashlib
import logging
import shutil
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import asdict, replace

from evalsite.errors import RunError, RunFormatError
from evalsite.rundir.files import (
    UNDECODABLE,
    Appender,
    encode_row,
    reading,
    write_atomically,
    writing,
)
from evalsite.rundir.locks import locked
from evalsite.rundir.naming import claim
from evalsite.rundir.naming import new_run_id as new_run_id
from evalsite.rundir.packed import drop_packed, found_at, pack, packed_form, unpack
from evalsite.rundir.regular import hash_content, is_there, open_to_read, read_lines, read_whole
from evalsite.rundir.schema import (
    DEFAULT_LANGUAGE,
    FORMAT,
    Completion,
    Problem,
    Run,
    SecondAnswer,
    Summary,
    Verdict,
)
from evalsite.words.commands import command

log = logging.getLogger("evalsite")

RUN, PROBLEMS, COMPLETIONS, TURNS = "run.json", "problems.jsonl", "completions.jsonl", "turns.jsonl"
VERDICTS, SUMMARY, NOTES, LOCK = "verdicts.jsonl", "summary.json", "NOTES.md", ".lock"
INCIDENTS, LOOKS, STEPS = "incidents.jsonl", "looks.jsonl", "steps.jsonl"

UNKNOWN = "not recorded"

FILES = (RUN, PROBLEMS, COMPLETIONS, TURNS, STEPS, VERDICTS, SUMMARY, INCIDENTS, LOOKS, NOTES)
"""The files of a run directory that say something of the run."""


Key = tuple[str, int]
"""Of a sample: its problem and its number. Of a problem: its id and 0."""

Row = TypeVar("Row", bound=Problem | Completion | SecondAnswer | Verdict)
Read = TypeVar("Read", bound=msgspec.Struct)
Answer = TypeVar("Answer", bound=Completion | Verdict)
Document = TypeVar("Document", Run, Summary)

ROW_FILES: Mapping[str, type[Problem] | type[Completion] | type[SecondAnswer] | type[Verdict]] = {
    PROBLEMS: Problem,
    COMPLETIONS: Completion,
    TURNS: SecondAnswer,
    VERDICTS: Verdict,
}
"""The files that hold a row a line, and what a row is."""


class _Header(msgspec.Struct):
    format: int


class _Graded(msgspec.Struct):
    graded_by: str = ""


class RunDir:
    """One run directory. Opening it reads nothing; every method reads or writes one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._warned: set[str] = set()

    def __repr__(self) -> str:
        return f"RunDir({str(self.path)!r})"

    @classmethod
    def create(cls, runs_dir: Path, run: Run, problems: Iterable[Problem]) -> "RunDir":
        """Make a new directory named after ``run.id``, or ``<id>-2`` and so on where that is taken.

        Making the directory is what claims the name, so that runs which begin at the same moment get
        one each. The run's id is the directory's name.
        """
        path = claim(runs_dir, run.id)
        run_dir = cls(path)
        run_dir.write_problems(problems)
        run_dir.write_run(replace(run, id=path.name))
        return run_dir

    def exists(self) -> bool:
        """Whether this is a run directory, judged by its ``run.json``."""
        return self._has(RUN)

    def read_run(self) -> Run:
        """Read ``run.json``, in a folder of whose files none leads elsewhere."""
        for name in FILES:
            self._has(name)
        return self._read(RUN, Run)

    def write_run(self, run: Run) -> None:
        """Replace ``run.json``."""
        self._write(RUN, run)

    def read_summary(self) -> Summary:
        """Read ``summary.json``; :func:`evalsite.counts.loaded.load_run` makes a missing one."""
        return self._read(SUMMARY, Summary)

    def write_summary(self, summary: Summary) -> None:
        """Replace ``summary.json``."""
        self._write(SUMMARY, summary)

    def is_empty(self) -> bool:
        """Whether the run has neither an answer, a step of an agent among them, nor a verdict."""
        holding = (COMPLETIONS, STEPS, VERDICTS)
        return not any(self._has(name) and self._at(name).stat().st_size for name in holding)

    def remove(self) -> None:
        """Remove the whole directory, whatever else stands in it."""
        with writing(self.path):
            shutil.rmtree(self.path)

    def has_completions(self) -> bool:
        """Whether ``completions.jsonl`` is there."""
        return self._has(COMPLETIONS)

    def has_summary(self) -> bool:
        """Whether ``summary.json`` is there."""
        return self._has(SUMMARY)

    def read_notes(self) -> str:
        """Return the user's ``NOTES.md``, or an empty string."""
        path = self.path / NOTES
        if not self._has(NOTES):
            return ""
        with reading(path):
            return read_whole(path).decode("utf-8", "replace")

    def problems(self) -> tuple[Problem, ...]:
        """Read the frozen copy of what was asked, in the data set's order."""
        return tuple(self._rows(PROBLEMS, Problem))

    def write_problems(self, problems: Iterable[Problem]) -> None:
        """Replace ``problems.jsonl``."""
        self._write_rows(PROBLEMS, (encode_row(_problem_row(problem)) for problem in problems))

    def completions(self) -> Iterator[Completion]:
        """Stream the completions in the order they arrived, each with the answer that followed it."""
        if not self._has(TURNS):
            return self._rows(COMPLETIONS, Completion)
        again = {_key(row): row for row in self._rows(TURNS, SecondAnswer)}
        return (
            replace(row, again=again[_key(row)]) if _key(row) in again and not row.again else row
            for row in self._rows(COMPLETIONS, Completion)
        )

    def verdicts(self) -> Iterator[Verdict]:
        """Stream the verdicts in the order they were reached."""
        return self._rows(VERDICTS, Verdict)

    def completions_of(self, problems: Container[str]) -> Iterator[Completion]:
        """Stream the completions of known problems; others are told of."""
        return self._of(problems, self.completions(), COMPLETIONS)

    def verdicts_of(self, problems: Container[str]) -> Iterator[Verdict]:
        """Stream the verdicts on known problems; others are told of."""
        return self._of(problems, self.verdicts(), VERDICTS)

    def verdict_rows(self) -> Iterator[Verdict]:
        """Stream the rows of ``verdicts.jsonl`` as they stand, repeated keys included."""
        return self.as_they_stand(VERDICTS, Verdict)

    def append_completions(self) -> Appender:
        """Open ``completions.jsonl`` for appending; it is unpacked first where that is needed."""
        return self._append(COMPLETIONS)

    def append_turns(self) -> Appender:
        """Open ``turns.jsonl`` for appending; it is unpacked first where that is needed."""
        return self._append(TURNS)

    def append_verdicts(self) -> Appender:
        """Open ``verdicts.jsonl`` for appending; it is unpacked first where that is needed."""
        return self._append(VERDICTS)

    def write_verdicts(self, verdicts: Iterable[Verdict]) -> None:
        """Replace ``verdicts.jsonl``."""
        self._write_rows(VERDICTS, map(encode_row, verdicts))

    def pack(self) -> list[Path]:
        """Pack the files of answers and verdicts, and return the packed ones. The lock has to be held."""
        names = (name for name in (COMPLETIONS, TURNS, VERDICTS) if is_there(self.path / name))
        return [pack(self.path / name) for name in names]

    def graded_by(self) -> dict[str, int]:
        """Count the verdicts by the version of evalsite that reached them."""
        versions = Counter(row.graded_by or UNKNOWN for row in self.as_they_stand(VERDICTS, _Graded))
        return dict(sorted(versions.items()))

    def keys(self, name: str) -> list[Key]:
        """Return the keys of all rows of one of :data:`ROW_FILES` as they stand, repeated ones included."""
        return [_key(row) for row in self.as_they_stand(name, ROW_FILES[name])]

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield each of :data:`FILES` that is there, and where it stands, which may be packed."""
        yield from ((name, self._at(name)) for name in FILES if self._has(name))

    def twice(self) -> list[Path]:
        """The files that stand there plain and packed; the plain ones count."""
        plain = (self.path / name for name in ROW_FILES)
        return [path for path in plain if is_there(path) and is_there(packed_form(path))]

    def digest(self, names: Iterable[str] | None = None) -> str:
        """Return a SHA-256, in hexadecimal, over the directory's files as they stand, names included.

        With ``names``, over what these files hold, packed or not.
        """
        hashes = {name: hash_content(self._at(name)) for name in names or () if self._has(name)}
        if names is None:
            for _, path in self.files():
                with reading(path), open_to_read(path) as file:
                    hashes[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        told = "".join(f"{name}:{hashed}\n" for name, hashed in hashes.items())
        return hashlib.sha256(told.encode()).hexdigest()

    def lock(self) -> AbstractContextManager[None]:
        """Hold the run for writing; a second process is refused. A killed process lets go by itself."""
        return locked(self.path / LOCK)

    def _has(self, name: str) -> bool:
        with reading(self.path / name):
            return is_there(self._at(name))

    def _at(self, name: str) -> Path:
        """Where a file stands: packed, where it may be and is not there otherwise."""
        path = self.path / name
        with reading(path):
            return found_at(path) if name in ROW_FILES else path

    def _append(self, name: str) -> Appender:
        path = self.path / name
        if self._at(name) != path:
            unpack(path)
            log.warning(
                "%s: unpacked, to be added to; pack it again with: %s", path, command("pack", self.path)
            )
        return Appender(path)

    def _write_rows(self, name: str, rows: Iterable[bytes]) -> None:
        write_atomically(self.path / name, b"".join(rows))
        drop_packed(self.path / name)

    def _read(self, name: str, kind: type[Document]) -> Document:
        path = self.path / name
        try:
            with reading(path):
                data = read_whole(path)
        except FileNotFoundError as exc:
            raise RunError(
                f"{path}: no such file, so {self.path} is no complete run directory",
                hint="Name a folder that holds run.json, such as one below runs/.",
            ) from exc
        check_format(path, data)
        try:
            return msgspec.json.decode(data, type=kind)
        except UNDECODABLE as exc:
            raise format_error(path, None, exc) from exc

    def _write(self, name: str, document: Run | Summary) -> None:
        data = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
        write_atomically(self.path / name, data)

    def _rows(self, name: str, kind: type[Row]) -> Iterator[Row]:
        """Stream the rows of a file without those that repeat the key of an earlier one."""
        seen: dict[str, set[int]] = {}
        repeats = 0
        for row in self.as_they_stand(name, kind):
            task, sample = _key(row)
            samples = seen.setdefault(task, set())
            if sample in samples:
                repeats += 1
                continue
            samples.add(sample)
            yield row
        if repeats:
            self._warn(
                f"{self.path / name}: {repeats} rows repeat the key of an earlier one and are left out; "
                "'evalsite validate' lists them"
            )

    def as_they_stand(self, name: str, kind: type[Read]) -> Iterator[Read]:
        """Stream the rows of a file, whatever their keys; none where there is no such file."""
        path = self._at(name)
        if path.name == name and is_there(packed_form(path)):
            self._warn(
                f"{path}: stands there packed as well, which is left out; remove {packed_form(path).name}"
            )
        decoder = msgspec.json.Decoder(kind)
        try:
            with reading(path):
                for number, line in read_lines(path):
                    try:
                        yield decoder.decode(line)
                    except UNDECODABLE as exc:
                        if line.endswith(b"\n"):
                            raise format_error(path, number, exc) from exc
                        self._warn(f"{path}:{number}: the last line is cut off; it will be made again")
        except FileNotFoundError:
            return

    def _of(self, problems: Container[str], rows: Iterator[Answer], name: str) -> Iterator[Answer]:
        strangers = 0
        for row in rows:
            if row.problem in problems:
                yield row
            else:
                strangers += 1
        if strangers:
            self._warn(
                f"{self.path / name}: {strangers} rows are of problems that {PROBLEMS} does not hold, and "
                "are left out; 'evalsite validate' lists them"
            )

    def _warn(self, warning: str) -> None:
        """Say something once, however often the file is read."""
        if warning not in self._warned:
            self._warned.add(warning)
            log.warning("%s", warning)


def _problem_row(problem: Problem) -> dict[str, object]:
    """A problem's fields, without what older files lack: a language that is the default, and no group."""
    fields = asdict(problem)
    if problem.language == DEFAULT_LANGUAGE:
        del fields["language"]
    if not problem.group:
        del fields["group"]
    return fields


def _key(row: Problem | Completion | SecondAnswer | Verdict) -> Key:
    return (row.task_id, 0) if isinstance(row, Problem) else (row.problem, row.sample)


def check_format(path: Path, data: bytes, newest: int = FORMAT) -> None:
    """Raise :class:`RunFormatError` where a document says that it has a format that is not known here."""
    try:
        version = msgspec.json.decode(data, type=_Header).format
    except UNDECODABLE as exc:
        raise format_error(path, None, exc) from exc
    if version > newest:
        raise RunFormatError(
            f"{path}: format {version} was written by a newer evalsite (this one reads up to {newest})",
            hint="Upgrade: python -m pip install --upgrade evalsite",
        )
    if version < 1:
        raise RunFormatError(f"{path}: field `format`: {version} is no format version")


def format_error(path: Path, line: int | None, exc: Exception) -> RunFormatError:
    """Name path, line and field for what msgspec says as ``Expected `int`, got `str` - at `$.format```."""
    what, _, place = str(exc).partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    where = str(path) if line is None else f"{path}:{line}"
    return RunFormatError(
        f"{where}: {f'field `{field}`: ' if field else ''}{what}",
        hint="Restore the file, or take the line out; 'evalsite validate' lists what else is wrong.",
    )
