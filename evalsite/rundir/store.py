"""Reads and writes run directories; the only module that touches their files.

Layout (see ``docs/run-format.md``)::

    runs/<run-id>/
      run.json            Run          replaced atomically
      problems.jsonl      Problem      written once; extended when more problems are asked
      completions.jsonl   Completion   append-only, on disk before it is graded
      verdicts.jsonl      Verdict      append-only; replaced atomically by a regrade
      summary.json        Summary      derived, rebuildable
      NOTES.md                         optional, the user's own words

Rows are appended with one write each, so that a killed process leaves at most one torn last line. Readers
drop such a line with a warning, writers cut it off before they append; any other line that does not decode
is a :class:`RunFormatError` naming file, line and field.
"""

import errno
import fcntl
import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from evalsite.errors import OutputError, RunError, RunFormatError, RunLockedError
from evalsite.rundir.schema import FORMAT, Completion, Problem, Run, Summary, Verdict

log = logging.getLogger("evalsite")

RUN, PROBLEMS, COMPLETIONS = "run.json", "problems.jsonl", "completions.jsonl"
VERDICTS, SUMMARY, NOTES, LOCK = "verdicts.jsonl", "summary.json", "NOTES.md", ".lock"

FSYNC_INTERVAL_S = 1.0
"""Appended rows reach the operating system at once, and the disk at most this much later."""

Row = TypeVar("Row", Problem, Completion, Verdict)
Document = TypeVar("Document", Run, Summary)


class _Header(msgspec.Struct):
    format: int


class Appender:
    """Appends rows to one ``*.jsonl`` file; use as a context manager.

    When :meth:`append` returns, the row survives a kill of this process; a power cut loses at most
    :data:`FSYNC_INTERVAL_S` of rows. When the disk is full, a half-written row is taken back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1
        self._synced_at = 0.0

    def __enter__(self) -> Self:
        with _writing(self._path):
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            _drop_torn_line(self._fd, self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with _writing(self._path):
                os.fsync(self._fd)
        finally:
            os.close(self._fd)
            self._fd = -1  # whoever comes late must not write into a file that got the same number

    def append(self, row: msgspec.Struct) -> None:
        """Write one row as a line of JSON."""
        line = encode_row(row)
        start = os.fstat(self._fd).st_size
        with _writing(self._path):
            try:
                _write_all(self._fd, line)
            except OSError:
                os.ftruncate(self._fd, start)
                raise
            now = time.monotonic()
            if now - self._synced_at > FSYNC_INTERVAL_S:
                os.fsync(self._fd)
                self._synced_at = now


class RunDir:
    """One run directory. Opening it reads nothing; every method reads or writes one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"RunDir({str(self.path)!r})"

    @classmethod
    def create(cls, runs_dir: Path, run: Run, problems: Iterable[Problem]) -> "RunDir":
        """Make a new directory named after ``run.id``; it must not exist yet."""
        run_dir = cls(runs_dir / run.id)
        with _writing(run_dir.path):
            run_dir.path.mkdir(parents=True)
        run_dir.write_problems(problems)
        run_dir.write_run(run)
        return run_dir

    def exists(self) -> bool:
        """Whether this is a run directory, judged by its ``run.json``."""
        return (self.path / RUN).is_file()

    def read_run(self) -> Run:
        """Read ``run.json``."""
        return self._read(RUN, Run)

    def write_run(self, run: Run) -> None:
        """Replace ``run.json``."""
        self._write(RUN, run)

    def read_summary(self) -> Summary:
        """Read ``summary.json``; :func:`evalsite.stats.tally.summary_of` rebuilds a missing one."""
        return self._read(SUMMARY, Summary)

    def write_summary(self, summary: Summary) -> None:
        """Replace ``summary.json``."""
        self._write(SUMMARY, summary)

    def has_summary(self) -> bool:
        """Whether ``summary.json`` is there."""
        return (self.path / SUMMARY).is_file()

    def read_notes(self) -> str:
        """Return the user's ``NOTES.md``, or an empty string."""
        path = self.path / NOTES
        return path.read_text("utf-8", errors="replace") if path.is_file() else ""

    def problems(self) -> tuple[Problem, ...]:
        """Read the frozen copy of what was asked, in the data set's order."""
        return tuple(self._rows(PROBLEMS, Problem))

    def write_problems(self, problems: Iterable[Problem]) -> None:
        """Replace ``problems.jsonl``."""
        write_atomically(self.path / PROBLEMS, b"".join(map(encode_row, problems)))

    def completions(self) -> Iterator[Completion]:
        """Stream the completions in the order they arrived."""
        return self._rows(COMPLETIONS, Completion)

    def verdicts(self) -> Iterator[Verdict]:
        """Stream the verdicts in the order they were reached."""
        return self._rows(VERDICTS, Verdict)

    def append_completions(self) -> Appender:
        """Open ``completions.jsonl`` for appending."""
        return Appender(self.path / COMPLETIONS)

    def append_verdicts(self) -> Appender:
        """Open ``verdicts.jsonl`` for appending."""
        return Appender(self.path / VERDICTS)

    def write_verdicts(self, verdicts: Iterable[Verdict]) -> None:
        """Replace ``verdicts.jsonl``."""
        write_atomically(self.path / VERDICTS, b"".join(map(encode_row, verdicts)))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run for writing; a second process is refused. A killed process lets go by itself."""
        path = self.path / LOCK
        fd = _lock_file(path)
        try:
            with _writing(path):
                os.truncate(fd, 0)
                os.pwrite(fd, f"pid {os.getpid()}".encode(), 0)
            yield
        finally:
            path.unlink(missing_ok=True)
            os.close(fd)

    def _read(self, name: str, kind: type[Document]) -> Document:
        path = self.path / name
        try:
            data = path.read_bytes()
        except FileNotFoundError as exc:
            raise RunError(
                f"{path}: no such file, so {self.path} is no complete run directory",
                hint="Name a folder that holds run.json, such as one below runs/.",
            ) from exc
        except OSError as exc:
            raise RunError(f"{path}: cannot be read ({exc.strerror})") from exc
        _check_format(path, data)
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise _format_error(path, None, exc) from exc

    def _write(self, name: str, document: Run | Summary) -> None:
        data = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
        write_atomically(self.path / name, data)

    def _rows(self, name: str, kind: type[Row]) -> Iterator[Row]:
        path = self.path / name
        if not path.is_file():
            return
        decoder = msgspec.json.Decoder(kind)
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as exc:
                    if not line.endswith(b"\n"):
                        log.warning(
                            "%s:%d: the last line is cut off; it is left out and will be made again",
                            path,
                            number,
                        )
                        return
                    raise _format_error(path, number, exc) from exc


def find_runs(runs_dir: Path) -> list[RunDir]:
    """Return the run directories directly below ``runs_dir``, sorted by name (which begins with the date)."""
    if not runs_dir.is_dir():
        raise RunError(
            f"{runs_dir}: no such folder",
            hint="Name the folder that holds the runs, or make a first run: evalsite run --help",
        )
    return [RunDir(path) for path in sorted(runs_dir.iterdir()) if (path / RUN).is_file()]


def new_run_id(runs_dir: Path, created_at: str, model: str, dataset: str) -> str:
    """Return a free id such as ``2026-11-22T16-54-00Z--smollm2-135m-ternary--humaneval``."""
    stem = f"{created_at.replace(':', '-')}--{_slug(model)}--{_slug(dataset)}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 10_000))
    return next(name for name in names if not (runs_dir / name).exists())


def encode_row(row: msgspec.Struct) -> bytes:
    """Encode a row as one line of JSON with a space after ``:`` and ``,``, so that it can be grepped."""
    return msgspec.json.format(msgspec.json.encode(row), indent=0) + b"\n"


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file so that a reader, or a crash, meets the old content or the new, never a mixture."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with _writing(path):
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Translate what the operating system says about a failed write."""
    try:
        yield
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = (
                "The disk is full. What was written before is intact: free some space, then resume the run."
            )
        elif exc.errno == errno.EEXIST:
            hint = "Choose another folder, or move the existing one away."
        else:
            hint = "Check that the folder exists and that you may write there, or choose another one."
        raise OutputError(f"{path}: cannot be written ({exc.strerror})", hint=hint) from exc


