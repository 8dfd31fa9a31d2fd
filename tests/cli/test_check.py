"""What the gate judges by, and where it says so."""

import json
import re
import shutil

import pytest

from tests.cli.helpers import failed
from tests.make import BASELINE, CANDIDATE, write_run

PROMISE = """\
[[target]]
name = "Easy"
metric = "pass@1"
above = 1
"""


@pytest.fixture
def runs(tmp_path):
    """A baseline of ten samples that solves all, and a candidate that solves as much."""
    write_run(tmp_path / "runs", "fp8", [10] * 40, day="2026-11-18")
    write_run(tmp_path / "runs", "ternary", [10] * 40, day="2026-11-19")
    return tmp_path


def test_without_a_file_each_run_is_held_against_its_baseline(evalsite, runs):
    """No figure stands there that nobody measured; pass@10 is judged where the samples allow it."""
    done = evalsite("check", "--baseline", "fp8")
    assert done.stdout.startswith("Judged by the built-in rule: every run against its baseline.\n")
    assert "pass@1 against the baseline" in done.stdout
    assert "pass@10 against the baseline" in done.stdout
    assert "82.0" not in done.stdout
    assert done.returncode == 0


def test_without_a_baseline_there_is_no_verdict(evalsite, runs):
    """And pass@10 is not even mentioned."""
    done = evalsite("check", "--format", "json")
    told = json.loads(done.stdout)
    assert {row["decision"] for row in told["targets"]} == {"pending"}
    assert {row["target"] for row in told["targets"]} == {"pass@1 against the baseline"}
    assert "name one with --baseline" in told["targets"][0]["sentence"]
    assert done.returncode == 9


def test_a_file_in_this_folder_is_found_and_said(evalsite, runs):
    """Valid or full of mistakes: it is never passed over in silence."""
    (runs / "targets.toml").write_text(PROMISE)
    done = evalsite("check", "--baseline", "fp8")
    assert done.stdout.startswith("Judged by targets.toml.\n")
    assert "targets.toml" in done.stderr
    (runs / "targets.toml").write_text(PROMISE.replace("above", "abvoe"))
    done = evalsite("check")
    assert done.returncode == 2
    assert "targets.toml" in done.stderr


def test_a_set_of_targets_goes_by_a_name(evalsite, tmp_path):
    """The one this project was born with is written by init, and can be judged by."""
    done = evalsite("init", "results", "--repository", "me/results", "--targets", "qwen3-coder-80b-ternary")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "results" / "targets.toml").read_text()
    assert "baseline = 82" in written
    write_run(tmp_path / "results" / "runs", "m", [1] * 4, n=1)
    judged = evalsite("check", "--targets", "targets.toml", cwd=tmp_path / "results")
    assert judged.stdout.startswith("Judged by targets.toml.\n")


@pytest.mark.parametrize("form", ["text", "markdown", "json", "junit"])
def test_a_gate_lets_nothing_pass_that_proves_nothing(evalsite, tmp_path, form):
    """The baseline solves 5 % and may lose 10 points: exit code 9 and the word, in every form."""
    base = write_run(tmp_path / "runs", "fp8", [10] * 2 + [0] * 38, day="2026-11-18")
    same = write_run(tmp_path / "runs", "ternary", [10] * 2 + [0] * 38, day="2026-11-19")
    for command in (("check", "--baseline", "fp8"), ("compare", base.path, same.path)):
        done = evalsite(*command, "--format", form)
        assert done.returncode == 9, command
        assert "vacuous" in done.stdout, command
        assert not re.search("5.0 %.*✅", done.stdout), command
    allowed = evalsite("check", "--baseline", "fp8", "--format", form, "--allow", "vacuous")
    assert allowed.returncode == 0


LOSS = """\
[[target]]
name = "Loss"
metric = "degradation"
margin = 10
"""


@pytest.fixture
def several(tmp_path):
    """A baseline, a model that lost much long ago, one that lost nothing, and a trial of five problems."""
    runs = tmp_path / "runs"
    (tmp_path / "targets.toml").write_text(LOSS)
    write_run(runs, "fp8", [10] * 40, card=BASELINE, day="2026-11-18")
    write_run(runs, "ruined", [0] * 40, card=CANDIDATE, day="2026-11-19")
    write_run(runs, "sound", [10] * 40, card=CANDIDATE, day="2026-11-20")
    write_run(runs, "tried", [10] * 40, card=CANDIDATE, day="2026-11-21", num_problems=5)
    return runs


def test_a_change_is_judged_by_the_runs_that_it_brings(evalsite, several, tmp_path):
    """What was bad before stands apart, and keeps no later request red; some changes bring no run."""
    whole = evalsite("check")
    assert "\nTargets: missed (1 missed, 1 met)\n" in whole.stdout
    assert whole.returncode == 1
    changed = tmp_path / "changed.txt"
    (sound,) = several.glob("*sound*")
    changed.write_text(f"docs/notes.md\nruns/{sound.name}/run.json\nruns/{sound.name}/summary.json\n")
    own = evalsite("check", "--changed", changed)
    assert "\nTargets: met (1 met)\n" in own.stdout
    assert (
        own.stdout.index("of sound on all")
        < own.stdout.index("Other runs")
        < own.stdout.index("of ruined on")
    )
    assert own.returncode == 0
    groups = {
        row["model"]: row["group"]
        for row in json.loads(evalsite("check", "--changed", changed, "--format", "json").stdout)["targets"]
    }
    assert groups == {"sound": "decides", "ruined": "other", "tried": "trial"}
    changed.write_text("README.md\n")
    nothing = evalsite("check", "--changed", changed)
    assert "nothing to judge in this change" in nothing.stdout
    assert nothing.returncode == 0


