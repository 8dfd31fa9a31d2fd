"""What each sandbox promises, wherever it is asked about."""

import msgspec
import pytest

from evalsite.rundir.sandboxes import ISOLATING, SANDBOXES, Sandbox


def test_a_sandbox_is_its_name_in_files():
    """Whatever else it knows."""
    assert msgspec.json.encode(list(Sandbox)) == b'["bubblewrap","landlock","process","none"]'
    assert msgspec.json.decode(b'"landlock"', type=Sandbox) is Sandbox.LANDLOCK
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'"jail"', type=Sandbox)


def test_only_what_ran_without_one_ran_freely():
    """What was not run at all did not."""
    assert [each for each in Sandbox if each.runs_freely] == ["process"]
    assert ISOLATING == ("bubblewrap", "landlock")


def test_each_leads_on_to_those_that_come_after_it():
    """All but the first are spoken of where another one does not start, and the last leads nowhere."""
    assert Sandbox.BUBBLEWRAP.next_ones == ("landlock", "process")
    assert Sandbox.PROCESS.next_ones == ()
    assert [each for each in SANDBOXES[1:] if f"--sandbox {each}" not in each.way] == []
