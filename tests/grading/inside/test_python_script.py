"""A program that is run as a script: fed, heard, and told by how it ends."""

import json
import signal
import sys

import pytest

from evalsite.grading.inside import python_script
from tests import preloaded

pytestmark = pytest.mark.linux

ALONE = """
import json, sys
from evalsite.grading.inside import python_script as room

class EndedError(Exception):
    "Stands for the end of this process."

def end(*found):
    raise EndedError(*map(int, found))

room._end_by = room._flood = end
source, entered, cpu_s, room._MOST_BYTES = json.load(sys.stdin)
frames = lambda exc: ([["<program>", 1, "f"]], 2)
script = room.Script(compile(source, "<program>", "exec"), {"name": "given"}, frames)
try:
    told = ["printed", room.run_script(script, entered, cpu_s)]
except (EndedError, room.ScriptFailedError) as exc:
    told = [type(exc).__name__, *exc.args]
sys.stderr.write(json.dumps(told))
"""
"""A script is forked from a process of one thread, as within the sandbox: one that runs tests has several,
and what these hold is held in the script for ever.
"""


def run_script(source, entered="", cpu_s=10.0, most=python_script._MOST_BYTES):
    """What became of it, in a word and what is told with that, and what was shown of what it printed."""
    done = preloaded.run(
        [sys.executable, "-c", ALONE],
        input=json.dumps([source, entered, cpu_s, most]).encode(),
        capture_output=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stderr), done.stdout.decode("utf-8", "replace")


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
def test_what_a_script_prints_is_told(source, entered, printed):
    """All of it; and the end of it is among the sample's output."""
    told, shown = run_script(source, entered)
    assert told == ["printed", printed]
    if len(printed) < 4096:
        assert shown == printed
    else:
        assert len(shown) <= 4096
        assert printed.endswith(shown)


def test_an_exception_is_told_by_its_fields():
    """Stage, class and message, the frames behind."""
    (kind, *fields), _ = run_script("raise ValueError('no')")
    assert kind == "ScriptFailedError"
    assert fields[:6] == ["run", "ValueError", "", "no", "", "2"]
    assert fields[-3:] == ["<program>", "1", "f"]


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
def test_this_process_ends_as_the_script_did(source, cpu_s, number):
    """By the same signal; by that of the limit where it used all that it may."""
    assert run_script(source, cpu_s=cpu_s)[0] == ["EndedError", number]


def test_who_prints_without_end_is_ended():
    """And so is this process, by whoever watches its output."""
    assert run_script("while True: print('x' * 1000)", most=1 << 16)[0] == ["EndedError"]
    assert run_script("print('x' * 65_535, end='')", most=1 << 16)[0] == ["printed", "x" * 65_535]


@pytest.mark.parametrize(
    ("fields", "told"), [(b'["run",1]', ["run", "1"]), (b'{"a":1}', []), (b"[", []), (b"", []), (b"3", [])]
)
def test_fields_are_those_of_a_list(fields, told):
    """Whatever a script has written in place of them."""
    assert python_script._read(fields) == told
