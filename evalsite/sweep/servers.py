"""Servers that are started for a sweep: waited for until they answer, and ended whatever happens."""

import contextlib
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from evalsite.errors import EndpointError, UsageError
from evalsite.sweep import keeper
from evalsite.sweep.plan import ModelEntry

READY = ("/health", "/v1/models")
"""What is asked whether a server is ready: the first that it knows."""
_LOOK_S = 0.1
_LAST_WORDS = 600
"""Characters of a server's log that an error shows."""


class Started:
    """A model's server, with what it says in a log."""

    def __init__(self, model: ModelEntry, folder: Path, log: Path, port: int) -> None:
        """``folder`` is the plan's, where the command runs."""
        self.model = model
        self.base = f"http://127.0.0.1:{port}"
        self._log = log
        names = {"{port}": str(port), "{file}": str((folder / model.file).resolve())}
        words = [_filled(word, names) for word in shlex.split(model.command)]
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as said:
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", keeper.__file__, *words],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_up(self) -> bool:
        """Whether it has not ended by itself."""
        return self._keeper.poll() is None

    def wait(self) -> None:
        """Return once it answers. Raises EndpointError where it ends before, or takes too long."""
        until = time.monotonic() + self.model.load_s
        while not self._answers():
            if not self.is_up:
                code = self._keeper.returncode
                raise self._failure(f"the server of {self.model.name} ended with exit code {code}")
            if time.monotonic() > until:
                raise self._failure(
                    f"the server of {self.model.name} was not ready after {self.model.load_s:g} s (load_s)"
                )
            time.sleep(_LOOK_S)

    def stop(self) -> None:
        """End it, and whatever it started."""
        assert self._keeper.stdin is not None
        with contextlib.suppress(OSError):
            self._keeper.stdin.close()
        try:
            self._keeper.wait(keeper.GRACE_S + 30)
        except subprocess.TimeoutExpired:  # the kernel then ends the server
            self._keeper.kill()
            self._keeper.wait()

    def _answers(self) -> bool:
        for path in READY:
            code = _status(self.base + path)
            if code not in (404, 405, 501):
                return code == 200
        return True

    def _failure(self, what: str) -> EndpointError:
        said = self._log.read_text("utf-8", "replace")[-_LAST_WORDS:].strip()
        return EndpointError(
            f"{what}; it said last:\n{said or '(nothing)'}", hint=f"All that it said is in {self._log}"
        )


class Slots:
    """Who is up: of each slot at most one server. A context: at its end nobody is."""

    def __init__(self, folder: Path, logs: Path) -> None:
        """``folder`` is the plan's, ``logs`` where servers' words go."""
        if os.name != "posix":
            raise UsageError(
                "a sweep starts servers on Linux and macOS alone",
                hint="Start it yourself, and name its endpoint in the plan.",
            )
        self._folder, self._logs = folder, logs
        self._up: dict[str, Started] = {}
        self.loads: dict[str, float] = {}
        """Model -> seconds that its server took to load, for those that were started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc_info: object) -> None:
        for slot in list(self._up):
            self._vacate(slot)

    def base(self, model: ModelEntry, port: int | None) -> str:
        """Return the address of a model's server, started unless it is up; on ``port`` if that is free.

        Raises EndpointError where it does not come up.
        """
        there = self._up.get(model.slot)
        if there is not None and there.model.name == model.name and there.is_up:
            return there.base
        self._vacate(model.slot)
        log = self._logs / f"{''.join(c if c.isalnum() or c in '-_.' else '-' for c in model.name)}.log"
        begun = time.monotonic()
        started = self._up[model.slot] = Started(model, self._folder, log, _free(port))
        started.wait()
        self.loads[model.name] = round(time.monotonic() - begun, 1)
        return started.base

    def _vacate(self, slot: str) -> None:
        if (there := self._up.get(slot)) is not None:
            there.stop()
            del self._up[slot]


def _filled(word: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        word = word.replace(name, value)
    return word


def _status(url: str) -> int:
    """The status of an answer; 0 where there is none."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as exc:
        return exc.code
    except (OSError, ValueError):
        return 0


def _free(port: int | None) -> int:
    """``port`` if nobody listens there, else one that is free."""
    for wanted in _tried(port):
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(free.getsockname()[1])
    raise EndpointError("this machine gives no free port", hint="End what holds them.")


def _tried(port: int | None) -> Iterator[int]:
    if port is not None:
        yield port
    yield 0
