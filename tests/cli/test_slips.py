"""Typical slips of a first day: what is meant is done, or told in words of ours."""

import json

from tests.cli.helpers import running
from tests.faulty_server import FaultyServer
from tests.make import write_run
from tests.runner.test_trial import record, write


def test_https_to_a_server_without_it_is_told(evalsite):
    """OpenSSL's own number is no error of the operating system's ("Operation not permitted")."""
    with running(FaultyServer()) as server:
        address = server.url.replace("http://", "https://")
        done = evalsite(
            "run", "--model-endpoint", f"{address}/v1/completions", "--model-name", "m", "--no-grade"
        )
    assert done.returncode == 4
    said = " ".join(done.stderr.split())
    assert "no TLS connection" in said
    assert "write http:// in the URL" in said
    assert "not permitted" not in said


def test_problems_of_ones_own_do_not_stand_among_humanevals(evalsite, tmp_path):
    """A file goes by its own name where nobody gives one; HumanEval's own file is HumanEval."""
    write(tmp_path / "mine.jsonl", [record(0)])
    write(tmp_path / "samples.jsonl", [{"task_id": "Demo/0", "completion": "    return 2 * x\n"}])
    done = evalsite("import", "samples.jsonl", "--data-path", "mine.jsonl", "--model-name", "m", "--no-grade")
    assert done.returncode == 0, done.stderr
    run = json.loads((tmp_path / done.stdout.strip() / "run.json").read_text())
    assert run["dataset"]["name"] == "mine"
    assert "the data set goes by its file's name, mine; --dataset gives it another" in done.stderr


def test_files_beside_runs_are_none(evalsite, tmp_path):
    """``runs/*`` of a results repository holds a README and the list of removed runs, too."""
    write_run(tmp_path / "runs", "fp8", [2, 1], n=2)
    write_run(tmp_path / "runs", "ternary", [1, 1], n=2)
    (tmp_path / "runs" / "README.md").write_text("Runs.\n")
    names = sorted(f"runs/{path.name}" for path in (tmp_path / "runs").iterdir())
    assert len(names) == 3
    for command in ("report", "validate", "pack"):
        done = evalsite(command, *names)
        assert done.returncode == 0, done.stderr
        assert "README" not in done.stdout
    assert evalsite("report", "runs/README.md").returncode == 5


def test_without_a_browser_there_is_one_line(evalsite_process, tmp_path):
    """What the system's opener says of seven browsers is left out."""
    write_run(tmp_path / "runs", "fp8", [0], n=1)
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text("#!/bin/sh\necho 'www-browser: not found' >&2\nexit 3\n")
    opener.chmod(0o755)
    nothing = {"PATH": str(opener.parent), "DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
    done = evalsite_process(
        "link", "fp8", "HumanEval/0", "0", "--site-url", "https://me.github.io/r/", "--open", env=nothing
    )
    assert done.returncode == 0, done.stderr
    assert "www-browser" not in done.stderr
    assert "there seems to be no browser here; the address is the line above" in done.stderr
