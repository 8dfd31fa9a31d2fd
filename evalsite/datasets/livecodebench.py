"""LiveCodeBench's record shape (Jain et al. 2024, arXiv 2403.07974): contest problems, inputs and outputs."""

import base64
import binascii
import pickletools
import zlib
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from evalsite.datasets.base import Shape
from evalsite.datasets.unread import is_given
from evalsite.rundir.schema import Problem
from evalsite.words.text import shorten

BEGUN = "\n\nGo on from this code:\n\n"
"""What stands in a prompt between the task and the code that is there."""
MOST_BYTES = 256 << 20
"""Of the tests of one problem, unpacked."""
_TEXT = frozenset({"UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"})
_AROUND = frozenset({"PROTO", "FRAME", "MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT", "STOP"})
"""Instructions of a pickle that is one text: those that hold it, and those that do nothing with it."""


class Test(msgspec.Struct):
    """One input and what is right for it."""

    input: str
    output: str
    testtype: Literal["stdin", "functional"] = "stdin"


class _Metadata(msgspec.Struct):
    func_name: str = ""


class LiveCodeBenchRecord(msgspec.Struct):
    """One line of ``test.jsonl``. The tests are JSON within text, and the private ones are packed as well."""

    question_id: str
    question_content: str
    public_test_cases: str
    private_test_cases: str
    starter_code: str = ""
    metadata: str = "{}"
    contest_date: str = ""
    """Such as ``2024-01-13T00:00:00``: what was published after a model was trained, it cannot know."""

    @property
    def tests(self) -> list[Test]:
        """The public ones, then the private ones. Raises ValueError for what is none."""
        packed = self.private_test_cases.strip()
        private = packed if packed.startswith("[") else unpacked(packed)
        return [*_decoded(self.public_test_cases), *_decoded(private)]

    @property
    def function(self) -> str:
        """The function that is called; empty for a whole program."""
        try:
            return msgspec.json.decode(self.metadata or "{}", type=_Metadata).func_name
        except msgspec.DecodeError:
            return ""


def unpacked(packed: str) -> str:
    """The text in base64 of zlib of a pickle that holds this one text and nothing else.

    Nothing is unpickled: the text is read where it stands. Raises ValueError for anything else.
    """
    try:
        data = base64.b64decode(packed, validate=True)
        unpacker = zlib.decompressobj()
        pickled = unpacker.decompress(data, MOST_BYTES)
    except (binascii.Error, zlib.error) as exc:
        raise ValueError(f"no base64 of zlib ({exc})") from exc
    if not unpacker.eof:
        raise ValueError(f"more than {MOST_BYTES >> 20} MiB, or cut off")
    try:
        found = [(instruction.name, value) for instruction, value, _ in pickletools.genops(pickled)]
    except (ValueError, IndexError, OverflowError) as exc:
        raise ValueError(f"no pickle ({exc})") from exc
    if strange := [name for name, _ in found if name not in _TEXT | _AROUND]:
        raise ValueError(f"a pickle of something else than one text ({strange[0]})")
    texts = [value for name, value in found if name in _TEXT]
    if len(texts) != 1:
        raise ValueError(f"a pickle of {len(texts)} texts, not of one")
    return str(texts[0])


def _decoded(tests: str) -> list[Test]:
    try:
        return msgspec.json.decode(tests or "[]", type=list[Test])
    except (msgspec.DecodeError, UnicodeEncodeError) as exc:
        raise ValueError(f"no list of tests ({exc})") from exc


def to_problem(record: LiveCodeBenchRecord) -> Problem:
    """The task in prose, with the code that is to be gone on with, where there is some."""
    tests = _tests_of(record)
    calls = bool(tests) and tests[0].testtype == "functional"
    starter = record.starter_code.replace("\r\n", "\n").strip("\n")
    begun = f"{BEGUN}```python\n{starter}\n```" if starter.strip() else ""
    return Problem(
        task_id=record.question_id,
        prompt=record.question_content.replace("\r\n", "\n").strip() + begun,
        kind="call" if calls else "stdin",
        entry_point=record.function if calls else "",
        tests=msgspec.json.encode([{"input": each.input, "output": each.output} for each in tests]).decode(),
        reference="",
    )


def _tests_of(record: LiveCodeBenchRecord) -> list[Test]:
    """Those that can be read; :func:`faults` tells of the others."""
    try:
        return record.tests
    except ValueError:
        return []


def faults(record: LiveCodeBenchRecord) -> Iterator[tuple[str, str]]:
    """Tests that are none, of two kinds, or of a function without a name."""
    for field, packed in (("public_test_cases", False), ("private_test_cases", True)):
        text = getattr(record, field).strip()
        try:
            tests = _decoded(unpacked(text) if packed and not text.startswith("[") else text)
        except ValueError as exc:
            yield field, f"is {exc}"
            return
        if wrong := next(filter(None, map(_not_json, tests)), ""):
            yield field, wrong
            return
    kinds = {each.testtype for each in record.tests}
    if not kinds:
        yield "private_test_cases", "holds no test, nor do the public ones"
    elif len(kinds) > 1:
        yield "private_test_cases", "holds tests of functions and of whole programs"
    elif kinds == {"functional"} and not record.function.isidentifier():
        yield "metadata", "does not name the function (`func_name`)"


def _not_json(test: Test) -> str:
    """What is no JSON of a test of a function: each line of its input is an argument."""
    if test.testtype == "functional":
        for text in (*filter(str.strip, test.input.split("\n")), test.output):
            try:
                msgspec.json.decode(text)
            except (msgspec.DecodeError, UnicodeEncodeError):
                return f"holds {shorten(text, 40)!r} in a test of a function, which is no JSON"
    return ""


def _fits(fields: Mapping[str, msgspec.Raw]) -> bool:
    return is_given(fields, "question_content") and "private_test_cases" in fields


SHAPE = Shape(
    _fits,
    LiveCodeBenchRecord,
    to_problem,
    faults,
    tests_field=lambda _record: "private_test_cases",
    date=lambda record: record.contest_date,
)
