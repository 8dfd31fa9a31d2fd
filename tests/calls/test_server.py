"""Servers of five makes are asked, with every fault: each class is met, and the run gives back its shares."""

import asyncio
import json
from collections import Counter

import pytest
from msgspec.structs import replace

from evalsite.calls.task import task_of
from evalsite.client.core import Client
from evalsite.client.endpoints import parse_endpoint
from evalsite.datasets.source import load_dataset
from evalsite.extraction import extract
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import Completion, Settings
from evalsite.rundir.store import RunDir
from tests.calls.server import DIALECTS, FAULTS, Answer, CallingServer, assign, right_answer
from tests.cli.helpers import made, running

SETTINGS = Settings(api="chat", prompt="tools-v1", temperature=0.0, top_p=1.0, max_tokens=512)
MEANT = {"empty_arguments": "schema_violation", "stringified_arguments": "malformed_arguments"}
"""Faults that are symptoms -> the class that they have."""
EACH = 12
"""Answers of 400 that have each fault: 3 %."""


def judge(problem, completion):
    return kind_of(problem).judge(problem, extract(problem, completion))


@pytest.fixture(scope="module")
def problems(shared):
    """Four hundred problems whose accepted answer passes, of every category."""
    loaded = load_dataset("bfcl-v4", shared / "datasets/bfcl-v4-single-turn.jsonl.gz").problems
    chosen = []
    for problem in (*loaded[::9], *loaded[4::9]):
        calls = tuple(
            CallPiece(index=n, name=name, arguments=given)
            for n, (name, given) in enumerate(right_answer(problem).calls)
        )
        answer = Completion(problem=problem.task_id, sample=0, text="", form="response", calls=calls)
        verdict = judge(problem, answer)
        if verdict.verdict == "passed" and verdict.calls.fitting == verdict.calls.made:
            chosen.append(problem)
    assert len(chosen) >= 400
    return chosen[:400]


async def answers(server, settings, asked):
    """What the client makes of the server's answers, by problem."""
    async with server:
        endpoint = parse_endpoint(f"{server.url}/v1/chat/completions")
        async with Client([endpoint], settings, model="m") as client:
            work = ((prompt_for(problem, settings), (0,)) for problem in asked)
            return {outcome.problem: outcome async for outcome in client.generate(work)}


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_make_of_server_is_understood(problems, dialect, stream):
    """Calls in pieces and whole, ids and names once or always, one index for all, arguments as objects."""
    asked = [problem for problem in problems if len(task_of(problem).expected.calls) > 1][:12] + problems[:36]
    asked = list({problem.task_id: problem for problem in asked}.values())
    faults = assign(asked, {"leaked_call": 2, "malformed_arguments": 2, "wrong_count": 2, "truncated": 1})
    server = CallingServer(asked, dialect, faults)
    got = asyncio.run(answers(server, replace(SETTINGS, stream=stream), asked))
    found = {problem.task_id: judge(problem, got[problem.task_id]).verdict for problem in asked}
    assert found == {problem.task_id: faults.get(problem.task_id, "passed") for problem in asked}
    assert server.asked
    assert all(body.get("stream", False) is stream for body in server.asked)


@pytest.mark.long
@pytest.mark.sandbox
def test_a_run_of_400_gives_back_the_shares(problems, shared, tmp_path, evalsite):
    """Three of a hundred of each fault, exactly; what leaked would pass with a parser; nothing else fails."""
    faults = assign(problems, dict.fromkeys(FAULTS, EACH))
    with running(CallingServer(problems, "openai", faults)) as server:
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--dataset", "bfcl-v4",
            "--data-path", shared / "datasets/bfcl-v4-single-turn.jsonl.gz",
            "--problems", ",".join(problem.task_id for problem in problems), "--no-preflight",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    run_dir: RunDir = made(done)
    verdicts = {row.problem: row for row in run_dir.verdicts()}
    assert {name: row.verdict for name, row in verdicts.items()} == {
        problem.task_id: MEANT.get(faults.get(problem.task_id, ""), faults.get(problem.task_id, "passed"))
        for problem in problems
    }
    summary = run_dir.read_summary()
    wanted = Counter(MEANT.get(fault, fault) for fault in faults.values())
    assert summary.verdicts == {**wanted, "passed": 400 - len(faults)}
    assert (summary.calls.leaked, sum(summary.calls.families.values())) == (EACH, EACH)
    assert summary.calls.symptoms["stringified_arguments"] == EACH
    assert summary.calls.symptoms["repeated_call"] == EACH
    assert summary.calls.symptoms["empty_arguments"] >= EACH
    parsed = sum(group.parsed for group in summary.calls.groups.values())
    assert parsed == 400 - len(faults) + EACH
    told = json.loads(evalsite("report", run_dir.path, "--format", "json").stdout)["reports"][0]
    assert told["calls"]["answers_with_leaked_calls"] == EACH
    assert told["pass_at_1"]["score"] == pytest.approx(1 - len(faults) / 400)


class WritingServer(CallingServer):
    """Knows no tools: it writes its calls, as it was told to."""

    async def _post(self, request):
        body = await request.json()
        self.asked.append(body)
        return await self.send(request, body, self.written[body["messages"][-1]["content"]])


def test_a_command_asks_with_words_from_end_to_end(problems, shared, tmp_path, evalsite):
    """No tools go over the wire; calls that were written are read, judged, counted and resumed as others."""
    alone = [problem for problem in problems if len(task_of(problem).messages) == 1]
    asked = list({task_of(one).messages[0]["content"]: one for one in alone}.values())[:16]
    wrong = {problem.task_id for problem in asked[:4]}
    server = WritingServer([])
    server.written = {
        task_of(problem).messages[0]["content"]: Answer(
            "\n".join(
                f'<tool_call>{{"name": "{name}", "arguments": {given}}}</tool_call>'
                for name, given in right_answer(problem).calls
            )
            if problem.task_id not in wrong
            else "I would rather not.",
            finish="stop",
        )
        for problem in asked
    }
    with running(server):
        done = evalsite(
            "run", "--model-endpoint", server.url, "--model-name", "m", "--dataset", "bfcl-v4", "--calls",
            "prompt", "--data-path", shared / "datasets/bfcl-v4-single-turn.jsonl.gz", "--no-preflight",
            "--problems", ",".join(problem.task_id for problem in asked),
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    run_dir = made(done)
    assert run_dir.read_run().settings.prompt == "calls-prompt-v1"
    assert server.asked
    assert not any("tools" in body for body in server.asked)
    assert {row.problem for row in run_dir.verdicts() if row.verdict != "passed"} == wrong
    summary = run_dir.read_summary()
    assert summary.verdicts == {"passed": 12, "no_call": 4}
    assert summary.calls.leaked == 0, "a call that was asked for in words is no leak"
    assert summary.calls.made == summary.calls.fitting >= 12


def test_a_server_without_tools_is_asked_with_words(problems):
    """And answers in text, which is no leak."""
    asked = problems[:20]
    settings = replace(SETTINGS, prompt="calls-prompt-v1")
    written = {}
    for problem in asked:
        prompt = prompt_for(problem, settings)
        calls = "\n".join(
            f'<tool_call>{{"name": "{name}", "arguments": {arguments}}}</tool_call>'
            for name, arguments in right_answer(problem).calls
        )
        answer = Completion(
            problem=problem.task_id, sample=0, text=calls or "None of these.", form=prompt.form
        )
        written[problem.task_id] = judge(replace(problem, asked=prompt.text), answer)
    assert {row.verdict for row in written.values()} == {"passed"}
    assert {row.rule for row in written.values()} <= {"written-calls", "no-calls"}
