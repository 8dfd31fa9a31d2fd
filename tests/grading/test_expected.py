"""What reference solutions return is kept on this machine, and believed only as it was kept."""

import json
from pathlib import Path

import pytest

from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.base import Conditions
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.expected import SWITCH, Expected
from evalsite.grading.references import References
from evalsite.kinds import kind_of
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Program
from tests.grading.helpers import QUICK
from tests.grading.inside.test_python_plus import EVEN, problem_of

HERE = Conditions(python="3.12.1", sandbox=Sandbox.BUBBLEWRAP)
PROBLEM = problem_of(EVEN)
TESTS = kind_of(PROBLEM).judging(PROBLEM).tests
RIGHT = EVEN["prompt"] + EVEN["canonical_solution"]
NONE = "def even(numbers):\n    return []\n"
TOLD = {"base": [["[[2]]", False], ["[[]]", False]], "plus": [["[[4,4]]", False], ["[[-2]]", False]]}
"""As the process of the tests writes it."""

pytestmark = pytest.mark.linux


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own; the folder of what is expected."""
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "evalsite" / "expected"


def here() -> Expected:
    """What this machine's sandbox keeps."""
    with LocalExecutor(QUICK, workers=1) as executor:
        return Expected(executor.conditions)


def verdicts(*sources: str) -> list[str]:
    """What a grader that begins anew says of programs, one after the other."""
    with Grader(LocalExecutor(QUICK, workers=1), dedupe=False) as grader:
        jobs = [Job(Program(problem="x", sample=0, source=each, rule="t"), PROBLEM) for each in sources]
        return [grader.submit(job).result().verdict.value for job in jobs]


def test_what_was_kept_is_found_again(cache: Path) -> None:
    """By the same Python with the same packages, for the same tests."""
    Expected(HERE).keep("tests", b"told")
    assert Expected(HERE).find("tests") == b"told"
    (file,) = cache.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    others = [Conditions(python="3.12.2"), Conditions(python="3.12.1", packages=(("numpy", "2.0"),))]
    assert [Expected(other).find("tests") for other in others] == [b"", b""]
    assert Expected(HERE).find("other tests") == b""


@pytest.mark.parametrize("place", [0, 19, 20, -1])
def test_a_changed_file_counts_for_nothing(cache: Path, place: int) -> None:
    """Whichever byte it is; and what is kept next takes its place."""
    Expected(HERE).keep("tests", b"told" * 100)
    (file,) = cache.iterdir()
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    assert Expected(HERE).find("tests") == b""
    file.write_bytes(data[:25])
    assert Expected(HERE).find("tests") == b""
    Expected(HERE).keep("tests", b"told")
    assert Expected(HERE).find("tests") == b"told"


def test_a_file_of_other_tests_counts_for_nothing(cache: Path) -> None:
    """Where it was put under the name of these."""
    Expected(HERE).keep("tests", b"told")
    (file,) = cache.iterdir()
    Expected(HERE).keep("others", b"other")
    (other,) = set(cache.iterdir()) - {file}
    other.replace(file)
    assert Expected(HERE).find("tests") == b""


def test_what_others_may_write_counts_for_nothing(cache: Path) -> None:
    """Whatever it holds."""
    Expected(HERE).keep("tests", b"told")
    (file,) = cache.iterdir()
    file.chmod(0o620)
    assert Expected(HERE).find("tests") == b""


def test_nothing_is_kept_where_nobody_wants_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variable, nor where a program could write it itself."""
    Expected(HERE).keep("tests", b"told")
    files = set(cache.iterdir())
    hardly = Expected(Conditions(python="3.12.1", sandbox=Sandbox.PROCESS))
    monkeypatch.setenv(SWITCH, "off")
    for unwanted in (Expected(HERE), hardly):
        unwanted.keep("more", b"told")
        assert (unwanted.find("tests"), unwanted.find("more")) == (b"", b"")
    assert set(cache.iterdir()) == files != set()


@pytest.mark.parametrize("obstacle", ["a file", "a home that is none"])
def test_without_a_place_nothing_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch, obstacle: str) -> None:
    """And nobody is bothered with that."""
    if obstacle == "a file":
        cache.parent.parent.mkdir(exist_ok=True)
        cache.parent.write_text("")
    else:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.delenv("HOME", raising=False)
        monkeypatch.setattr("os.path.expanduser", lambda path: path)  # nobody knows of one
    expected = Expected(HERE)
    expected.keep("tests", b"told")
    assert expected.find("tests") == b""


@pytest.mark.sandbox
def test_the_next_run_knows_what_is_right(cache: Path) -> None:
    """As the process of the tests told it, whoever passes first; also where another one came before."""
    assert verdicts("def even(:\n", RIGHT, NONE) == ["syntax_error", "passed", "wrong_answer"]
    (file,) = cache.iterdir()
    kept, expected = file.read_bytes(), here()
    assert json.loads(expected.find(TESTS)) == TOLD
    assert verdicts("def even(:\n", RIGHT, NONE) == ["syntax_error", "passed", "wrong_answer"]
    assert file.read_bytes() == kept
    # That it is used shows where it is wrong: whoever answers so passes. Nobody fails for it.
    wrong = {part: [["[[]]", False]] * 2 for part in TOLD}
    expected.keep(TESTS, json.dumps(wrong).encode())
    assert verdicts(NONE, RIGHT) == ["passed", "passed"]
    file.write_bytes(file.read_bytes()[:-1])
    assert verdicts(NONE, RIGHT) == ["wrong_answer", "passed"]
    assert json.loads(expected.find(TESTS)) == TOLD


@pytest.mark.sandbox
def test_no_program_tells_what_is_right(cache: Path) -> None:
    """Not by what it does to our modules in its own process, where its tests run in some cases, too."""
    wrong = json.dumps({part: [["[[]]", False]] * 2 for part in TOLD}).encode()
    lie = f"from evalsite.grading.inside import python_plus\npython_plus.begin({wrong!r})\n{NONE}"
    with LocalExecutor(QUICK, workers=1) as executor:
        alone = References(executor).task(lie, PROBLEM, in_process=True)
        assert executor.submit(alone).result().cause == ""
        assert not cache.exists()
    assert verdicts(lie, NONE) == ["wrong_answer", "wrong_answer"]
    assert json.loads(here().find(TESTS)) == TOLD
