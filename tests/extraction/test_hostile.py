"""Answers that are meant to harm whoever reads them, or that a broken model raves: each costs its own sample
alone.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from evalsite.extraction import FOUND_BY, extract
from evalsite.languages import limited
from evalsite.languages.python import code, syntax
from evalsite.languages.python.tame import is_tame
from evalsite.languages.reading import UnreadableError
from evalsite.rundir.schema import Completion
from tests.extraction.answers import PROBLEM, fenced, program
from tests.once import once_for_all

pytestmark = [pytest.mark.linux, pytest.mark.xdist_group("hostile")]  # all bombs are read once


def _nest(levels: int) -> str:
    """``finally`` within ``finally``, whose innermost body is compiled 2 ** levels times."""
    lines = [f"{' ' * n}try:\n{' ' * n} pass\n{' ' * n}finally:\n" for n in range(levels)]
    return "".join(lines) + f"{' ' * levels}x = 1\n" * 50


BOMBS = {
    "comprehensions": f"[0 {'for x in y ' * 50_000}]",
    "a generator's clauses": f"(0 {'for x in y ' * 50_000})",
    "comprehensions in comprehensions": "x = " + "[" * 25 + "1" + " for y in z]" * 25,
    "comprehensions whose ends a text hides": "x = " + "[')' + " * 25 + "'1'" + " for y in z]" * 25,
    "comprehensions within with": "with a as b, c as d:\n " + "[" * 17 + "1" + " for y in z]" * 17,
    "finally in finally": _nest(19),
    "ways out of a try": "while 1:\n try:\n" + "  break\n" * 9_000 + " finally:\n" + "  a()\n" * 9_000,
    "sums of texts": "x = " + "+".join(['("a" * 4000)'] * 900),
    "sums of tuples": "x = " + "+".join(["((0,) * 255)"] * 900),
    "operators": f"x = {'-' * 300_000}1",
    "brackets": "(" * 100_000,
    "a long program": "a = 1; " * 10_000,
}  # fmt: skip


FORMS = ("response", "completion", "solution")
ALSO = {
    "a very long program": fenced(3 * BOMBS["a long program"]),
    "a tuple of a line each": "```\n" + "x,\n" * 300_000,
    "many blocks": "\n".join(fenced(f"x{n} = [{'[],' * 1000}]") for n in range(150)),
}
"""Answers that take long to read, piece by piece."""
READING = """
import json, resource, sys
from pathlib import Path
from tests.extraction.answers import FUNCTION, fenced, passes, program
for line in open(sys.argv[1]):
    text, form = json.loads(line)
    print(json.dumps([program(text, form).rule, passes(program(fenced(FUNCTION)))]))
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0],
resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _answers() -> dict[tuple[str, str], tuple[str, str]]:
    """What it is and how -> the answer and its form."""
    found = {(name, form): (bomb, form) for name, bomb in BOMBS.items() for form in FORMS}
    found |= {(name, "fenced"): (fenced(bomb), "response") for name, bomb in BOMBS.items()}
    return found | {(name, "fenced"): (text, "response") for name, text in ALSO.items()}


@dataclass(frozen=True)
class Read:
    """What came of all answers, in one process of its own."""

    programs: dict[tuple[str, str], tuple[str, bool]]
    """The rule, and whether the next answer is read as ever."""
    ours: int
    theirs: int
    """Its peak of memory, and that of the process that reads what is not tame, in KiB."""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """All of them are read once, by whichever process of the tests comes first."""
    told = once_for_all(tmp_path_factory, "bombs", _read_all) / "told.txt"
    *lines, memory = told.read_text().splitlines()
    programs = {what: tuple(json.loads(line)) for what, line in zip(_answers(), lines, strict=True)}
    return Read(programs, *map(int, memory.split()))


def _read_all(folder: Path) -> None:
    path = folder / "answers.jsonl"
    path.write_text("".join(json.dumps(answer) + "\n" for answer in _answers().values()))
    with (folder / "told.txt").open("w") as told:
        subprocess.run(
            [sys.executable, "-c", READING, path], cwd=Path(__file__).parents[2], stdout=told, check=True
        )


@pytest.mark.long
@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("form", [*FORMS, "fenced"])
def test_a_bomb_costs_its_own_sample_alone(read: Read, name: str, form: str) -> None:
    """A program comes of it whatever it holds, and the next answer is read as ever."""
    assert not is_tame(BOMBS[name])
    rule, next_passes = read.programs[name, form]
    assert rule.removesuffix("+unread") in (*FOUND_BY, "fenced+spaces")
    assert next_passes


@pytest.mark.long
def test_memory_stays_under_400_mib_whatever_the_answers_hold(read: Read) -> None:
    """Ours, and that of the process that reads what is not tame."""
    assert read.programs.keys() >= {(name, "fenced") for name in ALSO}
    assert read.ours < 200 << 10
    assert read.theirs < 400 << 10


@pytest.mark.parametrize("name", BOMBS)
def test_source_that_is_not_tame_is_never_parsed_in_our_own_process(name: str) -> None:
    """Not even by whoever forgets to say that it is an answer's."""
    with pytest.raises(UnreadableError):
        code.parse(BOMBS[name])


def test_an_answer_with_too_much_in_it_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process would give up at the same place."""
    monkeypatch.setattr(syntax, "MOST_READ", 5_000)
    monkeypatch.setattr(limited, "ask", lambda *_: pytest.fail("read again"))
    found = program("\n".join(fenced(f"x{n} = [{'1, ' * 200}]") for n in range(9)))
    assert found.rule.endswith("+unread")
    assert "= [1, 1" in found.source


def test_a_number_too_long_for_python_is_no_end_of_the_run() -> None:
    """As an HTML escape, which Python reads as a number."""
    assert program(f"&#{'1' * 5000};").rule == "no-code"


DEEP = f"def total(numbers):\n    return 3\n\n\nif {'1 + ' * 900}1:\n    pass\n"


def test_code_that_compiles_and_is_too_deep_to_be_walked_through() -> None:
    """Python's compiler goes deeper than its own tools that are written in Python."""
    assert extract(PROBLEM, Completion(problem="a", sample=0, text=fenced(DEEP), form="response")).source
