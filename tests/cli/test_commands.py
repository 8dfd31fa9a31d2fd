"""The program as a person meets it: commands, exit codes, messages; never a traceback."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evalsite.cli.main import COMMANDS, cli, run_command
from evalsite.rundir.schema import Model, ModelCard, Verdict
from evalsite.rundir.store import RunDir
from tests import preloaded
from tests.cli.helpers import HUMANEVAL_2, failed, running
from tests.conftest import ROOT
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


def test_completion_scripts_are_printed(evalsite):
    """For the three shells that click knows."""
    for shell in ("bash", "zsh", "fish"):
        assert "_EVALSITE_COMPLETE" in evalsite("completion", shell).stdout


@pytest.mark.sandbox
def test_import_grades_samples_and_prints_the_runs_path_last(evalsite, samples, tmp_path):
    """And report, validate and grade take it from there."""
    process = evalsite("import", samples, "--dataset", "humaneval", "--model-name", "m", "--runs-dir", "r")
    assert process.returncode == 0, process.stderr
    run = Path(process.stdout.splitlines()[-1])
    assert (tmp_path / run / "verdicts.jsonl").is_file()
    assert "samples for 1 of 164 problems" in " ".join(process.stderr.split())
    (entry,) = json.loads(evalsite("report", run, "--format", "json").stdout)["reports"]
    assert entry["pass_at_1"]["score"] == 0.5
    assert entry["per_problem_results"]["HumanEval/2"]["error_types"] == ["AssertionError"]
    assert "sound" in evalsite("validate", run).stdout
    again = evalsite("grade", run, "--again")
    assert "0 verdicts changed" in again.stdout


@pytest.mark.sandbox
def test_an_answer_to_an_unknown_problem_is_named(evalsite, samples, tmp_path):
    """Exit code 5, not a traceback."""
    run = tmp_path / evalsite("import", samples, "--model-name", "m").stdout.strip()
    path = run / "completions.jsonl"
    path.write_text(path.read_text().replace('"HumanEval/2"', '"HumanEval/3"'))
    failed(evalsite("grade", run, "--again"), 5, "'HumanEval/3'", "problems.jsonl")


def test_a_run_is_not_compared_with_itself_by_mistake(evalsite, tmp_path):
    """It would always be met. With --force it can be seen, and nothing is concluded."""
    run_dir = RunDir.create(tmp_path / "runs", make_record("one"), [make_problem()])
    run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
    failed(evalsite("compare", "one", run_dir.path), 2, "one and the same run, one", "--force")
    forced = evalsite("compare", "one", "one", "--force")
    assert forced.returncode == 9
    assert "Both are one and the same run, one." in forced.stdout


@pytest.mark.parametrize(("name", "said"), [(b"a\xff", "UTF-8"), (b" ", "empty")])
def test_a_model_needs_a_name_that_can_be_written_down(evalsite, samples, name, said):
    """Exit code 2 at once, and nothing half-made in the runs folder."""
    failed(evalsite("import", samples, "--model-name", os.fsdecode(name)), 2, said)


@pytest.mark.parametrize("option", ["--temperature", "--top-p", "--cpu-limit", "--timeout"])
def test_settings_are_finite_numbers(evalsite, option):
    """NaN would be written as null, and the run could not be read again."""
    base = ("run", "--model-endpoint", "http://127.0.0.1:1", "--model-name", "m")
    failed(evalsite(*base, option, "nan"), 2, option, "finite")
    failed(evalsite("compare", "a", "b", "--margin", "nan"), 2, "--margin", "finite")


def test_a_full_standard_output_is_told(tmp_path):
    """Exit code 7: not 1, which would be a gate's no."""
    run_dir = RunDir.create(tmp_path / "runs", make_record(), [make_problem()])
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [sys.executable, "-m", "evalsite", "report", str(run_dir.path)],
            cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    failed(process, 7, "No space left")


def test_a_reader_that_has_seen_enough_is_no_error(environment, tmp_path):
    """As with ``| head -1``: not a word, and an exit code that no gate takes for its answer."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [sys.executable, "-m", "evalsite", "run", "--help"],
        cwd=tmp_path, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (process.returncode, process.stderr) == (141, "")


@pytest.mark.parametrize("allowed", ["missed", "pending,met", "inconclusive,anything"])
def test_only_what_is_open_can_be_allowed(evalsite, tmp_path, allowed):
    """A gate that let a miss through by a typing error would be none."""
    write_run(tmp_path / "runs", "m", [1] * 4, n=1)
    wrong = allowed.rpartition(",")[2]
    failed(evalsite("check", "--allow", allowed), 2, f"--allow {wrong}", "can be allowed")


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


def test_an_unknown_dataset_is_named(evalsite, samples):
    """Exit code 3, and the known names."""
    process = evalsite("import", samples, "--dataset", "humanevil", "--model-name", "m")
    failed(process, 3, "error[dataset]", "'humanevil'", "mbpp-sanitized")


def test_a_dataset_cut_in_the_middle_is_named(evalsite, samples, tmp_path):
    """Exit code 3, with file and line; no run directory is left behind."""
    (tmp_path / "cut.jsonl").write_text('{"task_id": "A/0", "prompt": "def f')
    process = evalsite("import", samples, "--data-path", "cut.jsonl", "--model-name", "m")
    failed(process, 3, "cut.jsonl:1", "fetch it again")
    assert not (tmp_path / "runs").exists()


def test_a_refused_endpoint_is_named(evalsite, tmp_path):
    """Exit code 4 at once, not after a minute of retries."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = evalsite(
        "run", "--model-endpoint", f"http://127.0.0.1:{port}", "--model-name", "m", "--no-grade"
    )
    failed(process, 4, "error[endpoint", f"127.0.0.1:{port}")
    assert not (tmp_path / "runs").exists()


