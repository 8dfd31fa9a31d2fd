"""Why no sandbox starts, and what to change: hints that help where they are given."""

import pytest

from evalsite.errors import SandboxError
from evalsite.grading import refused
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.sandboxes import bubblewrap as bwrap
from evalsite.grading.sandboxes.bubblewrap import Bubblewrap
from evalsite.grading.sandboxes.landlock import Landlock
from evalsite.rundir.sandboxes import Sandbox
from tests.grading.helpers import QUICK

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"kernel/apparmor_restrict_unprivileged_userns": "1"}, "apparmor_restrict_unprivileged_userns=0"),
        ({"kernel/unprivileged_userns_clone": "0"}, "unprivileged_userns_clone=1"),
        ({"user/max_user_namespaces": "0"}, "max_user_namespaces=15000"),
        ({}, "--security-opt seccomp=unconfined"),
    ],
)
def test_a_refused_bubblewrap_names_the_setting(monkeypatch, tmp_path, settings, advice):
    """The one of this machine that most likely stands in the way, with bubblewrap's own words."""
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(bwrap.shutil, "which", lambda name: str(refusing))
    monkeypatch.setattr(refused, "_sysctl", lambda name: settings.get(name, ""))
    executor = LocalExecutor(QUICK, sandbox="bubblewrap", workers=1)
    with pytest.raises(SandboxError) as caught, Grader(executor):
        pass
    assert "No permissions to create new namespace" in caught.value.message
    assert advice in caught.value.hint
    assert "--sandbox process" in caught.value.hint


@pytest.mark.parametrize(
    ("sandbox", "detail", "bubblewrap", "has", "lacks"),
    [
        ("bubblewrap", "bwrap: Creating new namespace failed: x", "", "SYS_ADMIN", "filter"),
        (
            "bubblewrap",
            "[Errno 38] Function not implemented",
            "",
            "--sandbox landlock does with",
            "SYS_ADMIN",
        ),
        (
            "landlock",
            "cannot keep the promise 'files'",
            "bwrap: setting up uid map: x",
            "SYS_ADMIN",
            "filter",
        ),
        ("landlock", "[Errno 1] Operation not permitted", "bwrap: setsid: x", "filter", "SYS_ADMIN"),
        ("landlock", "[Errno 38] Function not implemented", "bwrap: new namespace: x", "filter", "SYS_ADMIN"),
        ("landlock", "[Errno 13] Permission denied", "bwrap: new namespace: x", "filter", "SYS_ADMIN"),
        ("landlock", "[Errno 1] Operation not permitted", "", "filter", "landlock"),
    ],
)
def test_namespaces_are_spoken_of_where_they_would_help(monkeypatch, sandbox, detail, bubblewrap, has, lacks):
    """Elsewhere a call is refused that no sandbox can do without."""
    monkeypatch.setattr(Bubblewrap, "refusal", lambda _self: bubblewrap)
    monkeypatch.setattr(refused, "_sysctl", lambda name: "")
    told = refused.explain_refusal(detail, Sandbox(sandbox))
    assert detail in told.message
    assert (bubblewrap in told.message) or sandbox == "bubblewrap"
    assert has in told.hint
    assert lacks not in told.hint


def test_a_folder_that_cannot_be_had_is_asked_for(monkeypatch, tmp_path):
    """With the variable that names it."""
    made = PermissionError(30, "Read-only file system", "/tmp/x")

    def refuse(*_args, **_options):
        raise made

    monkeypatch.setattr(Landlock, "make_work_folder", refuse)
    with pytest.raises(SandboxError, match=r"no folder to work in.*Read-only") as caught:
        LocalExecutor(QUICK, sandbox="landlock", workers=1).__enter__()
    assert "TMPDIR" in caught.value.hint


def test_a_servers_traceback_is_told_by_its_last_line():
    """The rest is of no use to who reads it."""
    said = 'x\nTraceback (most recent call last):\n  File "a", line 1\nBlockingIOError: [Errno 11] no more\n'
    error = refused.explain_refusal(said)
    assert error.message == "the sandbox does not start on this machine: BlockingIOError: [Errno 11] no more"


WORDS = (
    ("bwrap: Resource temporarily unavailable", "6 processes", "6 processes (", "--workers 1"),
    ("bwrap: Resource temporarily unavailable", "", "cannot be seen from here (", "--workers 1"),
    ("the other side has gone", "6 processes", "6 processes (", "--workers 1"),
    ("bwrap: setsid: Operation not permitted", "6 processes", "this machine: bwrap", "refuses what programs"),
    ("bwrap: Can't find source path /dev/zero: x", "", "this machine: bwrap", "have its devices"),
    ("[Errno 2] No such file or directory: '/dev/null'", "", "this machine: [Errno 2]", "have its devices"),
    ("No space left on device: '/opt/x/work.outside'", "", "no folder to work in", "TMPDIR="),
    ("[Errno 2] No usable temporary directory found in ['/tmp']", "", "no folder to work in", "TMPDIR="),
)
"""A sandbox's last words, limits, and what is told and advised."""


@pytest.mark.parametrize(("detail", "limits", "told", "advised"), WORDS)
def test_want_of_room_and_of_devices_is_told_from_want_of_rights(monkeypatch, detail, limits, told, advised):
    """A limit is named where it may be in the way, and rights are not asked for then."""
    monkeypatch.setattr(refused, "limits_set", lambda: limits)
    monkeypatch.setattr(refused, "are_threads_refused", lambda: False)
    error = refused.explain_refusal(detail)
    assert told in error.message
    assert detail in error.message
    assert advised in error.hint
    assert "SYS_ADMIN" not in error.hint


@pytest.mark.parametrize(
    ("detail", "threads_refused", "advised"),
    [
        ("RuntimeError: can't start new thread", True, "clone3"),
        ("[Errno 1] Operation not permitted: '/usr/bin/bwrap'", True, "clone3"),
        ("[Errno 1] Operation not permitted: '/usr/bin/bwrap'", False, "refuses what programs are run by"),
        ("[Errno 13] Permission denied: '/usr/bin/bwrap'", True, "refuses what programs are run by"),
    ],
)
def test_where_threads_are_refused_that_is_told(monkeypatch, detail, threads_refused, advised):
    """From Python 3.13 on a process is begun as a thread is, and so refused with them."""
    monkeypatch.setattr(refused, "are_threads_refused", lambda: threads_refused)
    assert advised in refused.explain_refusal(detail).hint


@pytest.mark.parametrize(
    ("filename", "told", "way"),
    [
        ("/dev/null", "every sandbox needs what is missing here: ", refused._DEVICES_WAY),
        ("/tmp", "the sandbox finds no folder to work in: ", refused.TMPDIR_WAY),
    ],
)
def test_what_a_fork_server_does_not_find_is_told_as_what_it_is(filename, told, way):
    """Devices, which no folder of another name would bring; or a folder to work in."""
    error = refused.no_folder(FileNotFoundError(2, "No such file or directory", filename))
    assert (error.message, error.hint) == (
        f"{told}[Errno 2] No such file or directory: '{filename}'",
        way,
    )
