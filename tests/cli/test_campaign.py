"""Levels by one command: told beforehand, a run each, one campaign, and gone on with by one command."""

import gzip
import json
import shutil
from itertools import pairwise, takewhile
from pathlib import Path

import pytest
from aiohttp import web

from evalsite.calls.task import task_of
from evalsite.datasets.source import load_dataset
from evalsite.rundir.levels import Wanted
from evalsite.rundir.store import RunDir
from tests.calls.server import CallingServer, assign
from tests.cli.helpers import failed, running
from tests.loopback import LoopbackServer


@pytest.fixture(scope="module")
def few(shared, tmp_path_factory):
    """Some sixty of BFCL's records, in a file."""
    path = tmp_path_factory.mktemp("few") / "few.jsonl"
    with gzip.open(shared / "datasets/bfcl-v4-single-turn.jsonl.gz", "rt") as file:
        path.write_text("".join(list(file)[::60]))
    return path


def asked(url, few, *options):
    return (
        "run", "--model-endpoint", url, "--model-name", "m", "--data-path", few, "--dataset", "few",
        "--no-preflight", *options,
    )  # fmt: skip


def levels(few, *wanted):
    whole = load_dataset("few", few)
    return [whole.at(each).problems for each in wanted]


def runs_of(done):
    return [RunDir(Path(path)) for path in done.stdout.split()]


def begin_alike(lists):
    """How many tools at the beginning each list shares with the next, in all."""
    pairs = (zip(one, other, strict=False) for one, other in pairwise(lists))
    return sum(sum(1 for _ in takewhile(lambda two: two[0] == two[1], pair)) for pair in pairs)


@pytest.mark.sandbox
def test_levels_are_a_run_each_and_one_campaign(evalsite, few, tmp_path):
    """Each names its level and all of them; problems and their order of asking fit the level."""
    easy, hard = levels(few, Wanted(), Wanted(8))
    server = CallingServer(easy)
    server.add(hard, assign(hard, {"wrong_tool": 10}))
    with running(server):
        done = evalsite(*asked(server.url, few, "--distractors", "8,0"))
    assert done.returncode == 0, done.stderr
    assert "level 2 of 2: few+8-tools" in done.stderr
    first, second = runs_of(done)
    records = [first.read_run(), second.read_run()]
    assert [each.dataset.name for each in records] == ["few", "few+8-tools"]
    assert not records[0].dataset.level
    level = records[1].dataset.level
    assert (level.of, level.of_sha256, level.distractors, level.context_tokens) == (
        "few", records[0].dataset.sha256, 8, 0,
    )  # fmt: skip
    assert records[0].dataset.sha256 != records[1].dataset.sha256
    assert records[0].campaign == records[1].campaign
    assert records[0].campaign.levels == ("few", "few+8-tools")
    assert first.read_summary().verdicts == {"passed": len(easy)}
    assert second.read_summary().verdicts == {"passed": len(hard) - 10, "wrong_tool": 10}
    harder = [body["tools"] for body in server.asked[len(easy) :]]
    as_they_stand = [task_of(problem).tools for problem in hard]
    assert begin_alike(harder) > 1.5 * begin_alike(as_they_stand)
    for run_dir in (first, second):
        assert evalsite("validate", run_dir.path).returncode == 0
    built = evalsite("build", "--output", "site")
    assert built.returncode == 0, built.stderr
    assert "few+8-tools" in (tmp_path / "site/index.html").read_text()


