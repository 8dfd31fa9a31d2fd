"""What drivers of ours say of programs that an interpreter runs, and that interpreter's own last words."""

import re

import msgspec

from evalsite.languages.failures import (
    PROGRAM,
    TESTS,
    Ended,
    Failures,
    Frame,
    Report,
    is_of_tests,
    line_of_tests,
)
from evalsite.languages.running import OfTools
from evalsite.rundir.taxonomy import VerdictClass


class _Said(msgspec.Struct):
    stage: str
    exception: str = ""
    message: str = ""
    frames: list[tuple[str, int, str]] = []


class ScriptFailures(Failures):
    """A driver tells the stage, what was raised, and where, innermost first."""

    memory: re.Pattern[str] = re.compile(r"(?!)")
    """Matches what is said where memory runs out."""
    fatal: re.Pattern[str] = re.compile(r"(?!)")
    """Matches last words of an interpreter that ends without asking the driver; ``message`` is a group."""
    syntax: re.Pattern[str] = re.compile(r"(?!)")
    """Matches the message of what is no program, where the driver cannot tell."""
    no_module: re.Pattern[str] = re.compile(r"(?!)")
    """Matches the message about a module that is not there, whose name is the first group."""
    trace_line = re.compile(rf"{PROGRAM}(?::| line )(\d{{1,9}})\b")

    def report_of(self, ended: Ended) -> Report | None:
        """The driver's words, or the interpreter's."""
        try:
            said = msgspec.json.decode(ended.said, type=_Said)
        except msgspec.DecodeError:
            return self._last_words(ended.output)
        frames = [Frame(file=file, line=line, function=name) for file, line, name in reversed(said.frames)]
        frames = [frame for frame in frames if frame.file in (PROGRAM, TESTS)]
        stage = said.stage
        if self.memory.search(f"{said.exception}: {said.message}"):
            stage = "memory"
        elif stage == "run" and self.syntax.search(said.message):
            stage = "compile"
        elif stage == "tests":
            by_tests = bool(frames) and frames[-1].file == TESTS
            stage = "assertion" if by_tests and is_of_tests(self.words(said.message), ended) else "run"
        head = f"{said.exception}: {said.message}" if said.exception else said.message
        lines = [f"    {frame.file}:{frame.line} {frame.function}".rstrip() for frame in reversed(frames)]
        return Report(
            stage=stage,
            exception=said.exception,
            message=said.message,
            line=frames[-1].line if stage == "compile" and frames else None,
            frames=tuple(frames),
            text="\n".join([head, *lines]),
        )

    def words(self, message: str) -> str:
        """What whoever raised it has said, without what the language adds."""
        return message

    def _last_words(self, output: str) -> Report | None:
        if self.memory.search(output):
            return Report(stage="memory", exception="", message="out of memory", explains_signal=True)
        if found := self.fatal.search(output):
            return Report(stage="run", exception="", message=found["message"], text=output)
        return None

    def classify(self, report: Report, *, short_of_memory: bool) -> VerdictClass | None:
        """By the stage, and by what was raised."""
        if self.missing_module(report):
            return VerdictClass.MISSING_MODULE
        found = {
            "compile": VerdictClass.SYNTAX_ERROR,
            "memory": VerdictClass.MEMORY_LIMIT,
            "assertion": VerdictClass.WRONG_ANSWER,
        }
        return found.get(report.stage)

    def missing_module(self, report: Report) -> str:
        """The module's name."""
        found = self.no_module.search(report.message)
        return found[1] if found else ""

    def failed_test(self, report: Report, tests: str) -> str:
        """The line of the tests that the failure came from."""
        return line_of_tests(report, tests)


class ScriptRunning(OfTools):
    """Languages without types, so that a stub can be made of a name."""

    def __init__(self, language: str, function: str, *, raises: str, idle: str, varying: str) -> None:
        """``function`` is a function's text with ``NAME`` and ``BODY`` in it; ``raises`` and ``idle`` are
        bodies; ``varying`` matches clocks and chance.
        """
        super().__init__(language)
        self._function, self._raises, self._idle = function, raises, idle
        self.varying = re.compile(varying)

    def stub(self, *names: str) -> str:
        """Each name is a function that raises."""
        return self._functions(names, self._raises)

    def idle_stub(self, *names: str) -> str:
        """A fresh object each time."""
        return self._functions(names, self._idle)

    def _functions(self, names: tuple[str, ...], body: str) -> str:
        return "\n".join(self._function.replace("NAME", name).replace("BODY", body) for name in names)
