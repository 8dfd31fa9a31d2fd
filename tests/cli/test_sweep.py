"""A sweep from an empty folder to a site, killed on the way, and what it says when something is wrong."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter

import msgspec
import pytest

from evalsite.counts.validate import find_faults
from evalsite.rundir.finding import find_runs
from evalsite.rundir.store import RunDir
from tests import preloaded
from tests.cli.helpers import failed
from tests.sweep.test_servers import SERVER, are_gone

pytestmark = [pytest.mark.linux, pytest.mark.sandbox]

KILLS = 4
MODELS = ("q8", "q4")
ASKED = 10
"""Of each model: six problems of one set, four of another."""


@pytest.fixture
def plan(tmp_path, shared, environment):
    """Two models with servers of their own in one slot, two data sets."""
    serve = f"env PYTHONPATH={environment['PYTHONPATH']} {sys.executable} {SERVER} {{port}}"
    models = "".join(
        f'[[models]]\nname = "{name}"\ncommand = "{serve} {name} {name}.txt"\npath = "/v1/completions"\n'
        for name in MODELS
    )
    path = tmp_path / "plan.toml"
    path.write_text(
        'baseline = "q8"\n[options]\nmax-tokens = 64\npreflight = false\nconcurrency = 1\nseed = 1\n'
        f'{models}[[datasets]]\nname = "tiny"\ndata_path = "{shared / "cases/tiny.jsonl"}"\n'
        '[[datasets]]\nname = "humaneval"\nmax_problems = 4\n'
    )
    return path


def asked(folder):
    """Requests that the servers saw."""
    logs = (folder / f"{name}.txt" for name in MODELS)
    return sum(len(log.read_text().splitlines()) for log in logs if log.exists())


@pytest.mark.long
def test_a_sweep_that_is_killed_goes_on_and_leaves_no_server(plan, tmp_path, environment, evalsite_process):
    """At random moments, by SIGKILL and SIGINT: in the end each sample is there once, and no process."""
    chance = random.Random(5)
    moments = sorted(chance.sample(range(1, 2 * ASKED), KILLS))
    kills = list(zip(moments, (signal.SIGKILL, signal.SIGINT) * KILLS, strict=False))
    assert len(kills) == KILLS
    for moment, number in kills:
        sweep = preloaded.Popen(
            [sys.executable, "-m", "evalsite", "sweep", "plan.toml"], cwd=tmp_path, env=environment,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while asked(tmp_path) < moment and sweep.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        sweep.send_signal(number)
        sweep.wait()
        assert are_gone(tmp_path)
    done = evalsite_process("sweep", "plan.toml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "site/index.html"
    assert are_gone(tmp_path)
    assert (tmp_path / "site/index.html").is_file()
    runs = find_runs(tmp_path / "runs")
    assert len(runs) == 4
    for run_dir in runs:
        keys = Counter((row.problem, row.sample) for row in run_dir.completions())
        assert set(keys.values()) == {1}
        assert len(keys) == run_dir.read_run().num_problems
        assert find_faults(run_dir) == []
    sizes = sorted((run.read_run().model.name, run.read_run().num_problems) for run in runs)
    assert sizes == [("q4", 4), ("q4", 6), ("q8", 4), ("q8", 6)]
    humaneval = [run for run in runs if run.read_run().dataset.name == "humaneval"]
    assert humaneval[0].problems() == humaneval[1].problems()
    before = asked(tmp_path)
    again = evalsite_process("sweep", "plan.toml")
    assert (again.returncode, asked(tmp_path)) == (0, before)
    told = evalsite_process("sweep", "plan.toml", "--status").stdout.splitlines()
    assert told[0].split() == ["model", "data", "set", "done", "missing", "decided", "time", "left"]
    assert "baseline" in told[1]
    assert "6 of 6" in told[1]


def test_a_dry_run_asks_nothing_and_writes_nothing(plan, tmp_path, evalsite):
    """It says what it would cost."""
    before = sorted(tmp_path.rglob("*"))
    done = evalsite("sweep", plan, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "20 requests at most" in done.stdout
    assert "1,280 of answers, in 2 passes" in done.stdout
    status = evalsite("sweep", plan, "--status")
    assert "0 of 6" in status.stdout
    assert "pending" in status.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_a_server_that_does_not_come_up_keeps_no_other_from_being_asked(plan, tmp_path, evalsite_process):
    """Exit code 8, with the server's last words, and a site of the others."""
    plan.write_text(plan.read_text().replace("{port} q4 ", "{port} broken ") + "draw_seed = 3\n")
    done = evalsite_process("sweep", "plan.toml")
    failed(done, 8, "no such weights", "2 of 4 runs lack samples", "evalsite sweep plan.toml")
    assert {run.read_run().model.name for run in find_runs(tmp_path / "runs")} == {"q8"}
    assert (tmp_path / "site/index.html").is_file()
    plan.write_text(plan.read_text().replace("draw_seed = 3", "draw_seed = 4"))
    failed(evalsite_process("sweep", "plan.toml"), 2, "draw_seed 3 -> 4", "evalsite rm")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("temperatur = 1", "plan.toml:3: options.temperatur: 'evalsite run' has no such option"),
        ("num-samples = 1", "plan.toml:3: options.num-samples: a plan says that by keys of its own"),
        ('header = "A=b"', "plan.toml:3: options.header: may hold a secret"),
    ],
)
def test_an_option_that_a_plan_may_not_give_is_told(plan, evalsite, key, told):
    """With file, line and field, before anything is asked."""
    plan.write_text(plan.read_text().replace("max-tokens = 64", key))
    done = evalsite("sweep", plan)
    assert done.returncode == 2
    assert told in done.stderr.replace("\n", "")