def test_one_command_goes_on_with_all_levels(evalsite, few):
    """A level that lacks samples, one that was never begun, and one that is whole."""
    wanted = (Wanted(), Wanted(2), Wanted(4))
    server = CallingServer([])
    for problems in levels(few, *wanted):
        server.add(problems)
    with running(server):
        done = evalsite(*asked(server.url, few, "--distractors", "0,2,4", "--no-grade"))
        assert done.returncode == 0, done.stderr
        whole, lacking, gone = runs_of(done)
        begun = [body["tools"] for body in server.asked]
        rows = (lacking.path / "completions.jsonl").read_text().splitlines(keepends=True)
        (lacking.path / "completions.jsonl").write_text("".join(rows[:20]))
        shutil.rmtree(gone.path)
        server.asked.clear()
        resumed = evalsite("resume", lacking.path, "--no-grade")
    assert resumed.returncode == 0, resumed.stderr
    again = runs_of(resumed)
    assert [each.read_run().dataset.name for each in again] == ["few", "few+2-tools", "few+4-tools"]
    assert [each.path for each in again[:2]] == [whole.path, lacking.path]
    assert len({each.read_run().campaign.id for each in again}) == 1
    assert len(server.asked) == len(rows) - 20 + len(rows), "what was answered is not asked again"
    assert all(body["tools"] in begun for body in server.asked)
    assert again[2].read_run().identity_of == {
        **again[1].read_run().identity_of,
        "dataset.name": "few+4-tools",
        "dataset.sha256": again[2].read_run().dataset.sha256,
    }


