"""EvalPlus' way to test (Liu et al. 2023, arXiv 2305.01210): inputs, and a reference solution that says what
is right for each.

A program is called with many inputs in one question, and each thing that it returns is written down before
the next call. What is right is found when it is first asked for, and kept for the samples that follow: as
text, which is mostly all that has to be compared.
"""

import json
import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from evalsite.grading.inside import python_mirrors as mirrors
from evalsite.grading.inside.python_checks import reached
from evalsite.grading.inside.python_library import kinds
from evalsite.grading.inside.python_reports import call_in_short, in_short, wrong
from evalsite.grading.inside.python_values import Codec, UnreadableError, UnspeakableError, from_bytes

_RTOL, _ATOL = 1e-07, 1e-6
"""Of what is compared as numbers, and of floating-point numbers where a problem says nothing."""
_BATCH_CHARS, _BATCH = 1 << 18, 1000
"""Inputs of one question."""
_LONG = 1 << 12
"""Characters of a text of which a hash is kept in place of it."""
_MOST_KEPT = 256
"""Problems whose right answers are kept."""
_kept: dict[tuple[str, str], "Problem"] = {}
_told: list[bytes] = []
_judged: list["Problem"] = []


class Problem:
    """The inputs of one problem, by part, and what is right for each."""

    def __init__(self, entry_point: str, tests: str) -> None:
        told, names = json.loads(tests), dict[str, Any]()
        exec(told["reference"], names)  # noqa: S102 - the data set's
        self._function: Callable[..., Any] = names[entry_point]
        self.inputs: dict[str, list[Any]] = told["inputs"]
        self.atol: float = told["atol"]
        self._right: dict[tuple[str, int], tuple[str, bool]] = {}
        self._was_told = bool(_told)
        for part, right in json.loads(_told.pop()).items() if _told else ():
            self._right |= {(part, number): tuple(each) for number, each in enumerate(right)}
        self.questions = {part: Questions(inputs) for part, inputs in self.inputs.items()}
        self._codec = Codec(kinds())

    def right(self, part: str, number: int) -> Any:
        """What the reference solution returns."""
        return self._function(*deepcopy(self.inputs[part][number]))

    def news(self) -> bytes:
        """What is right for all inputs, as :func:`begin` takes it, once that is known; told once."""
        count = sum(map(len, self.inputs.values()))
        if self._was_told or len(self._right) < count:
            return b""
        self._was_told = True
        right = {
            part: [self._right[part, number] for number in range(len(inputs))]
            for part, inputs in self.inputs.items()
        }
        return json.dumps(right).encode()

    def as_text(self, part: str, number: int) -> tuple[str, bool]:
        """The same as text, or a hash of it, and whether it is made of floating-point numbers."""
        key = part, number
        if key not in self._right:
            value = self.right(*key)
            try:
                text = self._codec.as_text(value)
            except UnspeakableError:
                text = "NaN"
            self._right[key] = shortened(text), _is_floats(value)
        return self._right[key]


def begin(told: bytes) -> None:
    """Begin with a program; ``told`` is what is right for a problem that was not met before, or nothing."""
    _told[:] = [told] if told else []
    _judged.clear()


def learned() -> bytes:
    """What the tests of this program found out to be right, for whoever keeps it; or nothing."""
    return _judged[0].news() if _judged else b""


def judge(candidate: Any, entry_point: str, tests: str) -> None:
    """Call a program with all inputs, part after part; raise the first failure, once all parts were tried.

    ``tests``: JSON of an object with ``reference`` (source), ``inputs`` (a part's name -> arguments of each
    call) and ``atol`` (within which two numbers are alike).
    """
    key = entry_point, tests
    if key not in _kept:
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = Problem(*key)
    problem = _kept[key]
    _judged[:] = [problem]
    compare = _SPECIAL.get(entry_point, _compare)
    failures = []
    for part in problem.inputs:
        try:
            _judge(candidate, (entry_point, part), problem, compare)
        except UnreadableError:
            raise
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit) as exc:
            failures.append(exc)
        else:
            reached(part)
    if failures:
        raise failures[0]


