"""What is told of a failure: the fields of a report, which go to the grader as text."""

from typing import Any

from evalsite.grading.inside.messages import PROGRAM, SEPARATOR, TESTS

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


_MOST_ITEMS, _MOST_CHARS, _DEPTH = 6, 60, 3
_BRACKETS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}


def in_short(value: Any, depth: int = _DEPTH) -> str:
    """A value in short, in Python's own words; only of a plain one, for others may have words of their own.

    Always the same for the same value, and without cost for a large one.
    """
    cls: type = type(value)
    if cls is bool or value is None or cls is float:
        return repr(value)
    if cls is int:
        return (
            repr(value)
            if value.bit_length() < 4 * _MOST_CHARS
            else f"a number of {value.bit_length():,} bits"
        )
    if cls in (str, bytes):
        return repr(value) if len(value) <= _MOST_CHARS else f"{value[:_MOST_CHARS]!r} and more"
    if depth and cls in _BRACKETS:
        if cls in (set, frozenset) and len(value) > _MOST_ITEMS:
            return f"a {cls.__name__} of {len(value):,}"
        items = [in_short(each, depth - 1) for _, each in zip(range(_MOST_ITEMS), value, strict=False)]
        items = sorted(items) if cls in (set, frozenset) else items
        return _enclosed(items, len(value), _BRACKETS[cls])
    if depth and cls is dict:
        pairs = zip(range(_MOST_ITEMS), value.items(), strict=False)
        items = [f"{in_short(key, depth - 1)}: {in_short(each, depth - 1)}" for _, (key, each) in pairs]
        return _enclosed(items, len(value), "{}")
    return f"<{cls.__name__[:_NAME_CHARS]}>"


def _enclosed(items: list[str], total: int, brackets: str) -> str:
    more = ["..."] if total > len(items) else []
    comma = "," if brackets == "()" and total == 1 else ""
    return f"{brackets[0]}{', '.join([*items, *more])}{comma}{brackets[1]}"


def to_blob(fields: list[Any]) -> bytes:
    """A report as the grader reads it."""
    return SEPARATOR.join(map(str, fields)).encode("utf-8", "backslashreplace")[:_MOST_BYTES]
