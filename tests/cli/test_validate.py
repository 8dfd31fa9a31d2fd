"""``evalsite validate``: is this run directory sound?"""

from msgspec.structs import replace

from evalsite.rundir.store import RunDir


def test_files_that_github_refuses_are_told(evalsite, runs):
    """By ``validate`` before anybody pushes, with the command that helps."""
    (run,) = runs.glob("*ternary*")
    with (run / "NOTES.md").open("wb") as notes:
        notes.truncate(50_000_001)
    with (run / "completions.jsonl").open("ab") as rows:
        rows.write(b" " * 60_000_000)
    done = evalsite("validate", "ternary")
    said = " ".join(done.stdout.split())
    assert f"note: runs/{run.name}/completions.jsonl: has 60 MB, and from 100 MB on GitHub refuses" in said
    assert f"pack it with: evalsite pack runs/{run.name}" in said
    assert f"note: runs/{run.name}/NOTES.md: has 50 MB, and from 100 MB on GitHub refuses" in said


def test_verdicts_of_several_versions_are_told(evalsite, runs):
    """A run that an evalsite went on with which judges otherwise, perhaps."""
    (path,) = runs.glob("*ternary*")
    run_dir = RunDir(path)
    run = run_dir.read_run()
    versions = {"0.1.0": 20, "0.2.0": 28}
    run_dir.write_run(replace(run, grading=replace(run.grading, graded_by=versions)))
    told = "Not all verdicts were reached by one version of evalsite: 0.1.0 (20), 0.2.0 (28)"
    assert told in evalsite("report", "ternary").stdout
    assert told in evalsite("compare", "fp8", "ternary", "--full").stdout
