"""macOS and Windows: everything but running programs works there.

Both are simulated: a ``sitecustomize`` of ours takes from Python what it lacks there, in each process that a
test starts.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evalsite.cli.main import COMMANDS
from evalsite.rundir.store import RunDir
from tests import preloaded
from tests.cli.conftest import samples  # noqa: F401 - a fixture
from tests.cli.helpers import HUMANEVAL_2, failed, running
from tests.conftest import ROOT
from tests.faulty_server import FaultyServer
from tests.make import BASELINE, CANDIDATE, write_run

PLATFORMS = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("macos", "windows")]
"""Each with the processes that have imported evalsite there (:mod:`tests.preloaded`)."""
LINUX_ALONE = (
    "clocks",
    "commands",
    "disk",
    "guarding",
    "lockdown",
    "programs",
    "promises",
    "python_program",
    "python_script",
    "rehearsing",
    "server",
    "verifying",
    "watching",
)
INSIDE = {f"evalsite.grading.inside.{name}" for name in LINUX_ALONE}
"""What runs in the sandbox alone, and so on Linux alone."""
WAYS_OUT = ("{grade} --in-container", "{grade}.", "{grade} --dask", "docker or podman", "WSL2")
WAY_OUT = (
    "generated code is run on Linux only",
    "--no-grade",
    *(way.format(grade="evalsite grade RUN") for way in WAYS_OUT),
)
TARGETS = """
[[target]]
name = "some"
metric = "pass@1"
dataset = "humaneval"
above = 10
"""


@pytest.fixture(params=PLATFORMS)
def platform(request):
    """Name of the simulated system."""
    return request.param


@pytest.fixture
def there(platform, evalsite_process):
    """Run ``python -m evalsite ARGS`` as on the simulated system; returns the finished process."""

    def run(*args):
        return evalsite_process(*args, env={"PYTHONPATH": path_of(platform)})

    return run


@pytest.fixture
def runs(tmp_path):
    """Two graded runs, baseline and candidate, in ``runs/``."""
    write_run(tmp_path / "runs", "base", (8, 6, 10), card=BASELINE, notes="Ünïcode stays as it is.\n")
    write_run(tmp_path / "runs", "cand", (7, 6, 9), card=CANDIDATE)
    return sorted((tmp_path / "runs").iterdir())


def path_of(platform):
    return os.pathsep.join([str(Path(__file__).with_name(platform)), str(ROOT)])


def contents(folder):
    """Return each file below a folder: its path -> its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def python_there(platform, code, *args, run=preloaded.run, **options):
    return run(
        [sys.executable, "-c", code, *map(str, args)], env={**os.environ, "PYTHONPATH": path_of(platform)},
        capture_output=True, text=True, check=False, **options,
    )  # fmt: skip


def test_the_names_are_gone(platform):
    """Or nothing here would mean anything."""
    said = python_there(
        platform,
        "import os, sys\nprint(sys.platform, hasattr(os, 'sched_getaffinity'), hasattr(os, 'fork'))\n"
        "import resource",
        run=subprocess.run,
    )
    assert said.stdout.split() == (
        ["darwin", "False", "True"] if platform == "macos" else ["linux", "False", "False"]
    )
    assert ("No module named 'resource'" in said.stderr) == (platform == "windows")


def test_only_what_runs_in_the_sandbox_needs_linux(platform):
    """Every other module can be imported, and none of them imports those."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "evalsite").rglob("*.py")
    }
    assert modules > INSIDE
    wanted = sorted(modules - INSIDE - {"evalsite.__main__"})
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1].split():\n    importlib.import_module(name)\n"
        "print(*(name for name in sys.modules if name.startswith('evalsite')))"
    )
    said = python_there(platform, code, " ".join(wanted), run=subprocess.run)
    assert said.returncode == 0, said.stderr
    assert set(said.stdout.split()) == set(wanted)


READING = """
import pytest

class Modules:
    def pytest_pycollect_makeitem(self):
        return []  # what they hold is defined by now, and to make tests of it would take as long again

    def pytest_collectreport(self, report):
        print(report.nodeid, report.outcome)