def _lock_file(path: Path) -> int:
    """Open and lock a file, and return its descriptor; a file that another process holds is an error."""
    while True:
        with _writing(path):
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                holder = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
                os.close(fd)
                raise RunLockedError(
                    f"{path.parent}: another evalsite process ({holder or 'unknown'}) is writing this run",
                    hint="Wait for it to end, or stop it; then try again.",
                ) from exc
        if _stands_at(fd, path):
            return fd
        os.close(fd)  # its last holder removed it in between: a lock on it would keep nobody out


def _stands_at(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _drop_torn_line(fd: int, path: Path) -> None:
    """Cut off what follows the last newline: a row that a killed process did not finish.

    A whole row that lacks nothing but its newline is kept: readers have taken it for one.
    """
    size = os.fstat(fd).st_size
    if size == 0 or os.pread(fd, 1, size - 1) == b"\n":
        return
    end, block = size, 1 << 16
    while end > 0:
        start = max(0, end - block)
        newline = os.pread(fd, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if _is_json(os.pread(fd, size - end, end)):
        _write_all(fd, b"\n")
        return
    os.ftruncate(fd, end)
    log.warning("%s: the last line was cut off; it is dropped and will be made again", path)


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _check_format(path: Path, data: bytes) -> None:
    try:
        version = msgspec.json.decode(data, type=_Header).format
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise _format_error(path, None, exc) from exc
    if version > FORMAT:
        raise RunFormatError(
            f"{path}: format {version} was written by a newer evalsite (this one reads up to {FORMAT})",
            hint="Upgrade: python -m pip install --upgrade evalsite",
        )
    if version < 1:
        raise RunFormatError(f"{path}: field `format`: {version} is no format version")


def _format_error(path: Path, line: int | None, exc: Exception) -> RunFormatError:
    """Name path, line and field for what msgspec says as ``Expected `int`, got `str` - at `$.format```."""
    what, _, place = str(exc).partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    where = str(path) if line is None else f"{path}:{line}"
    return RunFormatError(
        f"{where}: {f'field `{field}`: ' if field else ''}{what}",
        hint="Restore the file, or take the line out; 'evalsite validate' lists what else is wrong.",
    )


def _slug(text: str) -> str:
    """Make a readable folder name: lower case letters, digits, dots and dashes, at most 60 characters."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")[:60].strip("-.") or "unnamed"
