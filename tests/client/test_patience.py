"""Waiting before a run for a server that is there, but asks everybody to wait: it loads its model, mostly."""

import asyncio

import pytest

from evalsite.client.faults import FaultError
from evalsite.client.patience import Patience
from evalsite.client.waiting import Notice
from tests.client.helpers import findings, loading, run


def test_a_model_that_loads_is_waited_for() -> None:
    """It is said once, and every check is made after it."""
    heard: list[Notice] = []
    found = findings(loading(2), heard.append)
    assert found["chat API"].ok
    assert len(heard) == 1
    assert "503: Loading model; 1 request waiting" in heard[0].sentence


def busy(wait_s: float | None = None) -> FaultError:
    return FaultError("http", "loads its model", wait_s=wait_s, status=503)


def waited(
    monkeypatch: pytest.MonkeyPatch, patience: Patience, *said: str | FaultError
) -> tuple[object, list[float]]:
    """What came of a request to a server that says this, and for how long was waited each time."""
    words, waits = iter(said), []

    async def slept(wait_s: float) -> None:
        waits.append(wait_s)

    async def request() -> str:
        match next(words):
            case FaultError() as fault:
                raise fault
            case answer:
                return answer

    monkeypatch.setattr(asyncio, "sleep", slept)
    try:
        return run(patience.ask("http://x", request)), waits
    except FaultError as fault:
        return fault, waits


def test_waits_grow_to_ten_seconds_or_are_as_long_as_the_server_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never shorter than ours, or it would be asked too often."""
    said = *[busy()] * 7, busy(0.1), busy(30.0), "hello"
    assert waited(monkeypatch, Patience(100), *said) == ("hello", [0.5, 1, 2, 4, 8, 10, 10, 10, 30])


def test_patience_is_for_all_requests_together_and_for_who_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its end the server's last word is raised, and where it fails otherwise, at once."""
    heard: list[Notice] = []
    patience, last = Patience(4.0, heard.append), busy()
    assert waited(monkeypatch, patience, busy(), busy(), "hello") == ("hello", [0.5, 1])
    assert waited(monkeypatch, patience, busy(), busy(), last) == (last, [0.5, 1])
    assert waited(monkeypatch, patience, busy(), last) == (last, [0.5])
    assert [(each.endpoint, each.waiting, each.wait_s) for each in heard] == [("http://x", 1, 0.5)]
    failed = FaultError("http", "broken", status=500)
    assert waited(monkeypatch, Patience(100), failed) == (failed, [])
    exactly = Patience(0.5)
    assert waited(monkeypatch, exactly, busy(), "hello") == ("hello", [0.5])
