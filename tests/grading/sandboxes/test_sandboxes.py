"""Which sandbox is taken."""

import pytest

from evalsite.errors import UsageError
from evalsite.grading.sandboxes import BACKENDS, choose
from evalsite.grading.sandboxes.bubblewrap import Bubblewrap
from evalsite.rundir.sandboxes import ISOLATING, SANDBOXES

pytestmark = pytest.mark.sandbox


def test_the_first_that_starts_is_chosen(monkeypatch):
    """Bubblewrap, then landlock; without isolation only for whoever asks."""
    assert choose("process") == "process"
    monkeypatch.setattr(Bubblewrap, "refusal", lambda _self: "")
    assert choose(None) == "bubblewrap"
    monkeypatch.setattr(Bubblewrap, "refusal", lambda _self: "no")
    assert choose(None) == "landlock"
    assert choose("bubblewrap") == "bubblewrap"


@pytest.mark.parametrize("name", ["none", "jail", ""])
def test_a_sandbox_that_does_not_exist_is_named(name):
    """With those that there are."""
    with pytest.raises(UsageError, match="there is no sandbox") as refused:
        choose(name)
    assert "bubblewrap" in refused.value.hint


def test_each_that_programs_run_in_has_what_starts_it():
    """In the order in which they are preferred; no two say that they are the same to people."""
    assert tuple(BACKENDS) == SANDBOXES
    assert len({backend.title for backend in BACKENDS.values()}) == len(SANDBOXES)
    assert all(BACKENDS[each].has_namespaces or BACKENDS[each].makes_promises for each in ISOLATING)
