"""What isolation a machine gives."""

from unittest import mock

import pytest

from evalsite.grading.executors.server import Server
from evalsite.grading.inside.messages import DisconnectedError
from evalsite.grading.probe import probe_layers
from evalsite.grading.sandboxes import bubblewrap
from evalsite.grading.sandboxes.landlock import Landlock

pytestmark = pytest.mark.sandbox


@pytest.mark.namespaces
def test_every_layer_is_tried_for_real():
    """Where the sandbox starts, its layers hold, and each says what it does."""
    rows = {row.layer: row for row in probe_layers()}
    assert rows["bubblewrap"].works, rows["bubblewrap"]
    assert {"mount-namespace", "network-namespace", "pid-namespace", "rlimits", "no-new-privileges"} <= set(
        rows
    )
    assert [row for row in rows.values() if not row.works and row.layer not in ("landlock", "seccomp")] == []
    assert all(row.detail for row in rows.values())


def test_a_machine_without_bubblewrap_gets_advice_and_the_layers_that_are_left(monkeypatch):
    """The table is complete, and names what to install."""
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    rows = {row.layer: row for row in probe_layers()}
    assert not rows["bubblewrap"].works
    assert "install" in rows["bubblewrap"].setting.lower()
    assert not rows["pid-namespace"].works
    assert rows["rlimits"].works


@pytest.mark.namespaces
def test_a_layer_that_does_not_hold_is_found(monkeypatch):
    """A file of the host's that can be seen inside is reported."""
    original = bubblewrap.binds
    monkeypatch.setattr(bubblewrap, "binds", lambda name: (*original(name), ("/etc", "/etc")))
    monkeypatch.setattr("evalsite.grading.probe.tempfile.NamedTemporaryFile", _EtcHosts)
    row = next(row for row in probe_layers() if row.layer == "mount-namespace")
    assert not row.works
    assert row.detail == "/etc/hosts can be seen"


class _EtcHosts:
    name = "/etc/hosts"

    def __init__(self, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass


def test_a_sandbox_that_goes_away_while_it_is_tried_does_not_work(monkeypatch):
    """As where it may start one more process and not two."""
    monkeypatch.setattr(Server, "probe", mock.Mock(side_effect=DisconnectedError("the other side has gone")))
    rows = {row.layer: row for row in probe_layers()}
    assert not rows[Landlock.title].works
    assert "the sandbox does not start on this machine" in rows[Landlock.title].detail


def test_a_machine_without_a_place_for_a_file_is_told_which_variable_names_one(monkeypatch):
    """It is no bug, and no matter of rights."""
    refusing = mock.Mock(side_effect=FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"))
    monkeypatch.setattr("evalsite.grading.probe.tempfile.NamedTemporaryFile", refusing)
    rows = {row.layer: row for row in probe_layers()}
    assert not any(row.works for row in rows.values())
    assert "export TMPDIR=" in rows[Landlock.title].setting
