"""A program that is run as a script: fed, heard, and told by how it ends."""

import os
import signal

import pytest

from evalsite.grading.inside import python_script
from evalsite.grading.inside.python_script import Script, ScriptFailedError, run_script

pytestmark = pytest.mark.linux


def script(source, **names):
    """A program."""
    return Script(compile(source, "<program>", "exec"), names, lambda exc: ([["<program>", 1, "f"]], 2))


@pytest.mark.parametrize(
    ("source", "entered", "printed"),
    [
        ("print(input() + '!')", "a\nb", "a!\n"),
        ("import sys; print(len(sys.stdin.read()))", "x" * 300_000, "300000\n"),
        ("print('x' * 300_000)", "", "x" * 300_000 + "\n"),
        ("import sys; sys.stdin.close(); print(1)", "x" * 300_000, "1\n"),
        ("print(1)\nraise SystemExit(3)", "", "1\n"),
        ("print(name, __name__)", "", "given __main__\n"),
        ("import atexit; atexit.register(print, 'last')\nprint('first')", "", "first\nlast\n"),
        ("import threading; threading.Timer(0.05, print, ['late']).start()", "", "late\n"),
        ("import os; os.write(1, b'\\xff'); os._exit(4)", "", "\ufffd"),
        ("print(ascii(input()))", "\udc80", "'\\udced\\udcb2\\udc80'\n"),
    ],
    ids=["a line", "much", "it prints much", "it reads nothing", "it leaves", "its names", "at its end",
         "a thread", "no text", "a surrogate"],
)  # fmt: skip
def test_what_a_script_prints_is_told(capfd, source, entered, printed):
    """All of it; and the end of it is among the sample's output."""
    assert run_script(script(source, name="given"), entered, 10.0) == printed
    shown = capfd.readouterr().out
    if len(printed) < 4096 and "\ufffd" not in printed:
        assert shown == printed
    else:
        assert len(shown) <= 4096


def test_an_exception_is_told_by_its_fields():
    """Stage, class and message, the frames behind."""
    with pytest.raises(ScriptFailedError) as caught:
        run_script(script("raise ValueError('no')"), "", 10.0)
    assert caught.value.args[:6] == ("run", "ValueError", "", "no", "", "2")
    assert caught.value.args[-3:] == ("<program>", "1", "f")


class EndedError(Exception):
    """Stands for the end of this process."""


@pytest.mark.parametrize(
    ("source", "cpu_s", "number"),
    [
        ("import os; os.kill(os.getpid(), 10)", 10.0, signal.SIGUSR1),
        ("import os; os.kill(os.getpid(), 9)", 10.0, signal.SIGKILL),
        ("import os; os.kill(os.getpid(), 9)", 0.0, signal.SIGXCPU),
        ("while True: pass", 0.2, signal.SIGXCPU),
    ],
    ids=["it crashes", "it is killed", "it is killed at its limit", "it has no end"],
)
def test_this_process_ends_as_the_script_did(monkeypatch, source, cpu_s, number):
    """By the same signal; by that of the limit where it used all that it may."""

    def end(found):
        raise EndedError(found)

    monkeypatch.setattr(python_script, "_end_by", end)
    with pytest.raises(EndedError) as caught:
        run_script(script(source), "", cpu_s)
    assert caught.value.args == (number,)


def test_who_prints_without_end_is_ended(monkeypatch):
    """And so is this process, by whoever watches its output."""

    def flood():
        raise EndedError

    monkeypatch.setattr(python_script, "_flood", flood)
    monkeypatch.setattr(python_script, "_MOST_BYTES", 1 << 16)
    with pytest.raises(EndedError):
        run_script(script("while True: print('x' * 1000)"), "", 10.0)
    assert run_script(script("print('x' * 65_535, end='')"), "", 10.0) == "x" * 65_535
    os.waitpid(-1, 0)


@pytest.mark.parametrize(
    ("fields", "told"), [(b'["run",1]', ["run", "1"]), (b'{"a":1}', []), (b"[", []), (b"", []), (b"3", [])]
)
def test_fields_are_those_of_a_list(fields, told):
    """Whatever a script has written in place of them."""
    assert python_script._read(fields) == told
