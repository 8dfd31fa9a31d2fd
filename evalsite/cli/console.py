"""What commands share in talking to a person: messages and log lines, all on stderr."""

import _thread
import contextlib
import io
import logging
import os
import re
import shlex
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

import click
from rich.console import Console
from rich.logging import RichHandler

from evalsite.errors import EvalsiteError, UsageError
from evalsite.rundir.store import RunDir
from evalsite.words.commands import command


def _forget_odd_sizes() -> None:
    """Forget the size of a terminal where it is none: for Rich ``²`` is a number, until it is read."""
    for name in ("COLUMNS", "LINES"):
        if not re.fullmatch("[0-9]{1,5}", os.environ.get(name, "0")):
            del os.environ[name]


_forget_odd_sizes()
stderr = Console(stderr=True, highlight=False)
_AGAIN_S = 0.01
"""Seconds between two looks at whether a Ctrl-C that was lost can be heard again."""


class _Remarks(io.TextIOWrapper):
    """Standard error, whose reader may go away: then what is said is dropped, and work goes on."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()


def settle_streams() -> None:
    """Let every message be shown, and what goes into a file or pipe be the same on every system.

    A console shows an escape for a character that it lacks. Elsewhere text is UTF-8 and a newline one
    byte, unless ``PYTHONIOENCODING`` asks for something else. Who was started without standard streams gets
    empty ones, or the next file to be opened would be taken for one.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if isinstance(sys.stderr, io.TextIOWrapper):
        encoding = sys.stderr.encoding
        sys.stderr = _Remarks(sys.stderr.detach(), encoding, "backslashreplace", line_buffering=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
            if not stream.isatty() and not os.environ.get("PYTHONIOENCODING"):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def hear_signals() -> None:
    """Hear of what whoever started this process has blocked, and of children that end, which somebody may
    have had ignored: else a pool of processes would wait for ever, and graded programs inherit it.
    """
    if hasattr(signal, "pthread_sigmask"):
        with contextlib.suppress(OSError):  # a filter of the container's
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def keep_own_rights() -> None:
    """Let whoever wrote a file read it again, whatever is masked: what a umask takes from its owner, too, no
    later step of ours could open, nor a sandbox go through the folders that are made for it.
    """
    os.umask(os.umask(0o077) & ~0o700)


def hang_up_as_interrupt() -> None:
    """Let the end of the terminal be what Ctrl-C is, unless somebody (``nohup``) has it ignored."""
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        with contextlib.suppress(OSError):
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGINT))


def hear_interrupts_again() -> None:
    """Let a Ctrl-C come again that met Python where it can raise nothing: clearing an object away (the
    callback of a weak reference, ``__del__``), it would end in a traceback on stderr and in nothing else.
    """
    usual = sys.unraisablehook

    def hear(lost: "sys.UnraisableHookArgs") -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            usual(lost)
            return
        threading.Thread(target=_interrupt_behind, args=(hear.__code__,), daemon=True).start()

    sys.unraisablehook = hear


def _interrupt_behind(hook: CodeType) -> None:
    """Interrupt the main thread, but not while it is in the hook, where that would be lost as well."""
    main = threading.main_thread().ident or 0
    while any(frame.f_code is hook for frame, _ in traceback.walk_stack(sys._current_frames().get(main))):
        time.sleep(_AGAIN_S)
    if hasattr(signal, "pthread_kill"):  # which also wakes who waits
        signal.pthread_kill(main, signal.SIGINT)
    else:
        _thread.interrupt_main()


def start_logging(level: int) -> None:
    """Send evalsite's log lines to stderr."""
    handler = RichHandler(console=stderr, show_time=False, show_path=False, markup=False, highlighter=None)
    logger = logging.getLogger("evalsite")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False


def show_error(error: EvalsiteError) -> None:
    """Print what is wrong, and what to do next."""
    click.secho(f"error[{error.slug}]: ", fg="red", bold=True, err=True, nl=False)
    click.echo(printable(error.message), err=True)
    if error.hint:
        click.echo(f"  next: {printable(error.hint)}", err=True)
        if "evalsite " in error.hint and (program := as_typed()) != "evalsite":
            click.echo(f"        (evalsite is not on the PATH; here it is {program})", err=True)


def say(text: str = "") -> None:
    """Print a remark for people on stderr; results go to stdout."""
    stderr.print(printable(text), markup=False, soft_wrap=True)


def show(text: str, form: str) -> None:
    """Print a result: for people without what a terminal would obey, for programs as it is."""
    click.echo(text if form in ("json", "junit") else printable(text))


@contextmanager
def asking(lacking: str, hint: str) -> Iterator[None]:
    """Ask within; where nobody is there to answer, say that ``lacking`` has to be asked."""
    try:
        yield
    except (click.Abort, OSError) as exc:  # the latter: an input that cannot be read
        if isinstance(exc, click.Abort) and is_somebody_there():
            raise
        click.echo(err=True)
        message = f"{lacking} has to be asked, and here is nobody to answer"
        raise UsageError(message, hint=hint) from None


def is_somebody_there() -> bool:
    """Whether questions can be answered: the input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def as_typed(*words: object) -> str:
    """A command of evalsite as it works here: by its name where that is on the PATH, else by its path."""
    program = Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin") / "evalsite"
    if shutil.which("evalsite") or not program.exists():
        return command(*words)
    with contextlib.suppress(OSError):  # this folder has been removed
        if program.is_relative_to(here := Path.cwd()):
            return shlex.join(map(str, [f"./{program.relative_to(here)}", *words]))
    return shlex.join(map(str, [program, *words]))


def open_address(address: str) -> None:
    """Open an address in a browser; where there seems to be none, say that in a line of our own.

    The system's opener would name each browser that it did not find.
    """
    import webbrowser

    complaints, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        click.launch(address)
        webbrowser.get()
    except (OSError, ImportError, webbrowser.Error):  # the first two: the system's opener is not there
        seen = False
    else:
        seen = True
    finally:
        os.dup2(complaints, 2)
        os.close(complaints)
        os.close(nowhere)
    if not seen:
        say("note: there seems to be no browser here; the address is the line above")


def printable(text: str) -> str:
    """Replace control characters: names and messages may come from a hostile file."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


def grading(path: Path) -> tuple[object, ...]:
    """The words of the command that grades what has no verdict yet."""
    return "grade", path


@contextmanager
def resumable(path: Path, words: Callable[[Path], tuple[object, ...]] = grading) -> Iterator[None]:
    """Let an interrupt say which command goes on, by its words; what was reached so far is on disk."""
    try:
        yield
    except KeyboardInterrupt:
        if RunDir(path).is_empty():
            say("interrupted before the first answer")
        else:
            say(f"interrupted: everything so far is kept. Go on with: {as_typed(*words(path))}")
        raise
