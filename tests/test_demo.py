"""``evalsite demo``: the main job from end to end, as a newcomer runs it."""

import json
import re

import pytest

from evalsite.replay.recordings import RECORDINGS
from tests.conftest import ROOT


@pytest.mark.long
@pytest.mark.sandbox
def test_the_demo_ends_in_two_sound_runs_and_a_site(evalsite, tmp_path):
    """All of HumanEval, twice, through client, sandbox, statistics and site; a second demo replaces it."""
    for _ in range(2):
        process = evalsite("demo")
        assert process.returncode == 0, process.stderr
    runs = sorted((tmp_path / "demo" / "runs").iterdir())
    assert len(runs) == len(RECORDINGS)
    assert evalsite("validate", *runs).stdout.count("sound") == len(RECORDINGS)
    reports = json.loads(evalsite("report", *runs, "--format", "json").stdout)["reports"]
    for entry in reports:
        assert entry["dataset_name"] == "humaneval"
        assert entry["pass_at_1"]["num_problems"] == 164
        assert len(entry["per_problem_results"]) == 164
    index = (tmp_path / "demo" / "site" / "index.html").read_text("utf-8")
    for name in RECORDINGS:
        assert name in index
    shown = re.search(
        r"```text\n([^`]*pass@1 went from .*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    compared = " ".join(evalsite("compare", *runs).stdout.split())
    for part in re.split(r"\n\n|\n- ", shown[1]):
        assert " ".join(part.split()) in compared, "the README reads another verdict"
