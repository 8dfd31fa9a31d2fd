"""Where two runs' answers part, and how far their programs are the same."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from evalsite.counts.loaded import LoadedRun, load_run
from evalsite.rundir.store import COMPLETIONS
from evalsite.stats.compare import divergence
from evalsite.stats.compare.divergence import Divergence, find_divergence
from tests.make import write_run

PROGRAMS = (
    "def f(x):\n    return x + 1\n",
    "def f(x):\n    return x\n",
    "def f(x):\n    y = x\n    return y\n",
)


def answered(folder: Path, model: str, programs: tuple[str, ...]) -> LoadedRun:
    """A run with these programs, each the whole text of its answer."""
    run_dir = write_run(folder, model, [0] * len(programs), n=1)
    rows = [replace(row, program=text) for row, text in zip(run_dir.verdicts(), programs, strict=True)]
    answers = [replace(row, text=text) for row, text in zip(run_dir.completions(), programs, strict=True)]
    (run_dir.path / COMPLETIONS).unlink()
    run_dir.write_verdicts(rows)
    with run_dir.append_completions() as appender:
        for answer in answers:
            appender.append(answer)
    return load_run(run_dir)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[LoadedRun, LoadedRun]:
    """The first program is the same in both, the second has another name, the third is another one."""
    others = (PROGRAMS[0], "def f(n):\n    return n\n", "def f(x):\n    return 2 * x\n")
    return answered(tmp_path, "base", PROGRAMS), answered(tmp_path, "cand", others)


def test_programs_and_texts_side_by_side(pair: tuple[LoadedRun, LoadedRun]) -> None:
    """Characters that are shared, of those that part; lengths of all."""
    found = find_divergence(*pair)
    lengths = [sum(len(answer) for answer in run.answers.values()) for run in pair]
    assert found == Divergence(3, 1, 3, 2, (6, 14), lengths[1] / lengths[0])
    assert list(found.sentences()) == [
        "1 of 3 programs (33.3 %) are the same in both runs; up to formatting and names 2 (66.7 %).",
        "Texts that are not the same part at character 10 (median).",
        f"The candidate's answers are {lengths[1] / lengths[0]:.2f} times as long, in characters.",
    ]


def test_of_many_a_choice_is_read(pair: tuple[LoadedRun, LoadedRun], monkeypatch: pytest.MonkeyPatch) -> None:
    """Spread evenly, and told."""
    monkeypatch.setattr(divergence, "MOST_READ", 2)
    found = find_divergence(*pair)
    assert (found.common, found.same_programs, found.read, found.alike, found.places) == (3, 1, 2, 1, (14,))
    assert "up to formatting and names 1 of 2 that were read (50.0 %)" in next(found.sentences())


def test_nothing_in_common_is_nothing_to_say(pair: tuple[LoadedRun, LoadedRun], tmp_path: Path) -> None:
    """Nor is it an error."""
    other = load_run(write_run(tmp_path / "other", "m", [1], n=1, prefix="MBPP"))
    found = find_divergence(pair[0], other)
    assert found == Divergence(0, 0, 0, 0, (), None)
    assert list(found.sentences()) == []


def test_an_answer_that_was_cut_off_is_alike_to_none(tmp_path: Path) -> None:
    """Programs that do not compile are held together by their words; no program is no other's like."""
    runs = [answered(tmp_path / name, name, ("def f(:\n  1", "")) for name in ("a", "b")]
    assert find_divergence(*runs).same_programs == 2
    spaced = answered(tmp_path / "c", "c", ("def f(:  1", " x"))
    assert find_divergence(runs[0], spaced).alike == 1
