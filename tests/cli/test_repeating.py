"""What a later ``resume`` takes over of the command that began a run, and what it has to be told again."""

import json

from tests.cli.helpers import made, running, tiny
from tests.faulty_server import FaultyServer


def test_a_resume_takes_over_what_is_no_secret(evalsite, shared, tmp_path):
    """Concurrency, limits and the data set's file; keys and headers are repeated in the printed command."""
    env = {"TEAM_KEY": "sesame-sesame", "MY_KEY": "k" * 20}
    with running(FaultyServer(latency_s=0.05)) as server:
        server.commit("", *["http-402"] * 20)
        options = (
            "--concurrency", 1, "--patience", "5m", "--attempts", 3, "--header-env", "api-key=TEAM_KEY",
            "--api-key-env", "MY_KEY",
        )  # fmt: skip
        done = evalsite(*tiny(shared, server, *options), env=env)
        run = made(done)
        assert {request.headers["api-key"] for request in server.requests} == {"sesame-sesame"}
        assert done.returncode == 4, done.stderr
        assert "--api-key-env MY_KEY --header-env api-key=TEAM_KEY" in done.stderr
        kept = json.loads((run.path / ".resume.json").read_text())
        assert (kept["concurrency"], kept["patience"], kept["attempts"]) == (1, 300.0, 3)
        assert kept["data_path"] == str((shared / "cases/tiny.jsonl").resolve())
        assert "sesame" not in "".join(path.read_text() for path in run.path.iterdir() if path.is_file())
        server.commanded.clear()
        server.most_in_flight = 0
        again = evalsite("resume", run.path, "--no-grade")
    assert again.returncode == 0, again.stderr
    assert server.most_in_flight == 1
