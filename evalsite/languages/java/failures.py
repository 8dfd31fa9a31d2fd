"""What javac, and our driver in the virtual machine, tell of a failure."""

import re

import msgspec

from evalsite.languages.failures import PROGRAM, TESTS, Ended, Frame, OfTools, Report, is_of_tests

_NO_MEMORY = re.compile(
    r"OutOfMemoryError|insufficient memory|Cannot (?:allocate|reserve)|unable to create native"
)


class _Said(msgspec.Struct):
    exception: str
    message: str = ""
    frames: list[Frame] = []


class JavaFailures(OfTools):
    """The driver says what was thrown; the virtual machine itself ends where there is no memory for it."""

    error = re.compile(
        rf"^(?P<file>{PROGRAM}|{TESTS}):(?P<line>\d{{1,9}}): error: (?P<message>.*)$", re.MULTILINE
    )
    no_module = re.compile(r"error: package ([\w.]{1,200}) does not exist")
    trace_line = re.compile(rf"{PROGRAM}:(\d{{1,9}})\b")

    def of_program(self, ended: Ended) -> Report | None:
        """What was thrown, and where."""
        try:
            said = msgspec.json.decode(ended.said, type=_Said)
        except msgspec.DecodeError:
            if _NO_MEMORY.search(ended.output):
                return Report(
                    stage="memory", exception="java.lang.OutOfMemoryError", message="", explains_signal=True
                )
            return None
        frames = tuple(each for each in reversed(said.frames) if each.file in (PROGRAM, TESTS))
        stage = "memory" if said.exception == "java.lang.OutOfMemoryError" else "run"
        by_tests = bool(frames) and frames[-1].file == TESTS
        if (said.exception == "java.lang.AssertionError" and by_tests) or (
            by_tests and is_of_tests(said.message.partition(". ")[0], ended)
        ):
            stage = "assertion"
        lines = [f"\tat {each.function}({each.file}:{each.line})" for each in reversed(frames)]
        head = f"{said.exception}: {said.message}" if said.message else said.exception
        return Report(
            stage=stage,
            exception=said.exception,
            message=said.message,
            frames=frames,
            text="\n".join([head, *lines]),
        )