code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider"], plugins=[Modules()])
print(code == pytest.ExitCode.NO_TESTS_COLLECTED)
"""


@pytest.mark.long
def test_every_test_that_runs_there_can_be_read_there(platform):
    """None of them imports at its top what is not there, and those that do are left out by name."""
    said = python_there(platform, READING, cwd=ROOT, run=subprocess.run)
    assert said.stdout.endswith("True\n"), said.stdout[-3000:]
    assert "\ntests/test_api.py passed\n" in said.stdout


def test_every_command_explains_itself(platform):
    """Those, too, that cannot do their work there."""
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from evalsite.cli.main import cli\n"
        "for name in sys.argv[1:]:\n"
        "    result = CliRunner().invoke(cli, [name, '--help'], prog_name='evalsite')\n"
        "    print(result.exit_code, *result.output.split()[:3])\n"
    )
    said = python_there(platform, code, *COMMANDS)
    assert said.stdout.splitlines() == [f"0 Usage: evalsite {name}" for name in COMMANDS], said.stderr


COMMANDS_THERE = {
    "validate {base} {cand}": "sound",
    "report {base} {cand} --baseline base": "baseline",
    "report {base} --format json": '"base"',
    "compare {base} {cand}": "base",
    "compare {base} {cand} --format junit": "<testsuite",
    "check --allow inconclusive,pending --targets targets.toml": "met",
    "build --output there": "there",
    "failures {cand}": "HumanEval/0",
    "link {cand} HumanEval/0 --site-url https://example.org/": "https://example.org/",
    "export {cand} --format evalplus": "export",
    "init results --repository someone/results --baseline base": "results",
    "completion bash": "_EVALSITE_COMPLETE",
}
"""Command -> what it says, on either stream."""


def commands_there(platform, folder, *commands):
    """Run several commands in a folder, by one process; the exit code and the words of each."""
    code = (
        "import contextlib, io, json, os, sys\n"
        "from evalsite.cli.main import run_command\n"
        "from tests.site.sparing import in_one_process, small_cards\n"
        "os.chdir(sys.argv[1])\n"
        "for words in sys.argv[2:]:\n"
        "    out = io.StringIO()\n"
        "    quietly = contextlib.redirect_stdout(out), contextlib.redirect_stderr(out)\n"
        "    with quietly[0], quietly[1], in_one_process(), small_cards():\n"
        "        code = run_command(words.split())\n"
        "    print(json.dumps([code, out.getvalue()]))\n"
    )
    said = python_there(platform, code, folder, *commands)
    assert "Warning" not in said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_what_needs_no_sandbox_works(platform, runs, tmp_path):
    """Each command on a small run, with exit code 0; of three problems a comparison can tell nothing."""
    (tmp_path / "targets.toml").write_text(TARGETS, encoding="utf-8")
    base, cand = (run.name for run in runs)
    commands = [command.format(base=base, cand=cand) for command in COMMANDS_THERE]
    ended = commands_there(platform, tmp_path, *commands)
    for (command, says), (status, text) in zip(COMMANDS_THERE.items(), ended, strict=True):
        assert status == (9 if command.startswith("compare") else 0), (command, text)
        assert says in text, command


def test_what_is_written_there_is_what_is_written_here(platform, evalsite, runs, tmp_path):
    """Site, exports and a results repository are the same, byte for byte."""
    commands = (
        "build --output {folder}/site --site-url https://example.org/",
        f"export {runs[0].name} --format csv --output {{folder}}/csv",
        f"export {runs[0].name} --format lm-eval --output {{folder}}/lm-eval",
        "init {folder}/results --repository someone/results --baseline base",
    )
    done = [evalsite(*command.format(folder="here").split()).returncode for command in commands]
    done += [
        code
        for code, _ in commands_there(platform, tmp_path, *(one.format(folder="there") for one in commands))
    ]
    assert done == [0] * 8
    here, there = (contents(tmp_path / folder) for folder in ("here", "there"))
    assert len(here) > 30
    assert here.keys() == there.keys()
    assert [name for name, content in here.items() if there[name] != content] == []


def test_what_is_printed_there_is_what_is_printed_here(platform, environment, tmp_path):
    """Into a file or a pipe, byte for byte: names in every script, one byte for a newline."""
    write_run(tmp_path / "runs", "base", (8, 6, 10), card=BASELINE)
    run = write_run(tmp_path / "runs", "\u6a21\u578b \u2212\u00fc", (7, 6, 9), card=CANDIDATE).path.name

    commands = (["report", run], ["report", run, "--format", "json"], ["failures", run], ["--help"])
    code = (
        "import json, sys\n"
        "from evalsite.cli.console import settle_streams\n"
        "from evalsite.cli.main import run_command\n"
        "settle_streams()\n"
        "print([run_command(words) for words in json.loads(sys.argv[1])])\n"
    )

    def printed(path):
        done = preloaded.run(
            [sys.executable, "-c", code, json.dumps(commands)], cwd=tmp_path, capture_output=True,
            env={**environment, "PYTHONPATH": path}, check=False,
        )  # fmt: skip
        assert done.stdout.endswith(b"[0, 0, 0, 0]\n"), done.stderr
        return done.stdout

    here = printed(str(ROOT))
    assert printed(path_of(platform)) == here
    assert b"\r" not in here


def test_a_site_is_made_in_several_processes_there(platform, runs, tmp_path):
    """However many processors this machine has."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from evalsite.site.build import build_site\n"
        "from evalsite.site.options import SiteOptions\n"
        "print(build_site(Path(sys.argv[1]), Path(sys.argv[2]), options=SiteOptions(jobs=2)).pages)\n"
    )
    said = python_there(platform, code, tmp_path / "runs", tmp_path / "site")
    assert said.returncode == 0, said.stderr
    assert int(said.stdout) == len(list((tmp_path / "site").rglob("*.html")))


