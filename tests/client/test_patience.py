"""Waiting before a run for a server that is there, but asks everybody to wait: it loads its model, mostly."""

from evalsite.client.waiting import Notice
from tests.client.helpers import findings, loading


def test_a_model_that_loads_is_waited_for() -> None:
    """It is said once, and every check is made after it."""
    heard: list[Notice] = []
    found = findings(loading(2), heard.append)
    assert found["chat API"].ok
    assert len(heard) == 1
    assert "503: Loading model; 1 request waiting" in heard[0].sentence
