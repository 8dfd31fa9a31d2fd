"""``evalsite report``: what stands side by side, and what it advises."""

import json
import re
import shlex
from pathlib import Path

import pytest

from evalsite.rundir.schema import Dataset, Model, Verdict
from evalsite.rundir.store import RunDir
from tests.cli.helpers import HUMANEVAL_2, failed, running
from tests.faulty_server import FaultyServer
from tests.make import make_problem, make_record, write_answers, write_run


@pytest.mark.sandbox
def test_report_compares_several_runs(evalsite, samples, tmp_path):
    """With a baseline by model name: table, delta, interval, and the decision: a part decides nothing."""
    good = tmp_path / "good.jsonl"
    good.write_text(samples.read_text().splitlines()[0] + "\n")
    for name, file in (("base", good), ("cand", samples)):
        assert evalsite("import", file, "--model-name", name).returncode == 0
    runs = sorted((tmp_path / "runs").iterdir())
    text = evalsite("report", *runs, "--baseline", "base").stdout
    assert re.search(r"base \(baseline\)\s+humaneval\s+100\.0 %\s+-\s+1/1\s+-\s+-\s+baseline", text)
    assert re.search(
        r"cand\s+humaneval\s+50\.0 %\s+-\s+1/1\s+-50\.0 on 1\s+-100\.0 to \+\d+\.\d\s+pending", text
    )
    assert "pending: On 1 of 164 problems, pass@1 went from 100.0 % (base) to 50.0 % (cand)" in text
    advice = shlex.split(re.search("evalsite (compare .*)", text)[1])
    assert advice == ["compare", *map(str, runs)]
    assert evalsite(*advice).returncode == 9
    failed(evalsite("report", *runs, "--baseline", "nobody"), 5, "nobody: no run directory", "--base--")
    verdict = evalsite("check", "--runs", "runs", "--baseline", "base")
    assert verdict.returncode == 9
    assert "asks only 1 of the 164 problems" in verdict.stdout
    compared = evalsite("compare", *sorted(runs, key=lambda run: "cand" in run.name))
    assert compared.returncode == 9
    assert compared.stdout.startswith("PENDING. On 1 of 164 problems, pass@1 went from")
    assert "All of it: the same command with --full." in compared.stdout


def test_report_compares_nothing_that_was_asked_otherwise(evalsite, tmp_path):
    """Two files that were both called humaneval are two data sets."""
    for name, sha256 in (("base", "0" * 64), ("cand", "1" * 64)):
        dataset = Dataset(name="demo", sha256=sha256, num_problems=1)
        record = make_record(name, model=Model(name=name), dataset=dataset)
        run_dir = RunDir.create(tmp_path / "runs", record, [make_problem()])
        run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
        write_answers(run_dir, run_dir.verdicts())
    process = evalsite("report", "base", "cand", "--baseline", "base")
    assert process.returncode == 0, process.stderr
    assert re.search(r"cand\s+demo\s+100\.0 %.*pending", process.stdout)
    assert "asked different problems under the name demo (000000 and 111111)" in process.stdout
    told = "note: no baseline. Name one with --baseline, or give it role = "
    assert told in evalsite("report", "base", "cand").stderr
    assert "no baseline" not in process.stderr + evalsite("report", "cand").stderr


def test_a_broken_neighbour_is_not_in_the_way_of_a_report(evalsite, tmp_path):
    """Runs that nobody asked about are only looked at for a baseline."""
    run_dir = RunDir.create(tmp_path / "runs", make_record(), [make_problem()])
    (tmp_path / "runs" / "broken").mkdir()
    (tmp_path / "runs" / "broken" / "run.json").write_text('{"format": 1')
    process = evalsite("report", run_dir.path)
    assert process.returncode == 0, process.stderr
    assert "broken/run.json" in process.stderr.replace("\n", "")
    assert "model" in process.stdout


def test_a_report_refuses_a_run_whose_record_was_changed(evalsite, tmp_path):
    """What compare and check will not judge is not reported either."""
    with running(FaultyServer(answer=lambda *_: HUMANEVAL_2)) as server:
        made = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade", "--max-problems", 1
        )
    path = tmp_path / made.stdout.strip() / "run.json"
    assert evalsite("report", path.parent).returncode == 0
    path.write_text(re.sub(r'"temperature": *0.0', '"temperature": 0.5', path.read_text(), count=1))
    failed(evalsite("report", path.parent), 5, "temperature")


@pytest.mark.parametrize("command", ["report", "build"])
def test_an_agent_that_ended_by_no_verdict_is_a_row_like_any_other_that_is_wrong(evalsite, runs, command):
    """Named with its line and field; it is no bug of ours."""
    path = next(runs.glob("*fp8*")) / "verdicts.jsonl"
    first, rest = path.read_text().split("\n", 1)
    row = json.loads(first) | {"agent": {"ending": "bored"}}
    path.write_text(f"{json.dumps(row)}\n{rest}")
    done = evalsite(*([command, path.parent] if command == "report" else [command]))
    assert done.returncode == 5, done.stderr
    assert "verdicts.jsonl:1: field `agent.ending`: Invalid enum value 'bored'" in "".join(
        done.stderr.split("\n")
    )


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_advice_of_a_report_works_from_here(evalsite, tmp_path, form):
    """With runs in another folder than the usual one, and a space in its name."""
    runs = tmp_path / "my results"
    base, run = (write_run(runs, name, [1, 0], n=1).path for name in ("base", "cand"))
    done = evalsite("report", run.name, "--runs-dir", "my results", "--baseline", "base", "--format", form)
    advice = shlex.split(re.search("evalsite (compare .*?)(?: \\||$)", done.stdout, re.M)[1])
    assert [Path(word).name for word in advice] == ["compare", base.name, run.name]
    assert evalsite(*advice).returncode in (0, 9)