def unfinished(runs, model, day, **changes):
    """A run whose answers have no verdict yet."""
    run_dir = write_run(runs, model, [10] * 40, card=CANDIDATE, day=day, grading=None, **changes)
    (run_dir.path / "verdicts.jsonl").write_bytes(b"")
    (run_dir.path / "summary.json").unlink(missing_ok=True)
    return run_dir.path


@pytest.mark.parametrize("model", ["new", "sound"])
@pytest.mark.parametrize(
    ("made", "why"),
    [
        (
            lambda runs, model: (
                write_run(runs, model, [10] * 40, card=CANDIDATE, day="2026-11-22", num_problems=8).path
            ),
            "asks only 8 of the 40 problems",
        ),
        (lambda runs, model: unfinished(runs, model, "2026-11-22"), "is not graded yet: evalsite grade"),
        (lambda runs, model: unfinished(runs, model, "2026-11-22", status="running"), "has not ended"),
    ],
)
def test_a_change_with_an_unfinished_run_alone_is_pending(evalsite, several, tmp_path, made, why, model):
    """Of a new model, or of one with an older run that would be judged in its place."""
    path = made(several, model)
    changed = tmp_path / "changed.txt"
    changed.write_text(f"runs/{path.name}/run.json\n")
    done = evalsite("check", "--changed", changed)
    assert done.returncode == 9, done.stdout
    assert "\nTargets: pending (1 pending)\n" in done.stdout
    if why.startswith("asks") or model == "sound":
        assert f"The change's run {path.name} {why}" in done.stdout.partition("Other runs")[0]
    assert evalsite("check", "--changed", changed, "--allow", "pending").returncode == 0
    shown = json.loads(evalsite("check", "--changed", changed, "--format", "json").stdout)
    assert shown["decision"] == "pending"
    assert [row["run"] for row in shown["targets"] if row["group"] == "decides"] == [path.name]


def test_a_trial_beside_a_whole_run_keeps_no_change_back(evalsite, several, tmp_path):
    """And an unfinished run that no target speaks of waits for nothing."""
    (sound,) = several.glob("*sound*")
    trial = write_run(several, "sound", [10] * 40, card=CANDIDATE, day="2026-11-22", num_problems=8).path
    other = write_run(several, "sound", [10] * 40, dataset="own", day="2026-11-23", num_problems=8).path
    (tmp_path / "targets.toml").write_text(f'{LOSS}dataset = "humaneval"\n')
    changed = tmp_path / "changed.txt"
    changed.write_text("".join(f"runs/{path.name}/run.json\n" for path in (sound, trial, other)))
    done = evalsite("check", "--changed", changed)
    assert "\nTargets: met (1 met)\n" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("path", ["targets.toml", "evalsite.toml", "runs/{base}/run.json"])
def test_what_concerns_all_runs_is_judged_by_all(evalsite, several, tmp_path, path):
    """Another target, other settings or another baseline: every run decides again."""
    (base,) = several.glob("*fp8*")
    (tmp_path / "changed.txt").write_text(path.format(base=base.name))
    done = evalsite("check", "--changed", tmp_path / "changed.txt")
    assert "Targets: missed (1 missed, 1 met)" in done.stdout
    assert done.returncode == 1


def test_trials_stand_apart_and_do_not_decide(evalsite, several):
    """Five problems that somebody tried make no target pending; where there is nothing else, they do."""
    done = evalsite("check")
    assert done.stdout.index("Trials, which ask a part") < done.stdout.index("asks only 5 of the 40 problems")
    assert "pending" not in done.stdout.partition("Trials")[0]
    for run in (*several.glob("*ruined*"), *several.glob("*sound*")):
        shutil.rmtree(run)
    alone = evalsite("check")
    assert "Targets: pending (1 pending)" in alone.stdout
    assert "asks only 5 of the 40 problems" in alone.stdout
    assert alone.returncode == 9


def test_a_further_run_of_the_baselines_model_is_no_candidate(evalsite, tmp_path):
    """Without a card it is as much the baseline's as with the same one; with other weights it is not."""
    runs = tmp_path / "runs"
    write_run(runs, "fp8", [10] * 40, card=BASELINE, day="2026-11-18")
    again = write_run(runs, "fp8", [10] * 40, day="2026-11-19")
    assert "nobody" not in evalsite("check").stdout
    told = json.loads(evalsite("check", "--format", "json").stdout)
    assert [row["run"] for row in told["targets"]] == [None]
    shutil.rmtree(again.path)
    write_run(runs, "fp8", [10] * 40, card=CANDIDATE, day="2026-11-20")
    told = json.loads(evalsite("check", "--format", "json").stdout)
    assert "fp8" in {row["model"] for row in told["targets"]}


@pytest.mark.parametrize("allowed", ["missed", "pending,met", "inconclusive,anything"])
def test_only_what_is_open_can_be_allowed(evalsite, tmp_path, allowed):
    """A gate that let a miss through by a typing error would be none."""
    write_run(tmp_path / "runs", "m", [1] * 4, n=1)
    wrong = allowed.rpartition(",")[2]
    failed(evalsite("check", "--allow", allowed), 2, f"--allow {wrong}", "can be allowed")


def test_the_gate_tells_scores_from_points(evalsite, repository):
    """What a degradation is measured from is a score, in percent; what is lost of it are points."""
    (repository / "targets.toml").write_text(
        '[[target]]\nname = "Loss"\nmetric = "degradation@1"\nmargin = 10\ndataset = "humaneval"\n'
    )
    row = next(line for line in evalsite("check").stdout.splitlines() if line.startswith("Loss"))
    assert "66.7 %" in row
    assert "less than 10 points lost" in row
    assert "33.3 points" in row
