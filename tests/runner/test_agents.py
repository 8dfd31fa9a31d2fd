"""Agents by one command: each class is met, shares are given back, and a kill costs no finished step."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs

from evalsite.client.trying import Missing
from evalsite.rundir.steps import StepAnswer, StepResults, read_steps
from evalsite.rundir.store import RunDir
from evalsite.runner.agents import Agents
from tests import preloaded
from tests.agents.server import BROKEN, ENDS, SCRIPTS, AgentServer, call, records
from tests.calls.server import DIALECTS
from tests.cli.helpers import failed, made, running
from tests.edits.exercises import PROBLEMS
from tests.make import SETTINGS

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("agents")]


@pytest.fixture
def exercises(tmp_path):
    """Writes a file of exercises, each of which is worked on by a script."""

    def write(*scripts):
        path = tmp_path / "exercises.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in records(scripts)))
        return path

    return write


def asked(url, path, *options):
    return (
        "run", "--model-endpoint", url, "--model-name", "m", "--dataset", "polyglot-agent-python",
        "--data-path", path, "--no-preflight", *options,
    )  # fmt: skip


def rows(run_dir):
    return [json.loads(line) for line in (run_dir.path / "steps.jsonl").read_text().splitlines()]


def test_every_class_is_met_and_shares_are_given_back(evalsite, exercises, tmp_path):
    """Four times each script: verdicts, figures, and what other commands make of such a run."""
    path = exercises(*SCRIPTS, *SCRIPTS, *SCRIPTS, *SCRIPTS)
    with running(AgentServer()) as server:
        done = evalsite(*asked(server.url, path, "--seed", 1))
    assert done.returncode == 0, done.stderr
    run_dir = made(done)
    found = {row.problem: row for row in run_dir.verdicts()}
    named = {name: name.removeprefix("python/").rpartition("-")[0] for name in found}
    assert {name: row.verdict for name, row in found.items()} == {
        name: ENDS.get(script, "passed" if script == "solved" else script) for name, script in named.items()
    }
    solved = next(row for name, row in found.items() if named[name] == "solved")
    assert (solved.agent.turns, solved.agent.calls, solved.agent.tests) == (7, 6, 2)
    assert solved.shared_with is None
    summary = run_dir.read_summary()
    wanted = Counter(ENDS.get(script, "passed" if script == "solved" else script) for script in SCRIPTS)
    assert summary.verdicts == {name: 4 * count for name, count in wanted.items()}
    assert summary.agent.samples == 4 * len(SCRIPTS)
    assert summary.agent.turns == sum(row.agent.turns for row in found.values())
    assert summary.agent.endings["gave_up"] == 4 * 3, "whoever solved it stopped, too"
    settings = run_dir.read_run().settings
    assert (settings.max_turns, settings.prompt) == (15, "agent-v1")
    told = rows(run_dir)
    assert [row["row"] for row in told].count("answer") == summary.agent.turns
    first = [row for row in told if row["problem"] == "python/solved-0"]
    assert [row["row"] for row in first] == ["answer", "results"] * 6 + ["answer"]
    results = [result for row in first if row["row"] == "results" for result in row["results"]]
    assert "-1 != 7" in results[3]["text"]
    assert (results[3]["passed"], results[5]["passed"], results[5]["text"]) == (
        False,
        True,
        "All tests pass.",
    )
    assert {body["tools"][2]["function"]["name"] for body in server.asked} == {"edit_file"}
    assert {body["seed"] for body in server.asked} == {1}
    for words in (("validate", run_dir.path), ("grade", run_dir.path, "--again", "--no-preflight")):
        again = evalsite(*words)
        assert again.returncode == 0, again.stderr
    assert {row.problem: row.verdict for row in run_dir.verdicts()} == {
        n: r.verdict for n, r in found.items()
    }
    shown = evalsite("report", run_dir.path)
    assert "turns" in shown.stdout, shown.stdout
    leads_to_turns(evalsite, run_dir, tmp_path / "site")


def leads_to_turns(evalsite, run_dir, site):
    """What failed leads to the last turn of its transcript, what passed to the sample; any by its number."""
    url = "https://me.github.io/results/"
    page = f"{url}runs/{run_dir.path.name}/python-stuck-3/"
    assert f"{page}#s0-t4" in evalsite("failures", run_dir.path, "--site-url", url, "--all").stdout
    link = ("link", run_dir.path, "python/stuck-3")
    assert evalsite(*link, "--site-url", url).stdout == f"{page}\n"
    assert evalsite(*link, "0", "--site-url", url).stdout == f"{page}#s0-t4\n"
    assert evalsite(*link, "--site-url", url, "--turn", 2).stdout == f"{page}#s0-t2\n"
    failed(evalsite(*link, "--site-url", url, "--turn", 9), 2, "there is no turn 9")
    solved = evalsite("link", run_dir.path, "python/solved-0", "0", "--site-url", url).stdout
    assert solved.endswith("python-solved-0/#s0\n")
    assert (
        evalsite("build", "--output", site, "--repository", "me/results", "--site-url", url).returncode == 0
    )
    text = (site / "runs" / run_dir.path.name / "python-stuck-3" / "index.html").read_text()
    assert 'id="s0-t4"' in text
    assert "python-stuck-3%2F%23s0-t4" in text, "so does a new issue"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_make_of_server_is_understood(evalsite, exercises, dialect):
    """Streamed in pieces or whole, with ids once or always, as objects."""
    path = exercises("solved", "several", "stuck")
    with running(AgentServer(dialect)) as server:
        done = evalsite(*asked(server.url, path, *(["--no-stream"] if dialect == "ollama" else [])))
    assert done.returncode == 0, done.stderr
    assert [row.verdict for row in sorted(made(done).verdicts(), key=lambda row: row.problem)] == [
        "passed", "passed", "stuck",
    ]  # fmt: skip


def test_a_kill_in_the_middle_costs_no_finished_step(exercises, evalsite, environment, tmp_path):
    """Killed again and again, the run goes on where it was: each answer is asked for once."""
    path = exercises("solved", "gave_up", "out_of_turns")

    def slow(script):
        def at(turn):
            time.sleep(0.05)
            return script(turn) if callable(script) else script[min(turn, len(script) - 1)]

        return at

    scripts = {name: slow(SCRIPTS[name]) for name in ("solved", "gave_up", "out_of_turns")}
    with running(AgentServer(scripts=scripts)) as server:
        words = [str(word) for word in asked(server.url, path, "--concurrency", 2)]
        run_dir = None
        for kill in range(4):
            if run_dir is not None:
                words = ["resume", str(run_dir.path), "--no-preflight"]
            process = preloaded.Popen(
                [sys.executable, "-m", "evalsite", *words], cwd=tmp_path, env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
            before = len(server.asked)
            while len(server.asked) < before + 4 + kill and process.poll() is None:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert "Traceback" not in process.stderr.read().decode()
            process.stderr.close()
            if run_dir is None:
                (found,) = (tmp_path / "runs").iterdir()
                run_dir = RunDir(found)
        resumed = evalsite("resume", run_dir.path, "--no-preflight")
    assert resumed.returncode == 0, resumed.stderr
    verdicts = {row.problem: row.verdict for row in run_dir.verdicts()}
    assert verdicts == {
        "python/solved-0": "passed", "python/gave_up-1": "gave_up", "python/out_of_turns-2": "out_of_turns",
    }  # fmt: skip
    told = rows(run_dir)
    keys = [(row["row"], row["problem"], row["turn"]) for row in told]
    assert len(keys) == len(set(keys)), "no step was made twice"
    turns = Counter(row["problem"] for row in told if row["row"] == "answer")
    assert turns == {"python/solved-0": 7, "python/gave_up-1": 3, "python/out_of_turns-2": 15}
    lost = len(server.asked) - sum(turns.values())
    assert 0 <= lost <= 4 * 2, "what was in flight when it was killed, and no more"


def test_a_server_that_fails_at_the_second_turn_costs_not_the_first(evalsite, exercises, tmp_path):
    """The first sample's step is an answer, too: the run stays, and goes on from there."""
    path = exercises("late")
    late = SCRIPTS["solved"]
    with running(AgentServer(scripts={"late": [late[0], BROKEN]})) as server:
        done = evalsite(*asked(server.url, path, "--attempts", 1, "--patience", "1s"))
    assert done.returncode == 8, done.stderr
    assert "no run is left" not in done.stderr
    (left,) = (tmp_path / "runs").iterdir()
    assert [row["turn"] for row in rows(RunDir(left))] == [1, 1]
    with running(AgentServer(scripts={"late": late})) as server:
        again = evalsite("resume", left, "--model-endpoint", server.url, "--no-preflight")
        assert again.returncode == 0, again.stderr
        assert [sum(each["role"] == "assistant" for each in body["messages"]) for body in server.asked][
            -6:
        ] == [1, 2, 3, 4, 5, 6]
    assert [row.verdict for row in RunDir(left).verdicts()] == ["passed"]