@pytest.mark.long
def test_candidates_are_asked_until_all_data_sets_together_are_decided(
    tmp_path, environment, evalsite_process
):
    """The baseline is asked all; a candidate that loses everything stops early, and goes on after a kill."""
    serve = f"env PYTHONPATH={environment['PYTHONPATH']} {sys.executable} {SERVER} {{port}}"
    models = "".join(
        f'[[models]]\nname = "{name}"\ncommand = "{serve} {name} {name}.txt"\npath = "/v1/completions"\n'
        for name in ("right", "right-too", "wrong")
    )
    sets = ""
    for name, size in (("one", 30), ("other", 10)):
        doubles(tmp_path / f"{name}.jsonl", name, size)
        sets += f'[[datasets]]\nname = "{name}"\ndata_path = "{name}.jsonl"\n'
    (tmp_path / "plan.toml").write_text(
        'baseline = "right"\nmargin = 30\nuntil_decided = true\nlooks = 3\n'
        f"[options]\nmax-tokens = 64\npreflight = false\n{models}{sets}"
    )
    sweep = preloaded.Popen(
        [sys.executable, "-m", "evalsite", "sweep", "plan.toml"], cwd=tmp_path, env=environment,
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not (tmp_path / "right-too.txt").exists() and sweep.poll() is None:
        time.sleep(0.01)
    sweep.kill()
    sweep.wait()
    done = evalsite_process("sweep", "plan.toml")
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if " of at most 3, at " in line]
    assert any(line.startswith("right-too: look ") and ": met" in line for line in told), told
    assert any(line.startswith("wrong: look 1 of at most 3") and ": missed; " in line for line in told), told
    found = find_runs(tmp_path / "runs")
    runs = {(run.model.name, run.dataset.name): run for run in map(RunDir.read_run, found)}
    assert len(found) == len(runs) == 6
    assert [runs["right", name].num_problems for name in ("one", "other")] == [30, 10]
    wrong = [runs["wrong", name] for name in ("one", "other")]
    assert [run.looks.pool for run in wrong] == [("one", "other")] * 2
    assert [run.num_problems for run in wrong] == [run.looks.stops[0] for run in wrong]
    assert sum(run.num_problems for run in wrong) < 40
    for run_dir in found:
        assert find_faults(run_dir) == []
    asked_before = {name: (tmp_path / f"{name}.txt").read_text() for name in ("right", "right-too", "wrong")}
    status = evalsite_process("sweep", "plan.toml", "--status").stdout
    assert "wrong, all together: missed" in status
    assert evalsite_process("sweep", "plan.toml").returncode == 0
    assert asked_before == {name: (tmp_path / f"{name}.txt").read_text() for name in asked_before}
    pooled = evalsite_process("compare", "right", "wrong", "--pool", "all", "--margin", "30")
    assert pooled.returncode == 1
    assert "Sequential verdict, look 1 of at most 3" in pooled.stdout