def test_asking_works_there_and_grading_elsewhere(there, tmp_path):
    """``run`` and ``resume`` with --no-grade; what they write has no trace of the system's ways."""
    with running(FaultyServer(answer=lambda *_: f"{HUMANEVAL_2}    # äöü\n")) as server:
        made = there(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--max-problems", 1, "--no-grade"
        )
        assert made.returncode == 0, made.stderr
        run = tmp_path / made.stdout.strip()
        more = there("resume", run, "-n", 3, "--no-grade")
        assert more.returncode == 0, more.stderr
    assert [path.name for path in run.glob(".*")] == [".resume.json"], "the lock is gone"
    files = list(run.iterdir())
    assert len(files) > 2
    for path in files:
        assert b"\r" not in path.read_bytes(), path
    assert "äöü" in (run / "completions.jsonl").read_text("utf-8")


@pytest.mark.linux
def test_ctrl_c_there_keeps_what_was_answered(platform, tmp_path):
    """Whether the event loop takes signal handlers or not: exit code 130, and a run that can be resumed."""
    with running(FaultyServer(latency_s=0.2)) as server:
        process = preloaded.Popen(
            [sys.executable, "-m", "evalsite", "run", "--model-endpoint", server.url, "--model-name", "m",
             "--concurrency", "2", "--no-grade"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": path_of(platform)}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        while not any(path.stat().st_size for path in tmp_path.glob("runs/*/completions.jsonl")):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    run = RunDir(tmp_path / out.strip())
    assert run.read_run().status == "interrupted"
    assert 0 < len(list(run.completions())) < 164
    assert f"evalsite resume {out.strip()}" in err


def test_samples_are_imported_there_and_graded_elsewhere(there, samples, tmp_path):  # noqa: F811
    """``import --no-grade`` keeps them; the run says that nothing has been graded."""
    made = there("import", samples, "--model-name", "m", "--no-grade")
    assert made.returncode == 0, made.stderr
    run = RunDir(tmp_path / made.stdout.strip())
    assert len(list(run.completions())) == 2
    assert (run.read_run().grading, list(run.verdicts())) == (None, [])
    failed(there("grade", run.path), 6, *(way.format(grade=f"evalsite grade {run.path}") for way in WAYS_OUT))
    assert f"grade {made.stdout.strip()} --in-container" in " ".join(made.stderr.split())


def test_what_needs_the_sandbox_says_what_works_instead(there, samples, tmp_path):  # noqa: F811
    """Exit code 6 and one message, before anything is asked or written."""
    with running(FaultyServer()) as server:
        failed(there("run", "--model-endpoint", server.url, "--model-name", "m"), 6, *WAY_OUT)
        assert server.requests == []
    failed(there("import", samples, "--model-name", "m", "--sandbox", "process"), 6, *WAY_OUT)
    failed(there("demo"), 6, *WAY_OUT)
    assert not list(tmp_path.glob("runs/*")), "no run was begun"


def test_doctor_says_that_there_is_no_sandbox(there):
    """And examines a server all the same."""
    failed(there("doctor"), 6)
    with running(FaultyServer()) as server:
        done = there("doctor", "--model-endpoint", server.url, "--model-name", "m")
        assert server.requests
    assert done.returncode == 0, done.stderr
    assert "needs Linux" in done.stdout


def test_one_process_writes_a_run_there(platform, runs):
    """The second is refused with the first one's number; one that has died is not in the way."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from evalsite.rundir.store import RunDir\n"
        "lock = RunDir(Path(sys.argv[1])).lock()\n"
        "lock.__enter__()\n"
        "print(os.getpid(), flush=True)\n"
        "sys.stdin.read()\n"
        "os._exit(0)\n"
    )
    first = preloaded.Popen(
        [sys.executable, "-c", code, runs[0]], env={**os.environ, "PYTHONPATH": path_of(platform)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    holder = first.stdout.readline().strip()
    second = python_there(platform, code, runs[0])
    first.communicate()
    assert f"RunLockedError: {runs[0]}: another evalsite process (pid {holder})" in second.stderr
    third = python_there(platform, code, runs[0])
    assert third.returncode == 0, third.stderr
