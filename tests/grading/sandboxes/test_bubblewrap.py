"""The sandbox of namespaces: what to change where it is missing, and how it serves an ordinary user."""

import pytest

from evalsite.errors import SandboxError
from evalsite.grading import isolation
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.sandboxes import bubblewrap
from tests.grading.helpers import QUICK, RIGHT, WRONG, verdict_of

pytestmark = pytest.mark.sandbox


def test_without_bubblewrap_the_message_names_the_package(monkeypatch):
    """And the way round."""
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    with (
        pytest.raises(SandboxError, match=r"apt install bubblewrap[\s\S]*--sandbox process"),
        Grader(LocalExecutor(QUICK, sandbox="bubblewrap")),
    ):
        pass


@pytest.mark.namespaces
def test_a_user_namespace_serves_those_who_are_not_root(monkeypatch):
    """The way of an ordinary user, on any machine: the same verdicts, and root in there is nobody."""
    monkeypatch.setattr(isolation, "is_real_root", lambda: False)
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert "user-namespace" in grader.conditions.layers
        assert "unprivileged-user" not in grader.conditions.layers
        assert verdict_of(grader).verdict == "passed"
        assert verdict_of(grader, "import os\nos.setgroups([5])\n" + RIGHT).verdict == "sandbox_violation"
        assert verdict_of(grader, "import os\nos.listdir('/code')\n" + RIGHT).verdict == "sandbox_violation"
        assert verdict_of(grader, "open('left', 'w')\n" + WRONG).verdict == "wrong_answer"
        assert verdict_of(grader, "import os\nprint(os.listdir('.'))\n" + RIGHT).output == "[]\n"


@pytest.mark.namespaces
def test_a_trial_that_comes_to_no_end_is_a_refusal(monkeypatch):
    """As where a filter of the container's refuses to wait for children; the next sandbox is taken."""
    monkeypatch.setattr(bubblewrap, "_TRIAL", "import time; time.sleep(60)")
    monkeypatch.setattr(bubblewrap, "_TRIAL_S", 1.0)
    refusal = bubblewrap._refusal_of.__wrapped__(bubblewrap.find_bubblewrap())
    assert refusal == "bubblewrap starts, and does not come to an end"


def test_a_trial_that_cannot_begin_is_a_refusal(monkeypatch):
    """As where a filter of the container's refuses the call that Python starts processes by."""

    def refuse(*_args, **_options):
        raise PermissionError(1, "Operation not permitted", "/usr/bin/bwrap")

    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bubblewrap.subprocess, "run", refuse)
    refusal = bubblewrap._refusal_of.__wrapped__("/usr/bin/bwrap")
    assert refusal == "[Errno 1] Operation not permitted: '/usr/bin/bwrap'"
