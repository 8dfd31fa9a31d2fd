"""The server of tests: a process that runs the tests of one sample after the other, and never a program.

It is as confined as a program: tests are trusted, but what they look at comes from programs.
"""

import contextlib
import marshal
import os
import resource
import signal
import socket
import types

from evalsite.grading.inside import layers, lockdown, messages, python_plus, python_verifier
from evalsite.grading.inside.python_checks import let_hear
from evalsite.grading.inside.python_reports import describe, to_blob
from evalsite.grading.inside.python_wire import GoneError
from evalsite.grading.inside.warming import seed_chance
from evalsite.grading.inside.watching import OUTPUT_TAIL

PASSED, FAILED, GONE = b"p", b"f", b"g"
"""What it says: the tests passed, they failed, the program has ended before."""
REACHED = b"r"
"""What it says before that, with the name: a part of the tests has passed."""
LEARNED = b"l"
"""What it says before that, too: what is right for all inputs, where the tests found it out."""
PRINTED = b"o"
"""And so: the end of what the tests print, which may be what is right, and so goes round the program."""
BROKEN = b"b"
"""What is said of it where it has ended itself or does not answer."""
_FILES = 64
_SPARE = 256 << 20
"""Bytes that the tests may use beside as much as a program may."""


def serve(confinement: layers.Confinement, control: socket.socket) -> None:
    """Confine this process, and run tests until the other side of ``control`` ends."""
    os.setsid()
    keep = control.fileno()
    for layer in layers.layers_for(confinement.setup):
        if not isinstance(layer, layers.ResourceLimits):
            layer.enter(confinement, messages.Request(0, 0, 0, 0, 0, 0))
    lockdown.make(lockdown.die_with_parent())
    lockdown.set_limit(resource.RLIMIT_NOFILE, _FILES, _FILES)
    os.closerange(3, keep)
    os.closerange(keep + 1, 1 << 16)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    known: dict[bytes, tuple[types.CodeType, bytes]] = {}
    with contextlib.suppress(messages.DisconnectedError):
        while True:
            channel, (limits, key, code, source, names, right) = messages.receive_descriptor(control)
            if code:
                known[key] = marshal.loads(code), right  # noqa: S302 - what our own server wrote
            request = messages.Request.unpack(limits)
            memory = confinement.own_memory + request.memory + _SPARE
            lockdown.set_limit(resource.RLIMIT_AS, memory, resource.RLIM_INFINITY)
            let_hear(lambda part: messages.send(control, REACHED, part.encode()))
            tests, right = known[key]
            python_plus.begin(right)
            printing = Printing()
            with contextlib.redirect_stdout(printing), contextlib.redirect_stderr(printing):
                told = _verdict(confinement, channel, tests, source, names.decode().split("\0"), request)
            if learned := python_plus.learned():
                messages.send(control, LEARNED, learned)
            if printing.kept:
                messages.send(control, PRINTED, printing.kept.encode("utf-8", "backslashreplace"))
            messages.send(control, *told)


class Printing:
    """Standard output of the tests of one sample."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self) -> None:
        self.kept = ""

    def write(self, text: str) -> int:
        """Keep the end of it."""
        self.kept = (self.kept + str(text))[-OUTPUT_TAIL:]
        return len(text)

    def flush(self) -> None:
        """There is nothing to flush."""

    def isatty(self) -> bool:
        """It is none."""
        return False


def _verdict(
    confinement: layers.Confinement,
    channel: int,
    code: types.CodeType,
    source: bytes,
    names: list[str],
    request: messages.Request,
) -> tuple[bytes, bytes]:
    seed_chance()
    os.chdir(confinement.setup.work)
    run = python_verifier.have_tests_run if request.in_process else python_verifier.run_tests
    with socket.socket(fileno=channel) as stream:
        try:
            report = run(stream, code, source, names)
        except GoneError:
            return GONE, b""
        except Exception as exc:  # what the program sent is nothing that could be read
            report = describe("run", exc, [], 0)
    return (PASSED, b"") if report is None else (FAILED, to_blob(report))