def test_a_rehearsal_says_the_tokens_of_each_level_first(evalsite, few, tmp_path):
    """And of all together; nothing is asked, and nothing written."""
    done = evalsite(
        *asked("http://127.0.0.1:9", few, "--distractors", "0,8", "--context-tokens", "0,500", "--dry-run")
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    names = ["few", "few+500-context", "few+8-tools", "few+8-tools+500-context"]
    assert [line.partition(":")[0] for line in lines[:4]] == names
    tokens = [int(line.partition("about ")[2].partition(" tokens")[0].replace(",", "")) for line in lines[:5]]
    problems = len(few.read_text().splitlines())
    assert tokens[1] - tokens[0] == pytest.approx(500 * problems, rel=0.35)
    assert tokens[2] > 2 * tokens[0]
    assert tokens[4] == sum(tokens[:4])
    assert lines[4].startswith("all 4 levels:")
    assert lines[5].startswith("Prompts that begin alike follow each other:")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--distractors", "0,x"], "no list of whole numbers"),
        (["--distractors", "-1"], "no list of whole numbers"),
        (["--distractors", ""], "no list of whole numbers"),
        (["--distractors", "100001"], "100001 is more than 100,000"),
        (["--context-tokens", "10000001"], "10000001 is more than 10,000,000"),
        (["--context-tokens", "99999999"], "is more than 10,000,000"),
        (["--distractors", "0,5000"], "5000 distractors are wanted, and only"),
        (["--context-tokens", "0,900000"], "own texts make up some"),
        (["--dataset", "few+8-tools", "--distractors", "0,8"], "the data set is named with a level"),
        (["--dataset", "humaneval", "--data-path", "", "--distractors", "8"], "has no tools of its own"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anything_is(evalsite, few, tmp_path, options, said):
    """With exit code 2, and no run."""
    words = list(asked("http://127.0.0.1:9", few, *options))
    if "humaneval" in options:
        words = [each for each in words if each not in (few, "", "--data-path", "few")]
        words.remove("--dataset")
    done = evalsite(*words, "--no-grade")
    failed(done, 2, said)
    assert not (tmp_path / "runs").exists()


class SmallContext(LoopbackServer):
    """Refuses what is longer than some characters, as a server does whose context is too small."""

    async def _get(self, request):
        return web.json_response({"object": "list", "data": [{"id": "m"}]})

    async def _post(self, request):
        body = await request.json()
        if len(json.dumps(body["messages"])) > 6000:
            words = "This model's maximum context length is 2048 tokens. However, you requested 9000 tokens."
            return web.json_response({"error": {"message": words}}, status=400)
        choice = {"index": 0, "message": {"content": "No."}, "finish_reason": "stop"}
        usage = {"prompt_tokens": len(json.dumps(body["messages"])) // 4, "completion_tokens": 1}
        return web.json_response({"model": "m", "choices": [choice], "usage": usage})


def test_a_level_that_a_server_refuses_ends_no_other(evalsite, tmp_path):
    """What it refuses is told, and the other levels are asked; functions, too, have a conversation before."""
    with running(SmallContext()) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--max-problems", 4, "--no-grade",
            "--no-stream", "--context-tokens", "0,500,8000",
        )  # fmt: skip
    said = " ".join(done.stderr.split())
    assert done.returncode != 0
    assert "Traceback" not in said
    assert "level 3 of 3: humaneval+8000-context" in said
    assert "maximum context length" in said
    names = [RunDir(path).read_run().dataset.name for path in sorted((tmp_path / "runs").iterdir())]
    assert sorted(names) == ["humaneval", "humaneval+500-context"]
    read = [
        sum(row.prompt_tokens for row in RunDir(path).completions()) / 4
        for path in sorted((tmp_path / "runs").iterdir())
    ]
    assert max(read) - min(read) == pytest.approx(500, rel=0.4)


class Tempted(LoopbackServer):
    """Writes the code of HumanEval's problems; offered more than four tools, calls one for some of them."""

    def __init__(self, tempted):
        self.asked = []
        self._tempted = tempted
        self._answers = {problem.entry_point: problem for problem in load_dataset("humaneval").problems[:4]}

    async def _get(self, request):
        return web.json_response({"object": "list", "data": [{"id": "m"}]})

    async def _post(self, request):
        body = await request.json()
        self.asked.append(body)
        said = body["messages"][-1]["content"]
        problem = next(each for name, each in self._answers.items() if f"def {name}(" in said)
        message = {"content": f"```python\n{problem.prompt}{problem.reference}\n```"}
        offered = body.get("tools", [])
        if problem.entry_point in self._tempted and len(offered) > 4:
            called = {"name": offered[0]["function"]["name"], "arguments": "{}"}
            message = {"content": "", "tool_calls": [{"id": "a", "type": "function", "function": called}]}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response({"model": "m", "choices": [choice]})


@pytest.mark.sandbox
def test_tools_beside_a_question_for_code_are_those_of_bfcl(evalsite, shared, tmp_path):
    """The same for all as far as can be; who calls one and writes no code has a class of its own."""
    env = {"EVALSITE_DATA": str(shared / "datasets")}
    with running(Tempted({"has_close_elements", "truncate_number"})) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m",
            "--problems", "HumanEval/0,HumanEval/1,HumanEval/2,HumanEval/3", "--no-stream",
            "--distractors", "0,4,8", "--no-preflight", env=env,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    runs = runs_of(done)
    assert [each.read_run().dataset.name for each in runs] == [
        "humaneval",
        "humaneval+4-tools",
        "humaneval+8-tools",
    ]
    assert [each.read_summary().verdicts for each in runs] == [
        {"passed": 4}, {"passed": 4}, {"passed": 2, "unwanted_call": 2},
    ]  # fmt: skip
    assert [len(body.get("tools", ())) for body in server.asked] == [0] * 4 + [4] * 4 + [8] * 4
    names = [[tool["function"]["name"] for tool in body["tools"]] for body in server.asked[4:]]
    assert all(one[:2] == names[0][:2] for one in names)
    told = {row.problem: row.message for row in runs[2].verdicts() if row.verdict == "unwanted_call"}
    assert set(told) == {"HumanEval/0", "HumanEval/2"}
    assert told["HumanEval/0"] == f"the answer calls {names[-1][0]}, and holds no code"
    for each in runs:
        assert evalsite("validate", each.path).returncode == 0
    rows = (runs[1].path / "completions.jsonl").read_text().splitlines(keepends=True)
    (runs[1].path / "completions.jsonl").write_text("".join(rows[:3]))
    (runs[1].path / "verdicts.jsonl").unlink()
    with running(Tempted(())) as server:
        again = evalsite("resume", runs[0].path, "--model-endpoint", server.url, "--no-preflight", env=env)
    assert again.returncode == 0, again.stderr
    assert [len(body["tools"]) for body in server.asked] == [4]
    assert runs[1].read_summary().verdicts == {"passed": 4}
