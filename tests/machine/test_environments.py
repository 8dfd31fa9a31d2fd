"""A table of environments: each ends as it should, and none with a traceback, a bug or a gate's word."""

import errno
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evalsite.grading.sandboxes import BACKENDS
from evalsite.rundir.sandboxes import Sandbox
from tests import preloaded
from tests.cli.conftest import samples  # noqa: F401 - a fixture
from tests.cli.helpers import HUMANEVAL_2
from tests.make import write_run

pytestmark = [pytest.mark.linux, pytest.mark.sandbox]

GROUPS = Path("/sys/fs/cgroup")
ROOT_OF_MACHINE = os.geteuid() == 0
HIDDEN_PROC = "unshare -m sh -c 'mount -t tmpfs none /proc && exec \"$@\"' sh"
LACKING = 'set -- setpriv --bounding-set=-setuid,-setgid "$@"' if ROOT_OF_MACHINE else "true"
"""Root that may make namespaces, and become nobody else."""
RIGHTLESS = 'set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"' if ROOT_OF_MACHINE else "true"
"""Root that may enter folders of others no more than anybody."""
LIMITED = (
    ("ulimit -n 10", 6, "a process may open 10 files here (ulimit -n)"),
    ("ulimit -n 24", 0, "24 open files (ulimit -n)"),
    ("ulimit -n 128", 0, "workers instead of 64: the limit on open files (ulimit -n)"),
    ("ulimit -v 100000", 7, "97 MiB of memory here (ulimit -v)"),
    ("ulimit -d 50000", 7, "48 MiB of memory here (ulimit -d)"),
    ("ulimit -v 700000", 0, "683 MiB of memory for one process (ulimit -v)"),
    ("ulimit -f 1", 7, "(ulimit -f). Raise that"),
    ("ulimit -s unlimited", 0, "2 samples"),
    ("umask 077", 0, "2 samples"),
    ("unset HOME LANG; export TMPDIR=/nonexistent LC_ALL=C", 0, "2 samples"),
    ("exec <&-", 0, "2 samples"),
    ("export PATH=/nonexistent", 0, "2 samples"),
    (LACKING, 0, "2 samples"),
    (RIGHTLESS, 0, "2 samples"),
    (f"umask 777; {RIGHTLESS}", 0, "2 samples"),
    (f"umask 222; {RIGHTLESS}", 0, "2 samples"),
    (f"mkdir -p runs/kept; chmod 0 runs/kept; {RIGHTLESS}", 0, "2 samples"),
    ("exec </dev/null >&-", 0, "2 samples"),
)
"""What a shell says first, the exit code, and words on standard error."""


def runs_in_a_group(controller, name, value):
    """A command that begins in a control group of its own; None where this machine lets nobody make one."""
    group = GROUPS / controller / f"evalsite-{os.getpid()}-{value}"
    try:
        group.mkdir()
        (group / name).write_text(str(value), encoding="ascii")
    except OSError:
        return None
    return group


def enters(group):
    return f"echo $$ > {shlex.quote(str(group / 'cgroup.procs'))}"


GRADING = ("import", "samples.jsonl", "--model-name", "m", "--no-preflight", "--workers", 64)
GROUPED = (
    ("memory", "memory.limit_in_bytes", 512 << 20, GRADING, 0, "memory limit of 512 MiB (cgroup)"),
    ("pids", "pids.max", 60, GRADING, 0, "64: the container's limit on processes (cgroup pids.max)"),
    ("pids", "pids.max", 4, GRADING, 6, "the container's limit on processes (cgroup pids.max), of which"),
    ("pids", "pids.max", 6, ("build",), 0, ""),
    ("pids", "pids.max", 2, ("doctor",), 6, "the sandbox does not start here"),
)


def begin(first, environment, tmp_path, *args):
    """Start a command in a shell that says something first; the process and what it said."""
    command = [sys.executable, "-m", "evalsite", *map(str, args)]
    return subprocess.run(
        ["sh", "-c", f'{first}; exec "$@"', "sh", *command],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        errors="replace",
    )  # fmt: skip


def ended(done, code, words):
    """Hold a process against what it should have come to."""
    said = " ".join(done.stderr.split())
    assert done.returncode == code, said
    assert words in said
    assert "Traceback" not in said
    if not BACKENDS[Sandbox.BUBBLEWRAP].refusal():
        assert "SYS_ADMIN" not in said, "a hint that does not help"


@pytest.mark.parametrize(("first", "code", "words"), LIMITED)
def test_limits_are_named_and_lived_with(environment, samples, tmp_path, first, code, words):  # noqa: F811
    """Fewer workers, or a message that says which limit it is; what can be graded is."""
    workers = 64 if "128" in first else 1
    args = ("import", samples, "--model-name", "m", "--no-preflight", "--workers", workers)
    ended(begin(first, environment, tmp_path, *args), code, words)


