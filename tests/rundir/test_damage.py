"""Run directories that were damaged: said once, clearly, and nothing is counted twice."""

import io
import os

import pytest

from evalsite.counts.loaded import load_run
from evalsite.counts.tally import agrees, rebuild_summary
from evalsite.counts.validate import find_faults
from evalsite.errors import RunError, RunFormatError
from evalsite.rundir import regular
from evalsite.rundir.finding import find_runs
from evalsite.rundir.schema import Completion, Verdict
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record

FILES = ("problems.jsonl", "completions.jsonl", "verdicts.jsonl", "run.json")


@pytest.fixture
def run_dir(tmp_path):
    """One problem, two samples, one of them passed."""
    run_dir = RunDir.create(tmp_path, make_record(num_samples=2), [make_problem()])
    with run_dir.append_completions() as completions, run_dir.append_verdicts() as verdicts:
        for sample, verdict in enumerate(("passed", "wrong_answer")):
            completions.append(Completion(problem="Demo/0", sample=sample, text="x", form="completion"))
            verdicts.append(Verdict(problem="Demo/0", sample=sample, verdict=verdict))
    run_dir.write_summary(rebuild_summary(run_dir))
    return run_dir


def read_all(run_dir):
    run_dir.read_run()
    return run_dir.problems(), list(run_dir.completions()), list(run_dir.verdicts())


@pytest.mark.parametrize("name", FILES)
def test_a_folder_where_a_file_should_be_is_named(run_dir, name):
    """Not taken for a file without rows, and no traceback."""
    (run_dir.path / name).unlink()
    (run_dir.path / name).mkdir()
    with pytest.raises(RunError, match=rf"{name}: cannot be read \(Is a directory\)"):
        read_all(run_dir)


@pytest.mark.parametrize("name", FILES)
def test_a_disk_that_fails_is_named(run_dir, name, monkeypatch):
    """And not taken for a file that ends there."""

    class Dying(io.BytesIO):
        def read(self, *_):
            raise OSError(5, "Input/output error")

        readline = read

    original = regular.open_to_read
    monkeypatch.setattr(
        regular, "open_to_read", lambda path: Dying() if path.name == name else original(path)
    )
    with pytest.raises(RunError, match=rf"{name}: cannot be read \(Input/output error\)"):
        read_all(run_dir)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_may_not_be_read_is_named(run_dir, name, monkeypatch):
    """The superuser may read everything, so the refusal comes from here."""

    def refuse(path):
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return original(path)

    original = regular.open_to_read
    monkeypatch.setattr(regular, "open_to_read", refuse)
    with pytest.raises(RunError, match=rf"{name}: cannot be read \(Permission denied\)"):
        read_all(run_dir)


def test_a_command_says_it_with_the_exit_code_of_a_broken_run(run_dir, evalsite):
    """One message, with the file and what to do next."""
    (run_dir.path / "summary.json").unlink()
    (run_dir.path / "verdicts.jsonl").unlink()
    (run_dir.path / "verdicts.jsonl").mkdir()
    for command in ("report", "validate", "grade"):
        done = evalsite(command, run_dir.path)
        said = " ".join((done.stdout + done.stderr).split())
        assert done.returncode == 5, said
        assert "verdicts.jsonl: cannot be read (Is a directory)" in said
        assert "Traceback" not in said


@pytest.mark.parametrize("name", FILES)
def test_brackets_without_end_are_a_damaged_file(run_dir, name):
    """As in a run directory that somebody made to break its readers."""
    (run_dir.path / name).write_bytes(b'{"format": 1, "x": ' + b"[" * 100_000 + b"\n")
    with pytest.raises(RunFormatError, match=name):
        read_all(run_dir)
    assert [fault for fault in find_faults(run_dir) if name in fault]


def test_runs_below_an_unreadable_folder_are_told(run_dir):
    """A path that leads nowhere is as clear a message as a folder that is not there."""
    (run_dir.path.parent / "loop").symlink_to("loop")
    assert [each.path for each in find_runs(run_dir.path.parent)] == [run_dir.path]
    with pytest.raises(RunError, match="no such folder"):
        find_runs(run_dir.path.parent / "loop")


def double(path):
    path.write_bytes(path.read_bytes() * 2)


def test_rows_that_stand_there_twice_count_once(run_dir, monkeypatch):
    """A file glued to a copy of itself gives the same numbers, and a warning; the first row is the one."""
    whole = read_all(run_dir)
    summary = rebuild_summary(run_dir)
    for name in FILES[:3]:
        double(run_dir.path / name)
    told = []
    monkeypatch.setattr("evalsite.rundir.store.log.warning", lambda text, *args: told.append(text % args))
    again = RunDir(run_dir.path)
    assert read_all(again) == whole
    assert agrees(rebuild_summary(again), summary)
    assert sum("verdicts.jsonl: 2 rows repeat the key of an earlier one" in warning for warning in told) == 1


def test_of_two_verdicts_on_a_sample_the_first_counts(run_dir):
    """The one that everybody has seen stays; the score does not depend on which command looks."""
    with run_dir.append_verdicts() as verdicts:
        verdicts.append(Verdict(problem="Demo/0", sample=1, verdict="passed"))
    assert [row.verdict for row in run_dir.verdicts()] == ["passed", "wrong_answer"]
    assert load_run(run_dir).summary.pass_at == rebuild_summary(run_dir).pass_at == {"1": 0.5, "2": 1.0}


def test_validate_lists_every_repeated_key_once(run_dir):
    """However often it stands there."""
    for _ in range(2):
        double(run_dir.path / "completions.jsonl")
    double(run_dir.path / "problems.jsonl")
    faults = find_faults(run_dir)
    assert [fault for fault in faults if "more than once" in fault] == [
        "problems.jsonl: Demo/0 stands there more than once; the first row counts",
        "completions.jsonl: Demo/0 sample 0 stands there more than once; the first row counts",
        "completions.jsonl: Demo/0 sample 1 stands there more than once; the first row counts",
    ]


@pytest.mark.sandbox
def test_grading_anew_leaves_one_verdict_of_each_sample(run_dir, evalsite):
    """The way out of a doubled verdicts.jsonl."""
    double(run_dir.path / "verdicts.jsonl")
    done = evalsite("grade", run_dir.path, "--again", "--no-preflight")
    assert done.returncode == 0, done.stderr
    assert len((run_dir.path / "verdicts.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("name", FILES)
def test_a_row_without_end_is_not_read_into_memory(run_dir, name, monkeypatch):
    """As a file with a hole of gigabytes has it; the same goes for a document."""
    monkeypatch.setattr(regular, "MOST_LINE", 1 << 20)
    os.truncate(run_dir.path / name, 1 << 30)
    with pytest.raises(RunFormatError, match=rf"{name}:\d+: more than 1.0\d* MB"):
        read_all(run_dir)