def test_looks_that_save_nothing_are_told(tmp_path, evalsite_process):
    """Of too few problems for the margin there is one look, at the end."""
    model = '[[models]]\nname = "{}"\nendpoint = "http://localhost:1"\n'
    models = "".join(map(model.format, ("base", "other")))
    sets = ""
    for name in ("one", "more"):
        doubles(tmp_path / f"{name}.jsonl", name, 10)
        sets += f'[[datasets]]\nname = "{name}"\ndata_path = "{name}.jsonl"\n'
    for margin, single in ((3, True), (60, False)):
        (tmp_path / "plan.toml").write_text(
            f'baseline = "base"\nmargin = {margin}\nuntil_decided = true\nlooks = 3\n{models}{sets}'
        )
        done = evalsite_process("sweep", "plan.toml", "--dry-run")
        assert done.returncode == 0, done.stderr
        told = "Of 20 problems and a margin of 3 points there is one look, at the end"
        assert (told in " ".join(done.stderr.split())) is single


def doubles(path, name, size):
    """Write problems that want a number doubled."""
    rows = [
        {
            "task_id": f"{name}/{i}", "prompt": f"def {name}{i}(x):\n", "entry_point": f"{name}{i}",
            "canonical_solution": "    return 2 * x\n",
            "test": "def check(candidate):\n    assert candidate(2) == 4\n",
        }
        for i in range(size)
    ]  # fmt: skip
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def test_values_that_run_would_refuse_and_missing_profiles_are_told_before_anything_starts(plan, evalsite):
    """With the line of the option, and not by each run in turn."""
    text = plan.read_text()
    for line, told in (
        ('temperature = "hot"', "options.temperature: "),
        ("concurrency = [1, 2]", "options.concurrency: takes one value, not a list"),
        ("top-p = true", "options.top-p: True is not what it takes"),
        ('preflight = "no"', "options.preflight: 'no' is not what it takes"),
        ("margin = 5", "options.margin: a plan says that by keys of its own"),
    ):
        name = line.partition(" ")[0]
        kept = [each for each in text.splitlines() if not each.startswith(name)]
        kept.insert(kept.index("[options]") + 1, line)
        plan.write_text("\n".join(kept))
        failed(evalsite("sweep", plan, "--dry-run"), 2, told)
    plan.write_text('[[models]]\nname = "a"\nprofile = "gone"\n[[datasets]]\nname = "humaneval"\n')
    failed(evalsite("sweep", plan, "--dry-run"), 2, "no profile called 'gone'")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("until_decided = true", "plan.toml:1: until_decided: needs a baseline"),
        ('baseline = "q8"\nuntil_decided = true', "datasets[2].max_problems: until_decided says by itself"),
    ],
)
def test_a_plan_that_cannot_stop_when_it_is_decided_is_told(plan, evalsite, key, told):
    """Before a server is started."""
    plan.write_text(plan.read_text().replace('baseline = "q8"', key))
    done = evalsite("sweep", plan)
    assert done.returncode == 2
    assert told in done.stderr.replace("\n", "")
