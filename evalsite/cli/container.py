"""Grading in a container, where this system runs no programs itself: by docker or podman, with no more than
their default rights.
"""

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from evalsite.cli.console import say
from evalsite.cli.parameters import flag_word, given_options
from evalsite.errors import EXIT_MISSED, EXIT_OK, IncompleteError, SandboxError, UsageError
from evalsite.events import Event, Listener
from evalsite.publish.wheel import own_wheel, wheel_name
from evalsite.words.commands import command

ENGINES = ("docker", "podman")
"""In the order in which they are looked for."""
IMAGE = f"docker.io/library/python:{sys.version_info[0]}.{sys.version_info[1]}-slim"
"""With the Python that runs here, so that programs can run that can here."""
_RUNS, _WHEEL = "/runs", "/evalsite"
_ENGINES_OWN = 125
"""From this exit code on it is the engine that speaks, or a signal; pip's failure is made one of these."""
_NOT_PASSED_ON = frozenset({"again", "in_container", "runs_dir", "run"})
_INTERRUPTED = 130


def grade_in_container(path: Path, listener: Listener, *, again: bool) -> list[str]:
    """Grade a run in a container of its own; return what that printed for people on standard output.

    Raises SandboxError where no container can be had, UsageError for a path that cannot be handed to one, and
    KeyboardInterrupt. Any other exit code of the grading ends this process, too: its message has been shown.
    """
    engine = next(filter(shutil.which, ENGINES), None)
    if engine is None:
        raise SandboxError(
            f"neither {' nor '.join(ENGINES)} is installed here",
            hint="Install one of them (https://docs.docker.com/get-docker/), or grade on Linux: "
            + command("grade", path),
        )
    folder = path.resolve()
    if ":" in folder.as_posix().removeprefix(folder.drive):
        raise UsageError(
            f"{folder}: containers take no path with a colon", hint="Move the run to a folder without one."
        )
    inside = f"{_RUNS}/{folder.name}"
    mounted = ["-v", f"{folder}:{inside}"]
    with _own_wheel() as wheel:
        grading = shlex.join(["evalsite", "grade", inside, "--progress", "json", *_given(again)])
        install = f"pip install --quiet --root-user-action ignore {_WHEEL}/{wheel_name()}"
        mounts = [*mounted, "-v", f"{wheel}:{_WHEEL}:ro", "-v", "evalsite-pip:/root/.cache/pip"]
        script = f"{install} || exit {_ENGINES_OWN}; exec {grading}"
        words = [engine, "run", "--rm", *mounts, IMAGE, "sh", "-c", script]
        say(f"in a container: {shlex.join(words)}")
        code, printed, said = _carry_out(words, listener)
    _give_back([engine, "run", "--rm", *mounted, IMAGE], folder, inside)
    told = [line.replace(inside, str(path)) for line in said]
    if code in (EXIT_OK, IncompleteError.exit_code):
        return printed[:-1]
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    if code >= _ENGINES_OWN or code < 0 or code == EXIT_MISSED:
        words_of_engine = " ".join(told[-3:]) or f"{engine} ended with {code}"
        raise SandboxError(
            f"the container did not get to its end: {words_of_engine}",
            hint=f"See that '{engine} run --rm {IMAGE} true' works and that a container may use the network.",
        )
    for line in told:
        say(line)
    raise click.exceptions.Exit(code)


def _given(again: bool) -> list[str]:
    """The options that were given to this command, for the one inside."""
    given = ["--again"] if again else []
    for option, value in given_options():
        if option.is_flag and option.name not in _NOT_PASSED_ON:
            given.append(flag_word(option, value))
        elif option.name not in _NOT_PASSED_ON:
            given += [option.opts[0], str(value)]
    return given


@contextlib.contextmanager
def _own_wheel() -> Iterator[Path]:
    """A folder that holds the evalsite that runs here, so that no other one grades."""
    with tempfile.TemporaryDirectory(prefix="evalsite-") as folder:
        Path(folder, wheel_name()).write_bytes(own_wheel())
        Path(folder).chmod(0o755)
        yield Path(folder).resolve()


def _carry_out(words: Sequence[str], listener: Listener) -> tuple[int, list[str], list[str]]:
    """Run it, and pass on what it tells of its progress; returns its exit code and what else it said on its
    two streams.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed,
        subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.PIPE, encoding="utf-8",
            errors="replace",
        ) as process,
    ):  # fmt: skip
        said: list[str] = []
        while True:
            try:
                assert process.stderr is not None
                for line in process.stderr:
                    _pass_on(line.rstrip("\n"), listener, said)
                code = process.wait()
                break
            except KeyboardInterrupt:  # it goes to the container, too, which ends in order
                continue
        printed.seek(0)
        return code, printed.read().splitlines(), said


def _pass_on(line: str, listener: Listener, said: list[str]) -> None:
    try:
        listener(msgspec.json.decode(line, type=Event))
    except msgspec.DecodeError:
        said.append(line)


def _give_back(words: Sequence[str], folder: Path, inside: str) -> None:
    """Let files that root of the container has written belong to whom the folder belongs to."""
    if not hasattr(os, "getuid"):
        return
    owner = folder.stat()
    if any(path.lstat().st_uid != owner.st_uid for path in folder.iterdir()):
        chown = ["chown", "-R", f"{owner.st_uid}:{owner.st_gid}", inside]
        subprocess.run([*words, *chown], stdin=subprocess.DEVNULL, capture_output=True, check=False)
