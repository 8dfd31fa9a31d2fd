"""``evalsite pack``, and what every other command makes of a packed run."""

import shutil

import pytest

from evalsite import __version__
from evalsite.rundir.store import RunDir
from tests.distance.make import write_distance
from tests.runner.test_trial import record, write

READING = [
    ("report", "fp8", "ternary"),
    ("report", "ternary", "--format", "json"),
    ("compare", "fp8", "ternary", "--full"),
    ("check",),
    ("failures", "ternary"),
    ("link", "ternary", "HumanEval/2", "0", "--format", "block", "--site-url", "https://e.org/"),
    ("validate",),
]


def test_every_command_reads_a_packed_run_as_it_was(evalsite, runs, tmp_path):
    """Word for word; the site differs in the files that it offers alone, and is rebuilt for them."""
    before = [evalsite(*words).stdout for words in READING]
    evalsite("build", "--output", "plain")
    done = evalsite("pack", "fp8", "ternary")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("completions.jsonl.gz: ") == 2
    assert sorted(path.name for path in runs.glob("*ternary*/*") if not path.name.startswith(".")) == [
        "completions.jsonl.gz",
        "problems.jsonl",
        "run.json",
        "summary.json",
        "verdicts.jsonl.gz",
    ]
    assert [evalsite(*words).stdout for words in READING] == before
    assert "nothing to pack" in evalsite("pack", "fp8").stdout
    evalsite("build", "--output", "packed")
    shutil.copytree(tmp_path / "plain", tmp_path / "later")
    evalsite("build", "--output", "later")
    plain, packed, later = (pages(tmp_path / name) for name in ("plain", "packed", "later"))
    assert later == packed
    assert {name for name in packed if name not in plain} == {
        f"{name}.gz" for name in plain if name.endswith(("/completions.jsonl", "/verdicts.jsonl"))
    }
    differing = {name for name in plain if name in packed and plain[name] != packed[name]}
    assert all(name.startswith("runs/") and name.count("/") == 2 for name in differing)
    assert len(differing) == 2  # the runs' own pages, which name their files


def pages(site):
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.sandbox
def test_a_packed_run_can_be_graded_anew(evalsite, tmp_path):
    """It is unpacked where something is added, told, and packed again at will."""
    write(tmp_path / "demo.jsonl", map(record, range(3)))
    answers = [{"task_id": f"Demo/{n}", "completion": "    return 2 * x\n"} for n in range(3)]
    write(tmp_path / "samples.jsonl", answers)
    made = evalsite(
        "import", "samples.jsonl", "--dataset", "demo", "--data-path", "demo.jsonl", "--model-name", "m",
        "--no-grade",
    )  # fmt: skip
    run_dir = RunDir(tmp_path / made.stdout.strip())
    assert evalsite("pack", run_dir.path).returncode == 0
    graded = evalsite("grade", run_dir.path)
    assert graded.returncode == 0, graded.stderr
    assert "pass@1 on all 3 problems: 100.0 %" in graded.stderr
    assert evalsite("pack", run_dir.path).returncode == 0
    again = evalsite("grade", run_dir.path, "--again")
    assert again.stdout.startswith("0 verdicts changed")
    assert sorted(path.name for path in run_dir.path.glob("*.gz")) == ["completions.jsonl.gz"]
    assert run_dir.read_run().grading.graded_by == {__version__: 3}
    assert evalsite("validate", run_dir.path).stdout.endswith(": sound\n")


def test_a_distance_is_packed_read_and_gone_on_with(evalsite, tmp_path):
    """Its report is the same; what is asked for further is appended to the plain file."""
    folder = write_distance(tmp_path / "runs", "whole", "small")
    before = evalsite("distance", folder.path).stdout
    done = evalsite("pack", folder.path.name)
    assert done.returncode == 0, done.stderr
    packed = sorted(path.name for path in folder.path.iterdir() if not path.name.startswith("."))
    assert packed == [
        "base.jsonl.gz", "candidate.jsonl.gz", "distance.json", "repeat.jsonl.gz", "texts.jsonl",
    ]  # fmt: skip
    assert evalsite("distance", folder.path).stdout == before
    assert evalsite("validate", folder.path).stdout.endswith(": sound\n")
    with folder.append("base"):
        pass
    assert (folder.path / "base.jsonl").stat().st_size > 0
    assert evalsite("distance", folder.path).stdout == before


def test_distances_below_a_folder_of_runs_are_no_runs(evalsite, runs):
    """``runs/*`` names them, too."""
    alone = evalsite("report", *sorted(runs.iterdir())).stdout
    write_distance(runs, "fp8", "ternary")
    assert evalsite("report", *sorted(runs.iterdir())).stdout == alone
