"""A plan, carried out: what stays unsaid, and when a run that may be decided asks for more."""

import dataclasses
from types import SimpleNamespace

import pytest

from evalsite.client.endpoints import parse_endpoint
from evalsite.runner import ask
from tests.runner.test_beginning import PLAN


def test_a_connection_tells_no_secret_by_itself():
    """Logs and tracebacks print such things."""
    endpoint = parse_endpoint("http://host")
    connection = ask.Connection((endpoint,), headers={"X-Token": "hunter2"}, api_key="hunter3")
    assert "hunter" not in repr(connection)
    assert connection.concurrency == 8


@pytest.mark.parametrize(
    ("look", "further", "more"), [("look", 45, True), ("look", None, False), (None, 45, False)]
)
def test_more_is_asked_where_a_look_decided_nothing(monkeypatch, look, further, more):
    """What it found is told; where nothing can be concluded, nothing is told or asked."""
    extended, told = [], []
    monkeypatch.setattr(
        ask, "extend", lambda _run, plan: extended.append((plan.max_problems, plan.sightings))
    )
    deciding = SimpleNamespace(
        look=lambda _run: look, told=lambda _look: "found", next_stop=lambda _look: further
    )
    plan = dataclasses.replace(PLAN)
    assert ask._asks_more(None, plan, told.append) is False
    object.__setattr__(plan, "deciding", deciding)
    assert ask._asks_more(None, plan, told.append) is more
    assert extended == [(45, ())] * more
    assert [each.remark for each in told] == ["found"] * bool(look)
