"""Symptoms told anew of answers that are there, by the command."""

import pytest
from click.testing import CliRunner
from msgspec import UNSET
from msgspec.structs import replace

from evalsite.cli.main import cli
from evalsite.counts.loaded import load_run
from evalsite.counts.validate import find_faults
from evalsite.rundir.store import RunDir
from evalsite.symptoms import SYMPTOMS_VERSION
from tests.make import write_run


@pytest.fixture
def run_dir(tmp_path) -> RunDir:
    """A run from before there were symptoms; one of its answers loops."""
    run_dir = write_run(tmp_path, "m", [1, 2], n=2)
    rows = list(run_dir.completions())
    (run_dir.path / "completions.jsonl").unlink()
    with run_dir.append_completions() as appender:
        for row in rows:
            text = (
                row.text + "and so on " * 20 if (row.problem, row.sample) == ("HumanEval/0", 1) else row.text
            )
            appender.append(replace(row, text=text))
    return run_dir


def tally(run_dir: RunDir) -> str:
    result = CliRunner().invoke(cli, ["tally", str(run_dir.path)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_run_from_before_is_looked_at(run_dir: RunDir) -> None:
    """Verdicts and programs stay, and the run stays sound; a second time nothing changes."""
    before = list(run_dir.verdicts())
    assert not load_run(run_dir).tells_symptoms
    assert "4 answers looked at, 4 rows changed" in tally(run_dir)
    after = list(run_dir.verdicts())
    assert [replace(row, symptoms=UNSET) for row in after] == before
    assert {row.symptoms.version for row in after} == {SYMPTOMS_VERSION}
    assert [(row.problem, row.sample) for row in after if row.symptoms.names] == [("HumanEval/0", 1)]
    loaded = load_run(run_dir)
    assert loaded.tells_symptoms
    assert loaded.symptoms("loop").tolist() == [1, 0]
    assert find_faults(run_dir) == []
    assert "0 rows changed" in tally(run_dir)


def test_packed_files_stay_packed(run_dir: RunDir) -> None:
    """Whoever packs runs for git need not do it again."""
    run_dir.pack()
    tally(run_dir)
    assert {path.name for _, path in run_dir.files()} >= {"verdicts.jsonl.gz", "completions.jsonl.gz"}
    assert load_run(run_dir).tells_symptoms


def test_a_target_says_what_to_do_first(run_dir: RunDir, tmp_path) -> None:
    """And is judged then."""
    targets = tmp_path / "targets.toml"
    targets.write_text('[[target]]\nname = "few loops"\nmetric = "symptom_share.loop"\nbelow = 90\n')
    asked = ["check", "--runs", str(tmp_path), "--targets", str(targets)]
    assert f"evalsite tally {run_dir.path}" in CliRunner().invoke(cli, asked).output.replace("\n", " ")
    tally(run_dir)
    told = CliRunner().invoke(cli, asked).output
    assert "25.0 %" in told


def test_failures_are_listed_by_symptom(run_dir: RunDir) -> None:
    """Those of answers that have it, once somebody has looked."""
    tally(run_dir)
    asked = ["failures", str(run_dir.path), "--symptom"]
    loops, salads = (CliRunner().invoke(cli, [*asked, name]).output for name in ("loop", "gibberish"))
    assert "HumanEval/0 sample 1" in loops
    assert "1 of 4 samples failed" in loops
    assert "0 of 4 samples failed" in salads
