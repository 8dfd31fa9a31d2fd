"""``evalsite new-suite``: five questions, whoever answers them, and a plan that a sweep takes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tomllib

import jsonschema
import pytest

from evalsite.sweep.plan import read_plan
from tests import preloaded

OPTIONS = {
    "--baseline": "fp8 http://localhost:8000",
    "--candidates": "tern http://localhost:8001/v1, int 4 http://localhost:8002",
    "--datasets": "humaneval, mine.jsonl",
    "--num-samples": "5",
    "--margin": "7.5",
}
GIVEN = [word for pair in OPTIONS.items() for word in pair]


def test_a_plan_is_written_that_a_sweep_takes(evalsite, tmp_path):
    """From options alone, with its schema beside it, which it names and keeps to."""
    (tmp_path / "mine.jsonl").touch()
    done = evalsite("new-suite", *GIVEN)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "suite.toml\n"
    assert done.stderr.endswith("evalsite sweep suite.toml --dry-run\n")
    plan = read_plan(tmp_path / "suite.toml")
    assert [(model.name, model.endpoint) for model in plan.models] == [
        ("fp8", "http://localhost:8000"), ("tern", "http://localhost:8001/v1"), ("int 4", "http://localhost:8002"),
    ]  # fmt: skip
    assert [(one.name, one.data_path, one.num_samples) for one in plan.datasets] == [
        ("humaneval", "", 5), ("mine", "mine.jsonl", 5),
    ]  # fmt: skip
    assert (plan.baseline, plan.margin) == ("fp8", 7.5)
    text = (tmp_path / "suite.toml").read_text("utf-8")
    schema = tmp_path / text.partition("\n")[0].removeprefix("#:schema ")
    jsonschema.validate(tomllib.loads(text), json.loads(schema.read_text("utf-8")))


def test_a_plan_may_stand_in_another_folder(evalsite, tmp_path):
    """With its schema beside it, and the command that tries it."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/mine.jsonl").touch()
    done = evalsite("new-suite", "plans/a b.toml", *GIVEN)
    assert done.stdout == "plans/a b.toml\n"
    assert done.stderr.endswith("evalsite sweep 'plans/a b.toml' --dry-run\n")
    assert read_plan(tmp_path / "plans/a b.toml").baseline == "fp8"
    assert list((tmp_path / "plans/schemas").iterdir())


def test_what_is_there_is_left_as_it_is(evalsite, tmp_path):
    (tmp_path / "suite.toml").write_text("mine")
    done = evalsite("new-suite", *GIVEN)
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert (tmp_path / "suite.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--baseline": "localhost:8000"}, "not a model's name with the address"),
        ({"--baseline": "fp8 localhost:8000"}, "not a model's name with the address"),
        ({"--candidates": ""}, "not a model's name with the address"),
        ({"--candidates": "fp8 http://b"}, "models[2].name: 'fp8' stands there twice"),
        ({"--candidates": "b http://me:secret-word@b"}, "b: a password or a key has no place in a plan"),
        ({"--datasets": "humanevl"}, "humaneval is meant, perhaps"),
        ({"--datasets": " , "}, "no data set is named"),
        ({"--datasets": "humaneval, humaneval"}, "'humaneval' stands there twice"),
        ({"--num-samples": "0"}, "--num-samples: 0 is not in the range"),
        ({"--num-samples": "ten"}, "'ten' is not a valid integer"),
        ({"--margin": "-1"}, "-1.0 is not in the range"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else None,
)  # fmt: skip
def test_an_answer_that_is_none_writes_nothing(evalsite, tmp_path, changed, said):
    (tmp_path / "mine.jsonl").touch()
    done = evalsite("new-suite", *[word for pair in (OPTIONS | changed).items() for word in pair])
    assert done.returncode in (2, 3)
    assert said in " ".join(done.stderr.split())
    assert "secret-word" not in done.stderr
    assert list(tmp_path.glob("**/*.toml")) == []


@pytest.fixture
def started(environment, tmp_path):
    """Start it in an empty folder, with streams of its own."""

    def start(**streams):
        command = [sys.executable, "-m", "evalsite", "new-suite"]
        return preloaded.Popen(command, cwd=tmp_path, env=environment, **streams)

    return start


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        (["fp8 http://a", "tern http://b", "", "", ""], 0, "next: "),
        (["fp8 http://a"], 2, "--candidates has to be asked, and here is nobody to answer"),
        ([], 2, "--baseline has to be asked"),
        (["fp8 http://a", "tern"], 2, "not a model's name"),
    ],
    ids=["all", "one", "none", "wrong"],
)
def test_answers_come_by_a_pipe(started, tmp_path, lines, code, said):
    """An empty one takes what is offered; where they end, what is lacking is said, with a whole command."""
    process = started(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, told = process.communicate("".join(f"{line}\n" for line in lines).encode(), timeout=60)
    assert process.returncode == code
    assert said in told.decode()
    assert (tmp_path / "suite.toml").exists() == (code == 0)


@pytest.mark.linux
@pytest.mark.parametrize(("last", "code"), [(b"\x03", 130), (b"7.5\n", 0)], ids=["Ctrl-C", "an answer"])
def test_somebody_at_a_terminal_is_asked_again(started, tmp_path, last, code):
    """Until an answer is one; Ctrl-C at the last question leaves nothing behind."""

    def at_terminal():
        os.login_tty(terminal)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whatever started the tests may ignore it

    master, terminal = os.openpty()
    process = started(stdin=terminal, stdout=terminal, stderr=terminal, preexec_fn=at_terminal)
    os.close(terminal)
    seen = b""
    talk = [
        (b"address:", b"nobody\n"), (b"behind it", b""), (b"address:", b"fp8 http://a\n"),
        (b"commas between them:", b"tern http://b\n"), (b"[humaneval]:", b"\n"), (b"[10]:", b"\n"),
        (b"lost [10]:", last),
    ]  # fmt: skip
    for wanted, answer in talk:
        while wanted not in seen:
            seen += os.read(master, 1024)
        seen = seen.partition(wanted)[2]
        os.write(master, answer)
    # Between the question and the wait for its answer a terminal is set anew, and may lose a key.
    for _ in range(60):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
            break
        os.write(master, last)
    assert process.wait(timeout=1) == code
    os.close(master)
    left = {path.name for path in tmp_path.iterdir()} - {"home"}
    assert left == ({"schemas", "suite.toml"} if code == 0 else set())