def _judge(candidate: Any, named: tuple[str, str], problem: Problem, compare: Callable[..., bool]) -> None:
    (entry_point, part), atol = named, problem.atol
    for number, text, value in returned(candidate, problem.questions[part]):
        right, is_floats = problem.as_text(part, number)
        atol = _ATOL if atol == 0 and is_floats else atol  # for all that follow, too, as EvalPlus has it
        if compare is _compare and shortened(text) == right and "NaN" not in text:
            continue
        given = problem.inputs[part][number]
        found = read(text) if text else value
        expected = problem.right(part, number)
        if not compare(found, expected, atol, deepcopy(given)):
            call = f"{entry_point}{call_in_short(given)}"
            told = f"{call} returned {in_short(found)}, not {in_short(expected)}"
            raise wrong(f"{told} ({part} input {number})", call, expected, found)


class Questions:
    """Inputs as a program is asked with them, kept for the next one where one question follows the other:
    where else a program's answers end is its own business, and there are as many such places as inputs.
    """

    def __init__(self, inputs: list[Any]) -> None:
        self.inputs = inputs
        self._kept: dict[int, str] = {}
        self._next = 0

    def beginning(self, number: int) -> str:
        """As many inputs as go into a question, from one on, as JSON."""
        if number in self._kept:
            return self._kept[number]
        texts = _batch(self.inputs[number : number + _BATCH])
        question = f"[{','.join(texts)}]"
        if number == self._next:
            self._kept[number] = question
            self._next += len(texts)
        return question


def returned(candidate: Any, questions: Questions) -> Iterator[tuple[int, str, Any]]:
    """What each call returns: its number, and a text, or a value where there is no text for it."""
    side, inputs = mirrors.speaking(), questions.inputs
    if side is None or not side.is_theirs(candidate):  # it shares this process
        for number, args in enumerate(inputs):
            yield number, "", candidate(*deepcopy(args))
        return
    number = 0
    while number < len(inputs):
        texts, stopped = side.ask("call_each", candidate, questions.beginning(number))
        for text in texts.split("\n") if texts else ():
            yield number, str(text), None
            number += 1
        if stopped:
            yield number, "", side.ask("stopped")
            number += 1
        elif not texts:
            raise UnreadableError("no answer to any call")


def _batch(inputs: list[Any]) -> list[str]:
    texts, size = [], 0
    for args in inputs:
        texts.append(json.dumps(args))
        size += len(texts[-1])
        if size > _BATCH_CHARS:
            break
    return texts


def shortened(text: str) -> str:
    """A text, or what stands for it where it is long."""
    if len(text) <= _LONG:
        return text
    from hashlib import blake2b  # a library as large as all else together, and rarely needed

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def read(text: str) -> Any:
    """The value that a program wrote. Raises UnreadableError."""
    (value,), _ = Codec(kinds()).unpack(from_bytes(text.encode("utf-8", "surrogatepass")))
    return value


def _compare(found: Any, expected: Any, atol: float, _given: list[Any]) -> bool:
    """Whether two values are equal, or else numbers, or sequences of such, that lie close together."""
    if found == expected:
        return True
    if atol == 0 or type(found) is not type(expected):
        return False
    return _is_close(found, expected, atol)


def _is_close(found: Any, expected: Any, atol: float) -> bool:
    if isinstance(expected, list | tuple):
        return (
            isinstance(found, list | tuple)
            and len(found) == len(expected)
            and all(_is_close(one, other, atol) for one, other in zip(found, expected, strict=True))
        )
    if not (isinstance(found, int | float | complex) and isinstance(expected, int | float | complex)):
        return False
    if found == expected:
        return True
    return bool(abs(found - expected) <= atol + _RTOL * abs(expected) < math.inf)


def _is_root(found: Any, _expected: Any, atol: float, given: list[Any]) -> bool:
    """Whether a polynomial, whose coefficients are given, is nearly zero there."""
    found = float(found)  # once: an object may be another number whenever it is asked
    value = sum(coefficient * math.pow(found, power) for power, coefficient in enumerate(given[0]))
    return bool(abs(value) <= atol)


_SPECIAL: dict[str, Callable[[Any, Any, float, list[Any]], bool]] = {"find_zero": _is_root}
"""Functions that may return more than one right value."""


def _is_floats(value: Any) -> bool:
    if isinstance(value, list | tuple) and value:
        return all(isinstance(each, float) for each in value)
    return isinstance(value, float)