def test_an_endpoint_that_answers_html_is_named(evalsite):
    """Exit code 4; the address is probably a web interface's."""
    with running(FaultyServer(pages={"/v1/models": "<!doctype html><title>Open WebUI</title>"})) as server:
        process = evalsite("run", "--model-endpoint", server.url, "--model-name", "m", "--no-grade")
    failed(process, 4, "web page")


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


@pytest.mark.sandbox
def test_an_output_folder_that_cannot_be_written_is_named(evalsite, samples, tmp_path):
    """Exit code 7; a file stands where the folder should be."""
    evalsite("import", samples, "--model-name", "m")
    (tmp_path / "site").write_text("in the way")
    failed(evalsite("build", "--output", "site"), 2, "is a file")
    (tmp_path / "file").write_text("")
    failed(evalsite("build", "--output", "file/site"), 7, "file/site")


def test_a_bad_model_card_and_header_are_named(evalsite, tmp_path):
    """Exit code 2, naming file and field; a header's value is never repeated."""
    (tmp_path / "card.toml").write_text("bits = 2\n")
    base = ("run", "--model-endpoint", "http://127.0.0.1:1", "--model-name", "m")
    failed(evalsite(*base, "--model-card", "card.toml"), 2, "card.toml", "bits", "bits_per_weight")
    process = evalsite(*base, "--header", "hunter2")
    failed(process, 2, "NAME=VALUE")


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


def answering(runs, *names):
    for name in names:
        record = make_record(name, model=Model(name=name.partition("--")[2]))
        RunDir.create(runs, record, [make_problem()]).write_verdicts(
            [Verdict(problem="Demo/0", sample=0, verdict="passed")]
        )


@pytest.mark.parametrize("name", ["2026-11-22--b", "11-22", "B", "b", "runs/2026-11-22--b"])
def test_a_run_goes_by_its_path_its_name_a_part_of_it_or_its_model(evalsite, tmp_path, name):
    """And which was taken is said, unless it was its folder that was named."""
    answering(tmp_path / "runs", "2026-11-21--a", "2026-11-22--b", "2026-11-23--a")
    for command in ("report", "failures"):
        done = evalsite(command, name)
        assert done.returncode == 0, done.stderr
        assert ("note: " in done.stderr) == ("2026" not in name)
        if "2026" not in name:
            assert f"{name} is runs/2026-11-22--b" in done.stderr


def test_a_name_that_fits_several_runs_or_none_is_refused_with_what_there_is(evalsite, tmp_path):
    """Neither the newest nor the first is taken in silence."""
    answering(tmp_path / "runs", "2026-11-21--a", "2026-11-22--b", "2026-11-23--a")
    failed(evalsite("report", "a"), 5, "2 runs below runs/ answer to that", "2026-11-21--a, 2026-11-23--a")
    failed(evalsite("report", "2026"), 5, "3 runs below runs/")
    failed(evalsite("report", "c"), 5, "no run directory", "2026-11-23--a")


ROLES = [
    ("candidate", "baseline", True),
    ("", "baseline", True),
    ("candidate", "", True),
    ("baseline", "", False),
    ("", "candidate", False),
    ("candidate", "candidate", False),
]


@pytest.mark.parametrize(("base", "candidate", "refused"), ROLES)
def test_swapped_roles_are_refused_with_the_command_that_is_right(
    evalsite, tmp_path, base, candidate, refused
):
    """What the model cards say is held against the arguments' order; --force is for those who mean it."""
    for name, role in (("one", base), ("two", candidate)):
        record = make_record(name, model=Model(name=name, card=ModelCard(role=role)))
        run_dir = RunDir.create(tmp_path / "runs", record, [make_problem()])
        run_dir.write_verdicts([Verdict(problem="Demo/0", sample=0, verdict="passed")])
    done = evalsite("compare", "one", "two")
    assert (done.returncode == 2) == refused
    assert evalsite("compare", "one", "two", "--force").returncode == 9
    if refused:
        assert ("are swapped" in done.stderr) == bool(base and candidate)
        (line,) = re.findall(r"evalsite (compare .*?)  ", done.stderr)
        assert line == "compare runs/two runs/one"
        assert evalsite(*line.split()).returncode == 9


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
