"""Profiles of ``evalsite.toml``, and being quiet."""

import json
from pathlib import Path

import pytest

from tests.cli.helpers import asking, running
from tests.faulty_server import FaultyServer


@pytest.fixture
def written(tmp_path, shared):
    """Write two profiles that differ in the model."""

    def write(url, more=""):
        data = shared / "cases/tiny.jsonl"
        tables = [
            f'[run.{name}]\nmodel-endpoint = "{url}/v1/completions"\nmodel_name = "{name}-model"\n'
            f'dataset = "tiny"\ndata-path = "{data}"\ntop-k = 7\nno-stream = true\nstop = ["END"]\n'
            'header-env = ["api-key=TEAM_KEY"]\nextra-body = ["a=1"]\n'
            for name in ("baseline", "candidate")
        ]
        (tmp_path / "evalsite.toml").write_text('title = "Ours"\n' + "\n".join(tables) + more)

    return write


def test_a_profile_holds_the_options_of_a_run_and_the_command_line_wins(evalsite, written):
    """Two models are asked alike, without typing it twice; secrets stand in the environment."""
    with running(FaultyServer()) as server:
        written(server.url)
        done = evalsite("run", "candidate", "--no-grade", "--top-k", 9, env={"TEAM_KEY": "sesame-sesame"})
    assert done.returncode == 0, done.stderr
    record = json.loads((Path(done.stdout.splitlines()[-1]) / "run.json").read_text())
    assert record["model"]["name"] == "candidate-model"
    assert (record["settings"]["top_k"], record["settings"]["stream"]) == (9, False)
    body = server.requests[0].body
    assert (body["stop"][0], body["a"], body["top_k"]) == ("END", 1, 9)
    assert server.requests[0].headers["api-key"] == "sesame-sesame"


@pytest.mark.sandbox
def test_the_doctor_takes_a_profile_and_repeats_its_name(evalsite, written):
    """It asks as the run would; options that only a run has stand in the same table, and are left to it."""
    with running(FaultyServer(pages={"/v1/models": {"data": [{"id": "candidate-model"}]}})) as server:
        written(
            server.url, '[run.two]\nnum-samples = 4\nmodel-endpoint = ["http://127.0.0.1:1", "http://b"]\n'
        )
        done = evalsite("doctor", "candidate", env={"TEAM_KEY": "sesame-sesame"})
    asked = [each for each in server.requests if each.body]
    assert {(each.body["a"], each.body["model"]) for each in asked} == {(1, "candidate-model")}
    assert asked[0].headers["api-key"] == "sesame-sesame"
    last = done.stderr.splitlines()[-1]
    assert last.endswith("evalsite run candidate"), done.stderr
    assert "127.0.0.1:1" in evalsite("doctor", "two", "--model-name", "m").stderr


@pytest.mark.parametrize(
    ("more", "name", "words"),
    [
        ("", "other", "has no profile called 'other'"),
        ("[run.odd]\ntemprature = 1\n", "odd", "run.odd.temprature: 'evalsite run' has no such option"),
        ('[run.odd]\nheader = ["api-key=hunter22"]\n', "odd", "run.odd.header: may hold a secret"),
        ("[run.odd]\ntop-k = -1\n", "odd", "-1 is not in the range"),
        ("[run]\nodd = 1\n", "odd", "has to be tables such as [run.candidate]"),
    ],
)
def test_a_mistake_in_a_profile_is_told_by_its_key(evalsite, tmp_path, more, name, words):
    """With exit code 2, and nothing secret of it."""
    (tmp_path / "evalsite.toml").write_text(more or '[run.one]\nmodel-name = "m"\n')
    done = evalsite("run", name, "--model-endpoint", "http://127.0.0.1:1", "--model-name", "m")
    assert done.returncode == 2, done.stderr
    assert words in " ".join(done.stderr.split())
    assert "hunter22" not in done.stderr


def test_quiet_is_without_progress_and_notes(evalsite, shared):
    """The result stays, and so would an error."""
    with running(FaultyServer()) as server:
        server.commit("http-503-0")
        done = evalsite(
            *asking(server.url, shared), "--no-grade", "--quiet",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "waiting" not in done.stderr
    assert "note" not in done.stderr
