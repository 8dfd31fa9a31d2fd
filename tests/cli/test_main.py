"""How the program ends: exit codes and last words, whatever a command did."""

import errno
import io
import logging
import subprocess
import sys

import click
import pytest

from evalsite.cli.main import COMMANDS, cli, main, run_command
from evalsite.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNREAD, OutputError, RunError

SETTLING = (
    "settle_streams",
    "hear_signals",
    "keep_own_rights",
    "hang_up_as_interrupt",
    "hear_interrupts_again",
    "keep_numpy_small",
    "keep_bytecode_whole",
)


@pytest.fixture
def ending(monkeypatch, capsys):
    """Run a command that does so; returns the exit code and what stands on both streams."""

    def end(do):
        monkeypatch.setattr(cli, "main", lambda **_: do())
        return run_command([]), *capsys.readouterr()

    return end


def fail(error):
    raise error


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["nonsense"], 2), (["report"], 2)])
def test_the_entry_leaves_with_the_exit_code(arguments, code, tmp_path, monkeypatch, capsys):
    """``main`` is what the installed program calls, which settles its process first."""
    monkeypatch.chdir(tmp_path)
    settled = []
    for name in SETTLING:
        monkeypatch.setattr(sys.modules[main.__module__], name, lambda name=name: settled.append(name))
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == code
    assert settled == list(SETTLING)
    assert capsys.readouterr()[code > 0]


def test_a_command_says_its_exit_code_or_nothing(ending):
    """Nothing is success; zero too."""
    assert ending(lambda: None) == (EXIT_OK, "", "")
    assert ending(lambda: 9) == (9, "", "")


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), click.Abort()])
def test_an_interrupt_is_told_where_no_result_stands(ending, interrupt):
    """130, as shells have it."""
    assert ending(lambda: fail(interrupt)) == (EXIT_INTERRUPTED, "", "interrupted\n")


def test_a_deliberate_error_has_a_code_of_its_own(ending):
    """With its message and next step, and no traceback."""
    code, out, err = ending(lambda: fail(RunError("no such run", hint="Name another.")))
    assert (code, out) == (RunError.exit_code, "")
    assert "no such run" in err
    assert "Name another." in err
    assert "Traceback" not in err


def test_an_error_of_clicks_is_shown_as_click_does(ending):
    """Wrong usage: 2."""
    code, _, err = ending(lambda: fail(click.UsageError("what?")))
    assert (code, "what?" in err) == (2, True)


def test_a_bug_has_a_traceback(ending):
    """Somebody has to find it."""
    code, out, err = ending(lambda: fail(ZeroDivisionError("by nothing")))
    assert (code, out) == (EXIT_BUG, "")
    assert "Traceback" in err
    assert "ZeroDivisionError: by nothing" in err


def test_a_full_disk_under_the_output_is_no_bug(ending, monkeypatch):
    """Whatever wrote there."""
    monkeypatch.setattr(sys, "stdout", sys.stdout)  # put back afterwards: it is given up here
    code, _, err = ending(lambda: fail(OSError(errno.ENOSPC, "No space left on device")))
    assert code == OutputError.exit_code == 7
    assert "No space left on device" in err
    assert "Free some space." in err


def test_who_finds_no_place_for_a_temporary_file_is_told_which_variable_names_one(ending):
    """Wherever it was wanted."""
    code, _, err = ending(lambda: fail(FileNotFoundError(2, "No usable temporary directory found in []")))
    assert (code, "export TMPDIR=" in err) == (OutputError.exit_code, True)


def test_a_reader_that_went_away_is_told_from_somebody_who_exits(ending, monkeypatch):
    """Click puts a stream of its own in place of one that nobody reads, and exits with 1, a gate's no."""
    monkeypatch.setattr(sys, "stdout", sys.stdout)

    def go_away():
        sys.stdout = io.StringIO()
        sys.exit(1)

    def as_rich_does():
        try:
            raise BrokenPipeError
        except BrokenPipeError:
            sys.exit(1)

    assert ending(go_away) == (EXIT_UNREAD, "", "")
    monkeypatch.undo()
    assert ending(as_rich_does) == (EXIT_UNREAD, "", "")
    with pytest.raises(SystemExit) as left:
        ending(lambda: sys.exit(3))
    assert left.value.code == 3


def test_every_command_is_listed_and_can_be_had():
    """Shells complete them; what is none is none."""
    context = click.Context(cli)
    assert cli.list_commands(context) == list(COMMANDS)
    assert [cli.get_command(context, name).name for name in COMMANDS] == list(COMMANDS)
    assert cli.get_command(context, "nonsense") is None


