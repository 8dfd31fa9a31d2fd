"""Run directories that hold anything at all: each command says something clear, and writes nowhere else.

``EVALSITE_FUZZ_CASES=2000`` asks for another number of cases than the few that ``make test`` has the time
for.
"""

import contextlib
import json
import os
import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evalsite.counts.tally import rebuild_summary, seal
from evalsite.errors import RunError
from evalsite.rundir.again import SecondAnswer
from evalsite.rundir.looks import Look
from evalsite.rundir.schema import Completion, Incident, Verdict
from evalsite.rundir.steps import StepAnswer
from evalsite.rundir.store import FILES, INCIDENTS, LOOKS, ROW_FILES, STEPS, TURNS, RunDir
from tests.make import make_problem, make_record, write_answers

CASES = int(os.environ.get("EVALSITE_FUZZ_CASES", "200"))
COMMANDS = (
    ("report", "{run}"),
    ("validate", "{run}"),
    ("compare", "{other}", "{run}"),
    ("check", "--runs", "runs", "--allow", "inconclusive,pending"),
    ("failures", "{run}"),
    ("export", "{run}", "--format", "csv", "--output", "out"),
    ("export", "{run}", "--format", "human-eval", "--output", "out"),
    ("export", "{run}", "--format", "evalplus", "--output", "out"),
    ("export", "{run}", "--format", "lm-eval", "--output", "out"),
    ("export", "{run}", "--format", "every-eval-ever", "--output", "out"),
    ("build", "--runs", "runs", "--output", "site"),
)