@pytest.mark.parametrize(("controller", "name", "value", "args", "code", "words"), GROUPED)
def test_a_containers_limits_are_named_and_lived_with(
    environment, samples, tmp_path, controller, name, value, args, code, words  # noqa: F811
):  # fmt: skip
    """Where this machine lets us make a control group; else only its description is read
    (:mod:`tests.machine.test_cgroups`), and the command ends as it does anywhere.
    """
    write_run(tmp_path / "runs", "base", (8, 6, 10))
    group = runs_in_a_group(controller, name, value)
    try:
        done = begin(enters(group) if group else "true", environment, tmp_path, *args)
        ended(done, *((code, words) if group else (0, "")))
    finally:
        if group:
            group.rmdir()


def refused(call, number):
    """What a shell says first for the kernel to refuse a call."""
    refusing = [sys.executable, str(Path(__file__).with_name("refusing.py")), call, str(number)]
    return f'set -- {shlex.join(refusing)} "$@"'


CALLS_REFUSED = (
    ("sched_getaffinity", errno.EPERM, 0, "2 samples: 1 passed"),
    ("clone3", errno.EPERM, 6, "threads cannot: a filter of the container's refuses the call clone3"),
    ("prlimit64", errno.ENOSYS, 6, "Function not implemented"),
    ("pidfd_open", errno.ENOSYS, 6, "Linux 5.8 is the oldest"),
    ("socketpair", errno.EACCES, 6, "a filter of the container's"),
    ("kill", errno.EPERM, 6, "it ends with every program, whatever that does"),
    ("setresuid", errno.EPERM, 6 if ROOT_OF_MACHINE else 0, ""),
    ("landlock_restrict_self", errno.EPERM, 6, ""),
    ("setsid", errno.EPERM, 6, "Operation not permitted"),
)
"""A call of the kernel's, its answer, the exit code, and words on standard error."""


@pytest.mark.parametrize(("call", "number", "code", "words"), CALLS_REFUSED)
def test_a_call_that_is_refused_is_no_verdict_on_a_program(
    environment, samples, tmp_path, call, number, code, words  # noqa: F811
):  # fmt: skip
    """What no program can be run without is told as that, and no sample is held to have crashed."""
    args = ("import", samples, "--model-name", "m", "--no-preflight", "--workers", 1)
    done = begin(refused(call, number), environment, tmp_path, *args)
    ended(done, code, words)
    assert "crashed" not in done.stderr


def test_what_the_machine_killed_is_not_held_against_the_model(environment, tmp_path):
    """A sample that its container's memory was too small for has no verdict, until it could have it."""
    row = {"task_id": "HumanEval/2", "completion": f"    x = bytearray(600_000_000)\n{HUMANEVAL_2}"}
    (tmp_path / "big.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    group = runs_in_a_group("memory", "memory.limit_in_bytes", 300 << 20)
    first = enters(group) if group else "ulimit -v 500000"
    try:
        args = ("import", "big.jsonl", "--model-name", "m", "--no-preflight")
        small = begin(first, environment, tmp_path, *args)
    finally:
        if group:
            group.rmdir()
    ended(small, 8, "count neither for nor against the model")
    assert "no verdict: the container's memory limit" in small.stderr or not group
    run = tmp_path / small.stdout.strip()
    assert (run / "verdicts.jsonl").read_text("utf-8") == ""
    ended(begin("true", environment, tmp_path, "grade", run), 0, "1 sample: 1 passed")


def test_a_hidden_proc_is_named(environment, samples, tmp_path):  # noqa: F811
    """Where mounts may be made; reading runs needs no /proc."""
    hidden = f"{HIDDEN_PROC} true" if ROOT_OF_MACHINE else "true"
    may_mount = subprocess.run(["sh", "-c", hidden], capture_output=True, check=False).returncode == 0
    first = f'set -- {HIDDEN_PROC} "$@"' if ROOT_OF_MACHINE and may_mount else "true"
    args = ("import", samples, "--model-name", "m", "--no-preflight")
    done = begin(first, environment, tmp_path, *args)
    ended(done, *((6, "no /proc is to be seen here") if first != "true" else (0, "2 samples")))
    done = begin(first, environment, tmp_path, "import", samples, "--model-name", "m", "--no-grade")
    ended(done, 0, "not graded yet")
    ended(begin(first, environment, tmp_path, "report", done.stdout.strip()), 0, "")


GONE_FOLDER = "mkdir gone && cd gone && rmdir ../gone"
CLOSED_FOLDERS = f"mkdir runs/kept runs/lost+found; chmod 0 runs/kept runs/lost+found; {RIGHTLESS}"
FEW = (
    (CLOSED_FOLDERS, ("build",), 5, "runs/kept/run.json: cannot be read"),
    (CLOSED_FOLDERS, ("report", "base"), 0, ""),
    ("mkdir runs/odd; mkfifo runs/odd/run.json", ("report", "base"), 0, ""),
    (GONE_FOLDER, ("build",), 5, "runs: no such folder"),
    (GONE_FOLDER, ("report", "nothing"), 5, "no run directory"),
    ("ulimit -f 1", ("build",), 7, "ulimit -f unlimited"),
    ("ulimit -n 15", ("build",), 0, ""),
    ("ulimit -n 10", ("doctor",), 6, "the sandbox does not start here"),
    (refused("bind", errno.EACCES), ("build",), 0, ""),
    ("exec 0>/dev/null", ("new-suite",), 2, "here is nobody to answer"),
    (refused("clone3", errno.EPERM), ("build",), 0, ""),
    (refused("rt_sigprocmask", errno.EPERM), ("report", "nothing"), 5, "no run directory"),
    (refused("rt_sigaction", errno.EPERM), ("report", "nothing"), 5, "no run directory"),
)
"""What a shell says first, the command, the exit code, and words on standard error."""


@pytest.mark.parametrize(("first", "args", "code", "words"), FEW)
def test_what_reads_and_shows_lives_with_little(environment, tmp_path, first, args, code, words):
    """A folder that is gone, files that may not grow, a handful of open ones."""
    write_run(tmp_path / "runs", "base", (8, 6, 10))
    ended(begin(first, environment, tmp_path, *args), code, words)


PATCHED = """
import fcntl, os, sys
import evalsite.cli.importing
from evalsite.cli import main
number = int(sys.argv.pop(1))
def refuse(*_args, **_options):
    raise OSError(number, os.strerror(number))
setattr(*{"sync": (os, "fsync"), "lock": (fcntl, "flock")}[sys.argv.pop(1)], refuse)
main()
"""
REFUSALS = (
    *(("sync", number, 0) for number in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)),
    *(("lock", number, 0) for number in (errno.ENOLCK, errno.EPERM, errno.EINVAL, errno.ENOTTY)),
    *(("lock", number, 0) for number in (errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP)),
    *(("sync", number, 7) for number in (errno.EIO, errno.ENOSPC)),
    *(("lock", number, 7) for number in (errno.EIO, errno.ESTALE)),
)