def test_levels_are_put_upon_agents_too(evalsite, exercises, shared):
    """Tools that are none of the folder's, and a conversation before the task; both, and neither."""
    path = exercises("solved", "tempted", "solved")
    scripts = {"solved": SCRIPTS["solved"], "tempted": lambda _turn: call("product_search")}
    with running(AgentServer(scripts=scripts)) as server:
        words = [
            "mine+agent" if word == "polyglot-agent-python" else word for word in asked(server.url, path)
        ]
        done = evalsite(
            *words, "--distractors", "0,4", "--context-tokens", "0,60",
            env={"EVALSITE_DATA": str(shared / "datasets")},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    runs = [RunDir(Path(run)) for run in done.stdout.split()]
    assert [each.read_run().dataset.name for each in runs] == [
        "mine+agent", "mine+agent+60-context", "mine+agent+4-tools", "mine+agent+4-tools+60-context",
    ]  # fmt: skip
    for each in runs:
        assert each.read_summary().verdicts == {"passed": 2, "broken_call": 1}
    assert {len(body["tools"]) for body in server.asked} == {4, 8}
    talks = {[each["role"] for each in body["messages"]][:3] == ["system", "user", "assistant"]
             for body in server.asked if body["messages"][-1]["role"] == "user"}  # fmt: skip
    assert talks == {True, False}
    (row,) = [row for row in rows(runs[2]) if row["problem"] == "python/tempted-1"][1:2]
    assert "for this folder; there are list_files" in row["results"][0]["text"]


def test_what_an_agent_needs_is_told(evalsite, exercises):
    """Without a sandbox nothing runs its tests; for others there are no turns."""
    path = exercises("solved")
    told = evalsite(*asked("http://127.0.0.1:9", path, "--no-grade"))
    failed(told, 2, "an agent has tests run while it works")
    words = asked("http://127.0.0.1:9", path)
    plain = ["polyglot-python" if word == "polyglot-agent-python" else word for word in words]
    failed(evalsite(*plain, "--max-turns", 3), 2, "--max-turns is for agents")
    failed(evalsite(*words, "--prompt", "chat-v1"), 2, "asks for an agent")
    failed(evalsite(*words, "--api", "completions"), 2, "by the chat API only")


def test_rows_that_do_not_go_on_are_left_out(evalsite, exercises):
    """A copy of a row, and one that skips a turn; a torn last line is made again."""
    path = exercises("gave_up")
    with running(AgentServer()) as server:
        run_dir = made(evalsite(*asked(server.url, path)))
    steps = run_dir.path / "steps.jsonl"
    lines = steps.read_text().splitlines(keepends=True)
    steps.write_text("".join([lines[0], lines[0], lines[3], *lines[1:]]) + lines[-1][:20])
    (own,) = read_steps(run_dir).values()
    assert len(own.rows) == 3
    assert own.rows[0].results is not None
    assert not own.take(StepResults(problem="p", sample=0, turn=9, results=()))
    assert not own.take(StepAnswer(problem="p", sample=0, turn=1, answer=own.rows[0].answer))


class Refusing:
    """A client for which every sample is missing, for some reason."""

    concurrency = 2

    def __init__(self, kind, error):
        self.kind, self.error, self.trusted = kind, error, False

    def trust(self):
        self.trusted = True

    async def generate(self, work):
        for prompt, (sample,) in work:
            yield Missing(problem=prompt.problem, sample=sample, error=self.error, kind=self.kind)


@pytest.mark.parametrize(
    ("kind", "error", "ending"),
    [
        ("http", "broken", None),
        ("refused", "the key is wrong", None),
        ("http", "too many tokens", None),
        ("refused", "too many tokens", "out_of_context"),
    ],
)
def test_what_cannot_be_had_is_missing_unless_it_became_too_long(kind, error, ending):
    """A refusal of its length ends the transcript; nobody is trusted who never answered."""
    problem = structs.replace(PROBLEMS["python"], kind="agent")
    settings = structs.replace(SETTINGS, api="chat", prompt="agent-v1", max_turns=3)
    client, steps = Refusing(kind, error), []

    async def go():
        work = Agents(client, None, settings).work([(problem, n) for n in range(3)], steps, {})
        return [outcome async for outcome in work]

    got = asyncio.run(asyncio.wait_for(go(), 60))
    assert sorted(each.sample for each in got) == [0, 1, 2]
    assert steps == []
    assert not client.trusted
    if ending:
        assert {each.agent.ending for each in got} == {ending}
    else:
        assert {(type(each), each.error, each.kind) for each in got} == {(Missing, error, kind)}
