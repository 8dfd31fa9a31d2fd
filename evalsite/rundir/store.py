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
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import asdict, replace

from evalsite.rundir.files import (
    Appender,
    encode_row,
    reading,
)
from evalsite.rundir.folder import Folder
from evalsite.rundir.naming import claim
from evalsite.rundir.naming import new_run_id as new_run_id
from evalsite.rundir.packed import packed_form
from evalsite.rundir.regular import hash_content, is_there, open_to_read, read_whole
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


class _Graded(msgspec.Struct):
    graded_by: str = ""


@dataclass(frozen=True)
class Hashes:
    """What :meth:`RunDir.digest` says of a directory at one moment, whichever files it is asked about."""

    as_they_stand: str
    """Over all files, names included."""
    held: Mapping[str, str]
    """File that is there -> SHA-256, in hexadecimal, of what it holds, packed or not."""

    def over(self, names: Iterable[str]) -> str:
        """Over what these files hold."""
        return _joined((name, self.held[name]) for name in names if name in self.held)


def _joined(hashes: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"{name}:{hashed}\n" for name, hashed in hashes)
    return hashlib.sha256(told.encode()).hexdigest()


class RunDir(Folder):
    """One run directory. Opening it reads nothing; every method reads or writes one file."""

    record, what, newest, names, goes_on = RUN, "complete run directory", FORMAT, FILES, "resume"
    packable, grows = frozenset(ROW_FILES), (COMPLETIONS, TURNS, VERDICTS)

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

    def read_run(self) -> Run:
        """Read ``run.json``, in a folder of whose files none leads elsewhere."""
        return self._read_record(Run)

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

    def graded_by(self) -> dict[str, int]:
        """Count the verdicts by the version of evalsite that reached them."""
        versions = Counter(row.graded_by or UNKNOWN for row in self.as_they_stand(VERDICTS, _Graded))
        return dict(sorted(versions.items()))

    def keys(self, name: str) -> list[Key]:
        """Return the keys of all rows of one of :data:`ROW_FILES` as they stand, repeated ones included."""
        return [_key(row) for row in self.as_they_stand(name, ROW_FILES[name])]

    def twice(self) -> list[Path]:
        """The files that stand there plain and packed; the plain ones count."""
        plain = (self.path / name for name in ROW_FILES)
        return [path for path in plain if is_there(path) and is_there(packed_form(path))]

    def digest(self, names: Iterable[str] | None = None) -> str:
        """Return a SHA-256, in hexadecimal, over the directory's files as they stand, names included.

        With ``names``, over what these files hold, packed or not.
        """
        if names is None:
            return self.hashes().as_they_stand
        return _joined((name, hash_content(path)) for name in names if (path := self._found(name)))

    def hashes(self) -> "Hashes":
        """Hash all files, each read once but for packed ones."""
        stored, held = {}, {}
        for name, path in self.files():
            with reading(path), open_to_read(path) as file:
                stored[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
            held[name] = stored[path.name] if path.name == name else hash_content(path)
        return Hashes(_joined(stored.items()), held)

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