@pytest.mark.parametrize(("call", "number", "code"), REFUSALS)
def test_a_file_system_that_lacks_something_is_lived_with(
    environment, samples, tmp_path, call, number, code  # noqa: F811
):  # fmt: skip
    """No locks, no telling what is on the disk; but a disk that fails is an error, which says so."""
    args = ("import", samples, "--model-name", "m", "--no-grade")
    done = preloaded.run(
        [sys.executable, "-c", PATCHED, str(number), call, *args],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert (os.strerror(number) in done.stderr) == (bool(code) or call == "sync"), done.stderr
    assert "Traceback" not in done.stderr


GONE = """
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    import signal
    if sys.argv[1] == "ignored":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
seen = b""
while b"2 samples" not in seen:
    seen += os.read(terminal, 4096)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@pytest.mark.parametrize(("hangup", "code"), [("ignored", 141), ("heard", 130)])
def test_a_terminal_that_goes_away_loses_nothing(environment, samples, tmp_path, hangup, code):  # noqa: F811
    """With ``nohup`` the work goes on to its end; else it is an interrupt. 1 would be a gate's word."""
    command = ["-m", "evalsite", "import", samples, "--model-name", "m"]
    done = subprocess.run(
        [sys.executable, "-c", GONE, hangup, *command],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout.split() == [str(code)], done.stderr
    found = [json.loads(path.read_text("utf-8"))["status"] for path in tmp_path.glob("runs/*/run.json")]
    assert found in ([["complete"]] if hangup == "ignored" else [[], ["running"]])


def test_what_a_parent_had_blocked_or_ignored_is_heard_of():
    """As some supervisors start their children: a pool of processes would come to no end, nor an alarm."""
    code = (
        "import signal, subprocess\nfrom evalsite.cli.console import hear_signals\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nhear_signals()\n"
        "print(subprocess.run('false').returncode, signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    )
    done = preloaded.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 set()\n"


def test_sighup_is_an_interrupt():
    """Only where nobody else has something to say about it."""
    code = (
        "import signal\nfrom evalsite.cli.console import hang_up_as_interrupt\n"
        "signal.signal(signal.SIGHUP, signal.{before})\nhang_up_as_interrupt()\n"
        "try:\n    signal.raise_signal(signal.SIGHUP)\nexcept KeyboardInterrupt:\n    print('interrupted')"
    )
    for before, said in (("SIG_IGN", ""), ("SIG_DFL", "interrupted\n")):
        done = preloaded.run(
            [sys.executable, "-c", code.format(before=before)], capture_output=True, text=True, check=True
        )
        assert done.stdout == said
    assert signal.SIGHUP
