"""What is told of a failure: the fields of a report, which go to the grader as text."""

from collections.abc import Sequence
from typing import Any

from evalsite.grading.inside.messages import PROGRAM, SEPARATOR, TESTS

_MESSAGE_CHARS, _NAME_CHARS = 4000, 200
_MOST_BYTES = 1 << 16


_NOTHING_CALLED = ("", "", "", "")
_FAILING = "_evalsite_failing"
"""Where an assertion that our own judges raise keeps what it is about."""


def describe(
    stage: str,
    exc: BaseException,
    frames: list[Any],
    left_out: int,
    failing: tuple[str, ...] = _NOTHING_CALLED,
) -> list[str]:
    """Stage, type, errno, message, line of a syntax error, frames left out; then the call that a test failed
    by, what was expected of it, what it gave, and names; then three fields a frame.

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
    fields = [*head, str(left_out), *failing]
    for file, at, function in frames:
        fields += [str(file), str(at), str(function)[:_NAME_CHARS]]
    return [_printable(field) for field in fields]


def wrong(told: str, call: str, expected: Any, found: Any) -> AssertionError:
    """A failed assertion of our own judges, which knows what was expected of a call, and what it gave."""
    error = AssertionError(told)
    vars(error)[_FAILING] = call, in_short(expected, most=_LONGER), in_short(found, most=_LONGER), ""
    return error


def call_in_short(args: Sequence[Any], options: dict[str, Any] | None = None) -> str:
    """What a function was called with, in brackets."""
    named = [f"{name}={in_short(value)}" for name, value in (options or {}).items()]
    return f"({', '.join([*map(in_short, args), *named])})"


def failing_of(exc: BaseException, call: str, gave: Any, returned: bool) -> tuple[str, ...]:
    """What :func:`wrong` said; else the last call with what it gave, and the names of the innermost test.

    Only for what was raised in the process of the tests.
    """
    told = vars(exc).get(_FAILING) if type(exc) is AssertionError else None
    return told or (call, "", in_short(gave, most=_LONGER) if returned else "", _names_of(exc))


_MOST_NAMES, _MOST_NAMED = 12, 300


def _names_of(exc: BaseException) -> str:
    """The names of the innermost frame of the tests, with their values in short: a line each."""
    found: dict[str, Any] = {}
    traceback = exc.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        found = frame.f_locals if frame.f_code.co_filename == TESTS else found
        traceback = traceback.tb_next
    last = [name for name in list(found) if not name.startswith("_")][-_MOST_NAMES:]
    shown = ((name, in_short(found[name])) for name in last)
    return "\n".join(f"{name}={text}" for name, text in shown if len(text) <= _MOST_NAMED)


def _printable(field: str) -> str:
    text = field.encode("utf-8", "backslashreplace").decode()
    return text.replace(SEPARATOR, " ")[:_MESSAGE_CHARS]


def _text(exc: BaseException) -> str:
    try:
        return str(exc)
    except Exception as again:
        return f"<its __str__ raised {type(again).__name__}>"


_MOST_ITEMS, _LONGER, _MOST_CHARS, _DEPTH = 6, 24, 60, 3
_BRACKETS: dict[type, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}"}


def in_short(value: Any, depth: int = _DEPTH, most: int = _MOST_ITEMS) -> str:
    """A value in short, in Python's own words; only of a plain one, for others may have words of their own.

    ``most``: items of a list and its kin. Always the same for the same value, and cheap for a large one.
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
        if cls in (set, frozenset) and len(value) > most:
            return f"a {cls.__name__} of {len(value):,}"
        items = [in_short(each, depth - 1) for _, each in zip(range(most), value, strict=False)]
        items = sorted(items) if cls in (set, frozenset) else items
        return _enclosed(items, len(value), _BRACKETS[cls])
    if depth and cls is dict:
        pairs = zip(range(most), value.items(), strict=False)
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
