"""What judged a run's answers, and whether that is so still: tests and gradings, changed or removed."""

import hashlib
import json

import pytest
from msgspec.structs import replace

from evalsite import api
from evalsite.counts.validate import find_faults
from evalsite.errors import IdentityError
from evalsite.rundir.answers import find_retested, hash_tests
from evalsite.rundir.identity import changes_since, graded, hash_grading
from evalsite.rundir.store import RunDir
from tests.make import GRADING, make_problem, make_record, write_run


def record(number):
    return {
        "task_id": f"Demo/{number}",
        "prompt": f'def f{number}(x):\n    """Return twice x."""\n',
        "entry_point": f"f{number}",
        "canonical_solution": "    return 2 * x\n",
        "test": "def check(candidate):\n    assert candidate(3) == 6\n",
    }


@pytest.fixture
def run_dir(evalsite, tmp_path):
    """A run of two problems, graded here."""
    rows = {
        "demo.jsonl": [record(0), record(1)],
        "samples.jsonl": [{"task_id": f"Demo/{n}", "completion": "    return 2 * x\n"} for n in range(2)],
    }
    for name, each in rows.items():
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in each))
    done = evalsite(
        "import", "samples.jsonl", "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m"
    )
    assert done.returncode == 0, done.stderr
    return RunDir(tmp_path / done.stdout.strip())


def edit_problem(run_dir, number, field, change):
    path = run_dir.path / "problems.jsonl"
    rows = list(map(json.loads, path.read_text().splitlines()))
    rows[number][field] = change(rows[number][field])
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def edit_run(run_dir, change):
    path = run_dir.path / "run.json"
    run = json.loads(path.read_text())
    change(run)
    path.write_text(json.dumps(run))


def refused(evalsite, run_dir, told):
    """By whatever judges a run or goes on with it; and validate lists it."""
    for command in (
        ("check",),
        ("compare", run_dir.path, run_dir.path, "--force"),
        ("report", run_dir.path),
        ("grade", run_dir.path),
        ("grade", run_dir.path, "--again"),
    ):
        before = run_dir.digest()
        done = evalsite(*command)
        assert done.returncode == IdentityError.exit_code, command
        assert told in " ".join(done.stderr.split()), command
        assert run_dir.digest() == before
    done = evalsite("validate", run_dir.path)
    assert done.returncode == 5
    return done.stdout


def test_the_hash_is_the_one_that_is_documented():
    """Language, entry point and tests, joined by line feeds, in UTF-8."""
    problem = make_problem(tests="assert f() == 'π'\n", entry_point="f")
    assert hash_tests(problem) == hashlib.sha256("python\nf\nassert f() == 'π'\n".encode()).hexdigest()


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("tests", lambda tests: tests.replace("== 6", "== 6 or True")),
        ("entry_point", lambda _: "g"),
        ("tests", lambda _: ""),
    ],
)
def test_tests_that_were_changed_after_they_had_been_graded_by_are_named(evalsite, run_dir, field, change):
    """An answer's verdict stands for the tests that it was judged by, and for no others."""
    assert find_faults(run_dir) == []
    edit_problem(run_dir, 1, field, change)
    told = refused(evalsite, run_dir, "tests were changed after they had been graded by: Demo/1")
    assert "problems.jsonl: the tests of Demo/1 were changed" in told
    assert "Demo/0" not in told
    build = evalsite("build", "--output", "site")
    assert build.returncode == 0
    (page,) = (run_dir.path.parents[1] / "site" / "runs").glob("*/index.html")
    assert "changed after the run began: tests of Demo/1" in page.read_text()


@pytest.mark.sandbox
def test_grading_that_was_removed_or_changed_is_named(evalsite, run_dir):
    """How a run was graded decides what may stand beside it, and which problems count."""
    whole = run_dir.read_run()
    edit_run(run_dir, lambda run: run.update(grading=None))
    assert "run.json: was changed after the run began: grading was removed" in refused(
        evalsite, run_dir, "grading was removed"
    )
    run_dir.write_run(whole)
    assert find_faults(run_dir) == []
    edit_run(run_dir, lambda run: run["grading"]["excluded"].update({"Demo/1": "it failed"}))
    assert "grading is not what" in refused(evalsite, run_dir, "grading is not what verdicts stand for")


@pytest.mark.sandbox
def test_grading_and_its_hash_removed_together_are_missed_beside_verdicts(run_dir):
    """Every verdict says which evalsite reached it, and none is reached without grading."""

    def remove(run):
        del run["grading"], run["graded_as"]

    edit_run(run_dir, remove)
    assert "run.json: has no `grading`, and verdicts.jsonl holds verdicts: it was removed" in find_faults(
        run_dir
    )


@pytest.mark.sandbox
def test_whoever_grades_again_or_removes_a_row_changes_no_record(evalsite, run_dir):
    """The versions that reached verdicts are counted, and are no part of what they stand for."""
    before = run_dir.read_run()
    run_dir.write_verdicts(list(run_dir.verdicts())[:1])
    assert evalsite("grade", run_dir.path, "--no-preflight").returncode == 0
    assert evalsite("grade", run_dir.path, "--again").returncode == 0
    assert find_faults(run_dir) == []
    assert run_dir.read_run().graded_as == before.graded_as == hash_grading(before.grading)


def test_what_was_graded_before_this_was_written_down_is_sound(tmp_path):
    """Nobody can say what those verdicts were judged by."""
    run_dir = write_run(tmp_path, "Old", [10, 7])
    assert run_dir.read_run().graded_as == ""
    edit_problem(run_dir, 0, "tests", lambda tests: tests + "# looked at\n")
    assert find_retested(run_dir) == ()
    assert api.open_run(run_dir.path).retested == ()
    assert not any("tests of" in fault or "grading" in fault for fault in find_faults(run_dir))


@pytest.mark.parametrize(
    "changes",
    [{"sandbox": "process"}, {"python": "3.13.0"}, {"excluded": {"Demo/0": "wrong"}}, {"layers": ()}],
)
def test_whatever_decides_verdicts_is_held_against_the_hash(changes):
    """The isolation that was in force, the interpreter, the problems that count in no score."""
    run = graded(make_record(), GRADING)
    assert changes_since(run) == ()
    other = replace(run, grading=replace(GRADING, **changes))
    assert changes_since(other) == ("grading is not what verdicts stand for",)