@pytest.mark.parametrize(("words", "level"), [((), logging.WARNING), (("--verbose",), logging.INFO)])
def test_more_is_said_where_that_is_asked_for(evalsite, tmp_path, words, level):
    """And warnings at any rate."""
    (tmp_path / "runs").mkdir()
    evalsite(*words, "validate", "runs")
    assert logging.getLogger("evalsite").level == level


class Unread(io.StringIO):
    """A stream whose reader went away with the last words still to be written."""

    def flush(self):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize(
    ("stream", "code", "ends"),
    [(Unread(), 0, EXIT_UNREAD), (Unread(), 5, 5), (None, 0, 0), (io.StringIO(), 0, 0)],
)
def test_last_words_that_nobody_read_are_no_success(stream, code, ends, monkeypatch):
    """But a code that says more is kept; and who has closed the output meant it."""
    module = sys.modules[main.__module__]
    for name in SETTLING:
        monkeypatch.setattr(module, name, lambda: None)
    monkeypatch.setattr(module, "run_command", lambda _: code)
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == ends


def test_last_words_are_written_before_the_program_leaves(monkeypatch):
    """Where that fails, somebody has to be told."""
    module, flushed = sys.modules[main.__module__], []
    for name in SETTLING:
        monkeypatch.setattr(module, name, lambda: None)
    monkeypatch.setattr(module, "run_command", lambda _: 0)
    stream = io.StringIO()
    stream.flush = lambda: flushed.append(True)
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(SystemExit):
        main([])
    assert flushed


def test_a_pipe_that_broke_is_no_bug(ending):
    """Whoever wrote there; but a file's own error is one."""
    assert ending(lambda: fail(BrokenPipeError(errno.EPIPE, "Broken pipe"))) == (EXIT_UNREAD, "", "")


def test_what_click_refuses_comes_back_as_a_code(capsys):
    """It does not leave the program by itself."""
    assert run_command(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


def test_commands_begin_without_the_http_client():
    """Its import takes as long as all else that many of them need; demo alone has a server, too."""
    modules = sorted({module for name, (module, *_) in COMMANDS.items() if name != "demo"})
    assert len(modules) > 15
    code = f"import sys, {', '.join(modules)}\nprint('aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.linux  # a Python that is made like another system's has asyncio from the beginning
def test_grading_begins_without_what_asks_fetches_and_compares():
    """All of it together took longer to load than the rest, and as long as 200 programs to be graded."""
    needless = {"asyncio", "http.client", "jsonschema", "evalsite.client.core", "evalsite.stats.compare.runs"}
    code = (
        "import sys, evalsite.cli.grade, evalsite.cli.importing as begun\n"
        f"print(begun.__name__ in sys.modules, *sorted({needless!r} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/some/file"), "in the way of /some/file"),
        (
            OSError(errno.ENOSYS, "Function not implemented"),
            "what watches over this container",
        ),
    ],
)
def test_what_the_machine_refuses_is_no_bug(ending, refused, words):
    """Whatever it is: one message, and where it was met for whoever asks."""
    code, _, said = ending(lambda: fail(refused))
    assert code == 7
    assert words in said
    assert "evalsite -v" in said


def test_byte_code_that_is_cut_off_is_no_interrupt(ending):
    """As it is where files may not grow: what to remove is said."""

    def read():
        try:
            raise EOFError("marshal data too short")
        except EOFError as exc:
            raise click.Abort from exc

    code, _, said = ending(read)
    assert code == 7
    assert "-name '*.pyc' -delete" in said
    assert ending(lambda: fail(click.Abort()))[0] == 130


LACKS = "import sys; sys.modules['click'] = None; from evalsite.cli import main; main()"
INTERRUPTED = """
import signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "click":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)
from evalsite.cli import main
main()
"""


def test_what_cannot_be_loaded_says_so(environment):
    """For want of memory, say, of open files, or of a package: not by 1, which would be a gate's no."""
    done = subprocess.run(
        [sys.executable, "-c", LACKS], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 7
    assert "evalsite cannot be loaded here: import of click halted" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("OverflowError('timestamp too large')", 7, "cannot be loaded here: timestamp too large"),
        ("ValueError('a bug')", EXIT_BUG, "ValueError: a bug"),
    ],
)
def test_whatever_keeps_it_from_being_loaded_is_no_gates_word(environment, what, code, words):
    """A clock that is far off meets Python's own modules first."""
    raising = INTERRUPTED.replace("signal.raise_signal(signal.SIGINT)", f"raise {what}")
    done = subprocess.run(
        [sys.executable, "-c", raising], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr


def test_an_interrupt_while_it_is_loaded_is_one_like_any_other(environment):
    """On a slow disk that takes seconds: exit code 130 and a word, no traceback."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "interrupted\n")
