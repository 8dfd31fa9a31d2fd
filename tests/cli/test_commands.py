"""The program as a person meets it: commands, exit codes, messages; never a traceback."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evalsite.cli.main import COMMANDS, cli, run_command
from evalsite.rundir.store import RunDir
from tests import preloaded
from tests.cli.helpers import HUMANEVAL_2, failed, running
from tests.faulty_server import FaultyServer
from tests.make import make_problem, make_record, write_run


def test_help_lists_every_command_and_exit_code(evalsite):
    """--help is complete, and short enough to read."""
    process = evalsite("--help")
    assert process.returncode == 0
    for command, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {command} +{re.escape(line)}$", process.stdout, re.MULTILINE), command
    for code in (*range(10), 70, 130, 141):
        assert re.search(rf"\b{code}  \w", process.stdout), code
    assert max(map(len, process.stdout.splitlines())) <= 100


def test_help_answers_at_once(environment):
    """None of the commands is imported to tell what there is, nor anything that they stand on."""
    code = (
        "import sys; from evalsite.cli.main import run_command as run; run(['--help']); print(*sys.modules)"
    )
    words = [sys.executable, "-c", code]
    process = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    loaded = set(process.stdout.splitlines()[-1].split())
    assert "evalsite.cli.main" in loaded
    assert not loaded & {"numpy", "aiohttp", "jinja2", *(module for module, _ in COMMANDS.values())}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(evalsite, command):
    """-h works everywhere."""
    process = evalsite(command, "-h")
    assert process.returncode == 0
    assert process.stdout.startswith(f"Usage: evalsite {command}")


def test_version_is_the_packages(evalsite):
    """--version says which evalsite this is."""
    from evalsite import __version__

    assert evalsite("--version").stdout.split() == ["evalsite,", "version", __version__]


def test_a_full_standard_output_is_told(environment, tmp_path):
    """Exit code 7: not 1, which would be a gate's no."""
    run_dir = RunDir.create(tmp_path / "runs", make_record(), [make_problem()])
    with Path("/dev/full").open("wb") as full:
        process = preloaded.run(
            [sys.executable, "-m", "evalsite", "report", str(run_dir.path)], cwd=tmp_path, env=environment,
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    failed(process, 7, "No space left")


def test_a_reader_that_has_seen_enough_is_no_error(environment, tmp_path):
    """As with ``| head -1``: not a word, and an exit code that no gate takes for its answer."""
    reading, writing = os.pipe()
    os.close(reading)
    process = preloaded.run(
        [sys.executable, "-m", "evalsite", "run", "--help"],
        cwd=tmp_path, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (process.returncode, process.stderr) == (141, "")


def test_what_is_printed_does_not_depend_on_how_python_hashes(environment, tmp_path):
    """The same bytes under two seeds of its hashes: no order comes from a set."""
    base = write_run(tmp_path / "runs", "base", [10, 7, 3, 0] * 5, day="2026-11-18")
    other = write_run(tmp_path / "runs", "other", [9, 7, 0, 4] * 5, day="2026-11-19")
    for command in (
        ("compare", base.path, other.path, "--format", "json"),
        ("report", base.path, other.path),
        ("check", "--baseline", "base", "--format", "markdown"),
        ("build", "--output", "site"),
    ):
        printed = set()
        for seed in ("1", "2"):
            done = preloaded.run(
                [sys.executable, "-m", "evalsite", *map(str, command)],
                cwd=tmp_path, env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=False,
            )  # fmt: skip
            assert b"Traceback" not in done.stderr
            files = sorted((tmp_path / "site").rglob("*")) if command[0] == "build" else []
            pages = tuple((path.name, path.read_bytes()) for path in files if path.is_file())
            shutil.rmtree(tmp_path / "site", ignore_errors=True)
            printed.add((done.returncode, b"" if pages else done.stdout, pages))
        assert len(printed) == 1, command[0]
        assert printed != {(0, b"", ())}


def test_a_bug_is_no_verdict(monkeypatch, capsys):
    """A traceback for whoever reports it, and exit code 70: a gate would take 1 for its answer."""

    def fail(*_args, **_options):
        raise KeyError("a bug")

    monkeypatch.setattr(cli, "main", fail)
    assert run_command(["check"]) == 70
    assert "KeyError: 'a bug'" in capsys.readouterr().err


@pytest.mark.sandbox
def test_a_broken_line_in_a_run_is_named(evalsite, samples, tmp_path):
    """Exit code 5, with file, line and field, by report, build and validate alike."""
    run = tmp_path / evalsite("import", samples, "--model-name", "m").stdout.strip()
    lines = (run / "verdicts.jsonl").read_text().splitlines()
    lines[0] = lines[0].replace('"sample": 0', '"sample": "zero"').replace('"sample": 1', '"sample": "one"')
    (run / "verdicts.jsonl").write_text("\n".join(lines) + "\n")
    (run / "summary.json").unlink()
    for command in (("validate", run), ("report", run), ("build", "--runs", "runs", "--output", "site")):
        process = evalsite(*command)
        assert process.returncode == 5, command
        assert "Traceback" not in process.stderr
        assert "verdicts.jsonl:1" in (process.stdout + process.stderr).replace("\n", "")


def test_no_such_run_is_named(evalsite):
    """Exit code 5."""
    failed(evalsite("report", "nowhere"), 5, "nowhere", "run.json")


def test_a_bad_model_card_and_header_are_named(evalsite, tmp_path):
    """Exit code 2, naming file and field; a header's value is never repeated."""
    (tmp_path / "card.toml").write_text("bits = 2\n")
    base = ("run", "--model-endpoint", "http://127.0.0.1:1", "--model-name", "m", "--no-grade")
    failed(evalsite(*base, "--model-card", "card.toml"), 2, "card.toml", "bits", "bits_per_weight")
    process = evalsite(*base, "--header", "hunter2")
    failed(process, 2, "NAME=VALUE")


def test_secrets_appear_nowhere(evalsite, tmp_path):
    """Not the key, not a header's value, not a password in the URL: in no file, message or page."""
    secrets = ("sk-very-secret-key", "header-hunter2", "url-passw0rd")
    with running(FaultyServer(answer=lambda *_: HUMANEVAL_2)) as server:
        url = server.url.replace("http://", f"http://user:{secrets[2]}@")
        process = evalsite(
            "run", "--model-endpoint", url, "--model-name", "m", "--max-problems", 2, "--no-grade",
            "--header", f"X-Token={secrets[1]}", env={"OPENAI_API_KEY": secrets[0]},
        )  # fmt: skip
        assert process.returncode == 0, process.stderr
        assert server.requests[0].headers["X-Token"] == secrets[1]
    evalsite("build", "--output", "site")
    seen = process.stdout + process.stderr
    for path in tmp_path.rglob("*"):
        if path.is_file():
            seen += path.read_text("utf-8", errors="replace")
    for secret in secrets:
        assert secret not in seen


def test_advice_of_serve_takes_a_folder_with_spaces(evalsite):
    """No site is there yet; the command that makes one."""
    failed(evalsite("serve", "my site"), 2, "Build one first: evalsite build --output 'my site'")


@pytest.mark.parametrize(
    ("lost", "command", "advice"),
    [
        ("verdicts.jsonl", ("export", "--format", "evalplus"), "Grade it first: evalsite {grade}"),
        (
            "verdicts.jsonl",
            ("link", "HumanEval/0", "--site-url", "https://me.github.io/x/"),
            "Grade it: evalsite {grade}",
        ),
        ("summary.json", ("report",), "write it with: evalsite {grade}"),
        ("nothing", ("resume",), "no verdict yet with: evalsite {grade}"),
    ],
)
def test_advice_takes_paths_with_spaces(evalsite, tmp_path, lost, command, advice):
    """Errors and warnings, whichever command meets them: what they tell to type names the run in one word."""
    run = write_run(tmp_path / "my runs", "m", [1, 0], n=1, settings=None).path
    if lost == "verdicts.jsonl":
        (run / lost).write_bytes(b"")
        (run / "summary.json").unlink()
    elif lost == "summary.json":
        (run / lost).write_text((run / lost).read_text().replace('"passed": 1', '"passed": 2'))
    name, *options = command
    said = " ".join(evalsite(name, f"my runs/{run.name}", *options).stderr.split())
    assert advice.format(grade=f"grade 'my runs/{run.name}'") in said
