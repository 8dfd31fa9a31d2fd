"""``evalsite doctor``: what this machine's sandbox gives, and what a model's server can do."""

import re
import shlex

import pytest

from evalsite.cli.main import cli
from evalsite.languages import LANGUAGES
from tests.cli.helpers import failed, running
from tests.faulty_server import FaultyServer


@pytest.mark.sandbox
def test_doctor_tries_sandbox_and_server(evalsite):
    """A table of each, a sentence, and the command that this server needs; a NO is exit code 4."""
    with running(
        FaultyServer(pages={"/v1/models": {"data": [{"id": "the other"}]}}, streams=False)
    ) as server:
        process = evalsite("doctor", "--model-endpoint", server.url, "--model-name", "m")
    assert process.returncode == 4, process.stderr
    assert re.search(r"^(bubblewrap|landlock sandbox)\s+yes", process.stdout, re.MULTILINE)
    assert re.search(r"^seccomp\s+yes", process.stdout, re.MULTILINE)
    assert re.search(r"^model name\s+NO", process.stdout, re.MULTILINE)
    assert "Not ready for a run: see model name above." in process.stderr
    words = shlex.split(process.stderr.splitlines()[-1].partition("evalsite run ")[2])
    assert words == ["--model-endpoint", f"{server.url}/v1", "--model-name", "the other", "--no-stream"]
    assert cli.get_command(None, "run").make_context("run", words).params["stream"] is False
    failed(evalsite("doctor", "--model-endpoint", "http://127.0.0.1:1"), 2, "--model-name")


@pytest.mark.sandbox
def test_the_doctor_takes_the_options_of_a_run_and_repeats_them(evalsite):
    """What it prints is the run's command, as it works; only a header's value is left to fill in."""
    pages = {"/v1/models": {"data": [{"id": "m"}]}}
    given = (
        "--temperature",
        "0.5",
        "--patience",
        "2m",
        "--stop",
        "END",
        "--system",
        "Be brief.",
        "--concurrency",
        "3",
    )
    with running(FaultyServer(pages=pages, streams=False)) as server:
        process = evalsite(
            "doctor", "--model-endpoint", server.url, "--model-name", "m", *given,
            "--no-stream", "--header", "X-A=b c",
        )  # fmt: skip
        assert {each.body.get("messages", [{}])[0].get("content") for each in server.requests[1:]} == {
            "Be brief."
        }
    assert process.returncode == 0, process.stderr
    words = shlex.split(process.stderr.splitlines()[-1].partition("evalsite run ")[2])
    params = cli.get_command(None, "run").make_context("run", words).params
    assert (params["temperature"], params["patience"], params["stop"]) == (0.5, 120.0, ("END",))
    assert (params["system"], params["concurrency"], params["stream"]) == ("Be brief.", 3, False)
    assert params["header"] == ("X-A=VALUE",)


@pytest.mark.sandbox
def test_the_doctor_ends_with_4_where_no_api_works(evalsite):
    """And prints no command, since none would work."""
    with running(FaultyServer(refused_words={"model": "not here"})) as server:
        process = evalsite("doctor", "--model-endpoint", server.url, "--model-name", "m")
    assert process.returncode == 4, process.stderr
    assert "see completions API and chat API above" in process.stderr
    assert "next:" not in process.stderr


def test_the_doctor_says_which_languages_can_run(evalsite):
    """One row each, and no sandbox is tried; a language that is missing is no failure."""
    process = evalsite("doctor", "--languages")
    assert process.returncode == 0, process.stderr
    rows = process.stdout.splitlines()[1:]
    assert len(rows) == sum(language.toolchain is not None for language in LANGUAGES.values())
    assert all(re.search(r"  (yes +\S+ \d|NO +no \S+.*apt-get install \S)", row) for row in rows), rows
