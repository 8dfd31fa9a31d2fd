"""What is told of a failure: the fields of a report, which go to the grader as text."""

from typing import Any

from evalsite.grade.inside.messages import PROGRAM, SEPARATOR, TESTS

_MESSAGE_CHARS, _NAME_CHARS = 4000, 200
_MOST_BYTES = 1 << 16


def describe(stage: str, exc: BaseException, frames: list[Any], left_out: int) -> list[str]:
    """Stage, type, errno, message, line of a syntax error, frames left out; then three fields a frame.

    ``frames`` are lists of file, line and function.
    """
    number = exc.errno if isinstance(exc, OSError) and isinstance(exc.errno, int) else ""
    file = TESTS if stage == "tests" else PROGRAM
    line = exc.lineno if isinstance(exc, SyntaxError) and exc.filename == file else ""
    message = exc.msg if isinstance(exc, SyntaxError) else _text(exc)
    head = [
        stage,
        type(exc).__name__[:_NAME_CHARS],
        str(number),
        str(message)[:_MESSAGE_CHARS],
        str(line or ""),
    ]
    fields = [*head, str(left_out)]
    for file, at, function in frames:
        fields += [str(file), str(at), str(function)[:_NAME_CHARS]]
    return [_printable(field) for field in fields]


def _printable(field: str) -> str:
    text = field.encode("utf-8", "backslashreplace").decode()
    return text.replace(SEPARATOR, " ")[:_MESSAGE_CHARS]


def _text(exc: BaseException) -> str:
    try:
        return str(exc)
    except Exception as again:
        return f"<its __str__ raised {type(again).__name__}>"


def to_blob(fields: list[Any]) -> bytes:
    """A report as the grader reads it."""
    return SEPARATOR.join(map(str, fields)).encode("utf-8", "backslashreplace")[:_MOST_BYTES]
