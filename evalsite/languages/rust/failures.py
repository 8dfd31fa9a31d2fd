"""What rustc, and programs that it has made, tell of a failure."""

import re

from evalsite.languages.failures import PROGRAM, TESTS, Ended, Frame, OfTools, Report, is_of_tests
from evalsite.languages.rust.toolchain import lines_before

_PLACE = re.compile(r"<anon>:(\d{1,9})")
_PANIC = re.compile(
    r"panicked at (?:'(?P<old>.*?)', (?P<at>(?:<program>|<tests>|/\S+?):\d{1,9})"
    r"|(?P<new_at>\S+?:\d{1,9}):\d+:\n(?P<new>.*))",
    re.DOTALL,
)
_ASSERTION = re.compile(r"assertion (?:`?(?:failed|left))")
_NO_MEMORY = re.compile(r"memory allocation of \d+ bytes failed|capacity overflow")


class RustFailures(OfTools):
    """Lines are those of one crate, in which the tests stand behind the program."""

    error = re.compile(
        rf"^(?P<file>{PROGRAM}|{TESTS}):(?P<line>\d{{1,9}}):\d+: error(?:\[E\d+\])?: (?P<message>.*)$",
        re.MULTILINE,
    )
    no_module = re.compile(
        r"error\[E04(?:32|33|63)\]: (?:unresolved import|failed to resolve: [^`\n]*|can't find crate for) "
        r"`(\w{1,100})"
    )
    trace_line = re.compile(rf"{PROGRAM}:(\d{{1,9}})\b")

    def report_of(self, ended: Ended) -> Report | None:
        """With the lines of each."""
        before = lines_before(ended.program)

        def placed(found: re.Match[str]) -> str:
            line = int(found[1])
            return f"{TESTS}:{line - before}" if line > before else f"{PROGRAM}:{line}"

        output = _PLACE.sub(placed, ended.output)
        return super().report_of(
            Ended(ended.compiling, ended.status, ended.said, output, ended.program, ended.tests)
        )

    def of_program(self, ended: Ended) -> Report | None:
        """A panic."""
        if _NO_MEMORY.search(ended.output):
            return Report(
                stage="memory", exception="", message="memory allocation failed", explains_signal=True
            )
        found = _PANIC.search(ended.output)
        if found is None:
            return None
        file, _, line = (found["at"] or found["new_at"]).rpartition(":")
        message = (found["old"] or found["new"] or "").strip()
        frames = (Frame(file=file, line=int(line), function=""),) if file in (PROGRAM, TESTS) else ()
        by_tests = file == TESTS and (_ASSERTION.search(message) or is_of_tests(message, ended))
        return Report(
            stage="assertion" if by_tests else "run",
            exception="AssertionError" if by_tests else "panic",
            message=message,
            frames=frames,
            text=ended.output,
            explains_signal=True,
        )
