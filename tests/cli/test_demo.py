"""``evalsite demo``: the main job from end to end, as a newcomer runs it."""

import json
import re
import shlex

import pytest

from evalsite.distance.checks import find_faults
from evalsite.distance.store import DistanceDir, find_distances
from evalsite.replay.recordings import RECORDINGS
from evalsite.rundir.schema import Model
from evalsite.rundir.store import RunDir
from tests.conftest import ROOT
from tests.make import make_problem, make_record
from tests.test_docs_commands import AFTER_DEMO, Reader, commands_of


def follow_the_tutorial(folder):
    """What it says of the demo can be done after it, in the same folder, and ends as it says."""
    assert "$(BIN)/evalsite demo" in (ROOT / "Makefile").read_text("utf-8")
    commands = commands_of(ROOT / "docs" / AFTER_DEMO)
    assert commands[0] == "make demo"
    reader = Reader(folder, "")
    own = [command for command in commands[1:] if not command.startswith("evalsite run")]  # asks a server
    words = [reader.carry_out(command) for command in own]
    assert [told.split(".")[0] for told in words if told and told[:6].isupper()] == ["MISSED", "VACUOUS"]
    assert len(words) == 6


@pytest.mark.long
@pytest.mark.sandbox
def test_the_demo_ends_in_sound_runs_a_verdict_over_all_and_a_site(evalsite, evalsite_process, tmp_path):
    """Three data sets, twice, and an agent, through client, sandbox and site; an earlier demo is replaced."""
    folder = tmp_path / "demo" / "runs"
    for name, server in (("earlier", "evalsite replay 0.0"), ("somebodys", "0.9.1")):
        run = make_record(name, model=Model(name=name, server={"version": server}))
        RunDir.create(folder, run, [make_problem()])
    process = evalsite_process("demo", timeout=600)
    assert process.returncode == 0, process.stderr
    assert "evalsite serve demo/site" in process.stderr.splitlines()[-1]
    (apart,) = (each.path for each in find_distances(folder))
    assert find_faults(DistanceDir(apart)) == []
    *runs, kept = sorted(set(folder.iterdir()) - {apart})
    assert kept.name == "somebodys", "the only run that is not a demo's"
    assert len(runs) == 3 * len(RECORDINGS) + 1
    assert evalsite("validate", *runs).stdout.count(": sound") == len(runs)
    reports = json.loads(evalsite("report", *runs, "--format", "json").stdout)["reports"]
    sizes = {"humaneval": 164, "first-steps": 24, "first-calls": 8, "first-exercise+agent": 1}
    assert reports
    asked = sorted(entry["dataset_name"] for entry in reports)
    assert asked == sorted([*sizes, *[name for name in sizes if not name.endswith("+agent")]])
    for entry in reports:
        assert entry["pass_at_1"]["num_problems"] == sizes[entry["dataset_name"]]
        assert len(entry["per_problem_results"]) == sizes[entry["dataset_name"]]
    index = (tmp_path / "demo" / "site" / "index.html").read_text("utf-8")
    for name in RECORDINGS:
        assert name in index
    the_readme_shows_the_verdict(process, evalsite)
    what_is_told_last_can_be_told_again(process, evalsite)
    the_site_shows_all_that_was_measured(process, tmp_path / "demo" / "site")
    follow_the_tutorial(tmp_path)


def the_readme_shows_the_verdict(process, evalsite):
    """What the demo advises to do next works, and its comparison reads as the README says."""
    shown = re.search(
        r"```text\n(On all [^`]*pass@1 went from .*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    advised = [
        shlex.split(line.partition("evalsite ")[2]) for line in process.stderr.splitlines() if "next:" in line
    ]
    assert [words[0] for words in advised] == [*["report", "compare"] * 3, "report"]
    compared = " ".join(evalsite(*advised[1], "--full").stdout.split())
    parts = re.split(r"\n\n|\n- ", shown[1])
    assert len(parts) > 1
    for part in parts:
        assert " ".join(part.split()) in compared, "the README reads another verdict"


def what_is_told_last_can_be_told_again(process, evalsite):
    """The verdict over both data sets, and the card of all that was measured, by the commands named."""
    told = process.stdout.splitlines()[-1]
    assert told.startswith(
        "Over both data sets: missed. On all 188 problems of humaneval and first-steps (each"
    )
    (line,) = (line for line in process.stderr.splitlines() if line.startswith("The same in full: "))
    again = evalsite(*shlex.split(line.partition("evalsite ")[2]))
    assert again.returncode == 1
    (line,) = (line for line in process.stderr.splitlines() if line.startswith("Calls of tools, too: "))
    card = evalsite(*shlex.split(line.partition("evalsite ")[2])).stdout
    assert "first-calls: right calls" in card
    assert f"not measured for {RECORDINGS[1]}" in card
    assert told.partition("missed. ")[2].startswith(again.stdout.partition("MISSED. ")[2].splitlines()[0])


def the_site_shows_all_that_was_measured(process, site):
    """The agent's transcript, the distance, symptoms, and the verdict over both data sets."""
    pages = [page.read_text("utf-8") for page in (site / "runs").glob("*exercise*/*/index.html")]
    assert len(pages) == 1
    assert 'class="transcript"' in pages[0]
    assert 'id="s0-t2"' in pages[0]
    assert "Token by token: 1.0 % the same top token, a mean KL of 6.91 nats or more" in process.stdout
    (page,) = site.glob("distance/*/index.html")
    assert "nats" in page.read_text("utf-8")
    compared_pages = [path.read_text("utf-8") for path in site.glob("compare/*/index.html")]
    assert any("Symptoms" in text and "Same top token" in text for text in compared_pages)
    targets = (site / "targets.html").read_text("utf-8")
    assert "Both data sets against the baseline: each data set, and all together" in targets
