"""What the doctor finds out about models that think, that want other fields, or that still load."""

from typing import Any

import pytest

from evalsite.client.examination import Finding, is_talk, speaks
from evalsite.rundir.schema import Api
from tests.client.helpers import findings, said


@pytest.mark.parametrize("told", [True, False])
def test_a_model_that_thinks_first_is_seen_to_answer(told: bool) -> None:
    """An empty answer of few tokens is not all that it can say; what it thought is compared, where told."""

    def thinks(body: dict[str, Any]) -> tuple[int, Any]:
        enough = body["max_tokens"] >= 60
        thought = {"reasoning_content": "hm, hm"} if told else {}
        return said("x = 1\n" if enough else None, "stop" if enough else "length", **thought)

    found = findings(thinks)
    assert found["thinking"] == Finding(
        "thinking", True, "it thinks first, and its answer comes within 64 tokens"
    )
    assert found["greedy twice"].ok is (True if told else None), "two empty answers are not the same"
    assert not [each for each in found.values() if each.ok is False]


def test_a_model_that_thinks_for_longer_than_it_may_gets_more_tokens() -> None:
    """The option that follows stands in the row."""
    found = findings(lambda _body: said("", "length", reasoning="hm"))
    assert (found["thinking"].ok, found["thinking"].flag) == (False, "--max-tokens 512")


def test_an_answer_that_is_all_in_the_reasoning_is_told() -> None:
    """No number of tokens would help: it is the server's parser."""
    found = findings(lambda _body: said(None, reasoning_content="def f(): return 1"))
    assert found["thinking"].ok is False
    assert "reasoning parser" in found["thinking"].detail


@pytest.mark.parametrize("api", ["completions", "chat"])
def test_completions_that_answer_like_a_chat_are_told(api: Api) -> None:
    """An instruct model behind a completions page (Ollama): every program would be prose."""
    talk = "Here is the completed function:\n```python\n    return a - b\n```"
    found = findings(lambda body: said(talk if "prompt" in body else "x = 1\n"), api=api)
    row = found["continues code"]
    assert row.ok is (False if api == "completions" else None)
    assert row.detail.startswith("completions answers like a chat: 'Here is")
    assert row.flag == ("--api chat" if api == "completions" else "")


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("    return a - b\n", False),
        ("\n\ndef multiply(a, b):\n", False),
        ("    # here is the trick\n    return a - b", False),
        ("return a - b", False),
        ("  Here's the rest:", True),
        ("Sure! Below is", True),
        ("```python\n", True),
        ("**The completed** function", True),
        ("To complete this function", True),
    ],
)
def test_code_is_told_from_talk(text: str, talk: bool) -> None:
    """By how it begins."""
    assert is_talk(text) is talk


def test_a_server_where_nothing_works_speaks_no_api() -> None:
    """Two rows say NO, and nothing more is asked."""
    found = findings(lambda _body: (404, {"error": {"message": "not here"}}))
    assert not speaks(list(found.values()))
    assert [each.check for each in found.values() if each.ok is False] == ["completions API", "chat API"]