ODD_TEXT = st.sampled_from(
    [
        "",
        "\x00",
        "\u202e",
        "../" * 9,
        "/etc/passwd",
        "a" * 5000,
        "\ud7ff\ufffe",
        "<script>",
        "NaN",
        "2026",
        "passed",
    ]
)
ODD_NUMBERS = st.sampled_from(
    [
        0,
        -1,
        1,
        2**31,
        2**53,
        2**63,
        2**64,
        10**30,
        0.5,
        -0.0,
        1e308,
        -1e308,
        1e-320,
        999_999,
        10**6,
        10**9,
        10**12,
    ]
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | ODD_NUMBERS
    | ODD_TEXT
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


FURTHER = {
    TURNS: SecondAnswer(problem="Demo/0", sample=0, said="Once more.", text="x = 2\n"),
    STEPS: StepAnswer(
        problem="Demo/0",
        sample=0,
        turn=1,
        answer=Completion(problem="Demo/0", sample=0, text="Done.", form="response"),
    ),
    LOOKS: Look(at="2026-01-01T00:00:00Z", num_problems=1, num_samples=2, outcome="inconclusive"),
}
"""Files that only some runs have -> a row of theirs."""


def _make(folder: Path, number: int) -> RunDir:
    problems = [make_problem(f"Demo/{n}") for n in range(2)]
    run = make_record(f"2026-01-0{number}T00-00-00Z--model--demo", num_problems=2, num_samples=2)
    run_dir = RunDir.create(folder / "runs", run, problems)
    kinds = ("passed", "wrong_answer", "runtime_error", "timeout")
    rows = [
        Verdict(
            problem=f"Demo/{n // 2}", sample=n % 2, verdict=kinds[n], program="x = 1\n", cpu_s=0.1, wall_s=0.2
        )
        for n in range(4)
    ]
    write_answers(run_dir, rows)
    run_dir.write_verdicts(rows)
    run_dir.write_summary(rebuild_summary(run_dir))
    told = Incident(at="2026-01-01T00:00:00Z", kind="missing", message="lost", problem="Demo/0", sample=0)
    (run_dir.path / INCIDENTS).write_bytes(msgspec.json.encode(told) + b"\n")
    (run_dir.path / "NOTES.md").write_text("Mine.\n")
    for name, row in FURTHER.items():
        (run_dir.path / name).write_bytes(msgspec.json.encode(row) + b"\n")
    return run_dir


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Two sound runs, to be copied."""
    folder = tmp_path_factory.mktemp("sound")
    return _make(folder, 1), _make(folder, 2)


def _paths(value, here=()):
    """Every place in a JSON value, the whole included."""
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _paths(inner, (*here, key))


def _change(data, value, draw):
    """Put something else in one place of a JSON value, take it away, or add to it."""
    *around, last = draw(st.sampled_from([path for path in _paths(value) if path]))
    inside = value
    for key in around:
        inside = inside[key]
    if draw(st.integers(0, 5)):
        inside[last] = data
    else:
        del inside[last]


@st.composite
def damages(draw):
    """A file of a run directory, and what is done to it: bytes in, bytes out."""
    name = draw(st.sampled_from(FILES))
    kind = draw(
        st.sampled_from(["value", "value", "value", "bytes", "cut", "repeat", "lines", "nothing", "bom"])
    )
    junk, number, data = draw(st.binary(max_size=40)), draw(st.integers(0, 10**6)), draw(ANYTHING)

    def damage(old: bytes) -> bytes:
        at = number % (len(old) + 1)
        if kind == "value" and name != "NOTES.md":
            lines = old.splitlines() if name.endswith("l") else [old]
            which = number % len(lines)
            value = json.loads(lines[which])
            _change(data, value, draw)
            lines[which] = json.dumps(value).encode()
            return b"\n".join(lines) + b"\n"
        return {
            "cut": old[:at],
            "repeat": old * 2,
            "lines": b"".join(sorted(old.splitlines(keepends=True))),
            "nothing": b"",
            "bom": b"\xef\xbb\xbf" + old,
        }.get(kind, old[:at] + junk + old[at + len(junk) :])

    return name, damage


def _everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _settled(cases):
    return settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


DAMAGED = st.lists(damages(), min_size=1, max_size=3, unique_by=lambda item: item[0])


def _lay_out(sound, folder, damaged):
    """Both runs, the second of which is damaged; returns their folders."""
    for name in ("runs", "site", "out"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for run_dir in sound:
        shutil.copytree(run_dir.path, folder / "runs" / run_dir.path.name)
    other, run = (folder / "runs" / run_dir.path.name for run_dir in sound)
    for name, damage in damaged:
        (run / name).write_bytes(damage((run / name).read_bytes()))
    return other, run


@pytest.mark.long
@_settled(CASES)
@given(
    damaged=DAMAGED,
    summary=st.sampled_from(["as it is", "missing", "forged"]),
    command=st.sampled_from(COMMANDS),
)
def test_no_run_directory_is_a_bug_of_ours(sound, evalsite, tmp_path, damaged, summary, command):
    """Whatever is damaged: no exit code 70, the runs as they were, and nothing written beside the output."""
    other, run = _lay_out(sound, tmp_path, damaged)
    if summary == "missing":
        (run / "summary.json").unlink()
    if summary == "forged":
        with contextlib.suppress(RunError):
            _forge(RunDir(run))
    before = _everything(tmp_path)
    done = evalsite(*(part.format(run=run, other=other) for part in command))
    said = done.stdout + done.stderr
    assert done.returncode in {0, 1, 2, 5, 9}, said
    assert "Traceback" not in said
    if done.returncode in {2, 5}:
        assert "error[" in said or "Error" in said
    after = _everything(tmp_path)
    assert {path: after.get(path) for path in before} == before
    added = {path.relative_to(tmp_path).parts[0] for path in after.keys() - before.keys()}
    assert added <= {"site", "out"}


KEPT = ("completions.jsonl", "problems.jsonl", "NOTES.md")
"""Files of a run that no grading changes."""
NOBODY = "http://127.0.0.1:9/v1"
WRITING = (
    (("grade", "{run}"), KEPT),
    (("grade", "{run}", "--again"), KEPT),
    (("resume", "{run}", "--no-preflight", "--model-endpoint", NOBODY), KEPT[2:]),
    (("resume", "{run}", "--no-grade", "--num-samples", "3", "--model-endpoint", NOBODY), KEPT[2:]),
)


@pytest.mark.long
@pytest.mark.sandbox
@_settled(CASES // 5)
@given(damaged=DAMAGED, command=st.sampled_from(WRITING))
def test_no_run_directory_is_a_bug_of_those_who_write_it(sound, evalsite, tmp_path, damaged, command):
    """They change their run alone, and of it nothing that was not theirs; what was answered stays."""
    _, run = _lay_out(sound, tmp_path, damaged)
    before = _everything(tmp_path)
    answers = _answers(run)
    words, kept = command
    done = evalsite(*(part.format(run=run) for part in words))
    said = done.stdout + done.stderr
    assert done.returncode in {0, 2, 3, 4, 5, 8}, said
    assert "Traceback" not in said
    if done.returncode in {2, 3, 4, 5}:
        assert "error[" in said or "Error" in said
    after = _everything(tmp_path)
    own = {path for path in before if path.parent == run and path.name not in kept}
    assert {path: after.get(path) for path in before if path not in own} == {
        path: data for path, data in before.items() if path not in own
    }
    assert {path.parent for path in after.keys() - before.keys()} <= {run}
    assert answers <= _answers(run)


def _answers(run: Path) -> set[bytes]:
    """The rows of answers that can be read, wherever they stand."""
    return {line for line in (run / "completions.jsonl").read_bytes().split(b"\n") if _is_row(line)}


def _is_row(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=Completion)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True


def _forge(run_dir: RunDir) -> None:
    """Make the damaged summary one that is believed."""
    summary, run = run_dir.read_summary(), run_dir.read_run()
    run_dir.write_summary(replace(summary, made_from=seal(run, run_dir.digest(ROW_FILES), summary)))
