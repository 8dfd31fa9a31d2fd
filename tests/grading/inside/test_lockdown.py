"""The kernel's own refusals, tried by raw system calls as no Python code in the sandbox could make them."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[3]
PRELUDE = """
import ctypes, errno, os, sys
sys.path.insert(0, sys.argv[1])
from evalsite.grading.inside import filtering, lockdown
libc = ctypes.CDLL(None, use_errno=True)
def code(result):
    return errno.errorcode[ctypes.get_errno()] if result == -1 else "done"
lockdown.make(lockdown.no_new_privileges())
filter_ = filtering.Filter(filtering.program())
lockdown.make(lockdown.enter_seccomp(filter_))
"""


WITHOUT_NAMESPACES = PRELUDE.replace("program()", "program(alone=False, landlock=6)")


def attempt(code, prelude=PRELUDE):
    """Standard output and exit status of some code that runs under the filter."""
    result = subprocess.run(
        [sys.executable, "-c", prelude + code, str(ROOT)], capture_output=True, text=True, check=False
    )
    return result.stdout.strip(), result.returncode


@pytest.mark.parametrize(
    "call",
    [
        "mount(b'x', b'/mnt', b'tmpfs', 0, None)", "ptrace(0, 0, 0, 0)", "unshare(0x10000000)", "setns(0, 0)",
        "chroot(b'/')", "umount2(b'/mnt', 0)", "swapoff(b'/x')", "reboot(0)",
        "process_vm_readv(1, 0, 0, 0, 0, 0)", "process_vm_writev(1, 0, 0, 0, 0, 0)",
        "syscall(443, 0, 0, 0, 0)",
        "syscall(321, 0, 0, 0)", "syscall(250, 0, 0)", "syscall(425, 1, 0)", "syscall(155, 0, 0)",
        "syscall(56, 0x10000011, 0, 0, 0, 0)",
        "syscall(56, 0x8011, 0, 0, 0, 0)", "syscall(0x40000000 + 39)",
    ],
)  # fmt: skip
def test_calls_that_no_program_needs_kill(call):
    """SIGSYS, and nothing after it. (Numbers are those of x86-64.)"""
    if call.startswith("syscall") and __import__("platform").machine() != "x86_64":
        call = "unshare(0)"
    assert attempt(f"libc.{call}\nprint('survived')") == ("", -31)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("socket(2, 1, 0)", "EACCES"),
        ("socket(1, 1, 0)", "EACCES"),
        ("socketpair(2, 1, 0, (ctypes.c_int * 2)())", "EACCES"),
        ("socketpair(1, 1, 0, (ctypes.c_int * 2)())", "done"),
        ("memfd_create(b'x', 0)", "EACCES"),
        ("shmget(1, 4096, 0o1600)", "EACCES"),
        ("semget(1, 1, 0o1600)", "EACCES"),
        ("msgget(1, 0o1600)", "EACCES"),
        ("syscall(457, 0, 0, 0, 0)", "EACCES"),
        ("syscall(458, 0, 0, 0, 0)", "EACCES"),
        ("getpid()", "done"),
    ],
)
def test_calls_that_a_library_might_try_are_refused(call, expected):
    """With an error that Python raises at the line which asked."""
    assert attempt(f"print(code(libc.{call}))") == (expected, 0)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("0x541B", "done"),  # FIONREAD
        ("0x5421", "done"),  # FIONBIO
        ("0x5450", "done"),  # FIONCLEX
        ("0x5451", "done"),  # FIOCLEX
        ("0x5452", "ENOTTY"),  # FIOASYNC: signals to whoever
        ("0x8901", "ENOTTY"),  # FIOSETOWN
    ],
)
def test_a_device_is_asked_what_python_asks_and_no_more(control, expected):
    """Of a pair of sockets, which know all of these."""
    asking = f"""
import socket
pair = socket.socketpair()
print(code(libc.ioctl(pair[0].fileno(), {control}, (ctypes.c_int * 64)())))
"""
    assert attempt(asking, WITHOUT_NAMESPACES) == (expected, 0)
    assert attempt(asking)[0] == "done", "where nobody else is, all may be asked"


@pytest.mark.parametrize(
    ("control", "expected"), [(1, "done"), *((of, "EPERM") for of in (8, 15, 10, 1024, 1026))]
)
def test_no_signal_is_asked_of_a_file(control, expected):
    """F_GETFD may be asked; F_SETOWN, F_SETOWN_EX, F_SETSIG, F_SETLEASE and F_NOTIFY end in signals."""
    assert attempt(f"print(code(libc.fcntl(0, {control}, 0)))", WITHOUT_NAMESPACES) == (expected, 0)


def test_threads_and_children_work_under_the_filter():
    """Only new namespaces are cut off."""
    code = "import threading\nthreading.Thread(target=os.write, args=(1, b'thread ')).start()\n"
    code += "os.wait() if os.fork() else os.write(1, b'child ')"
    output, status = attempt(code)
    assert sorted(output.split()) == ["child", "thread"]
    assert status == 0


def test_the_filter_lies_over_children():
    """A child has no more rights than its parent."""
    assert attempt("pid = os.fork()\nif not pid: libc.unshare(0)\nprint(os.waitpid(pid, 0)[1])") == ("31", 0)


LANDLOCK_ALONE = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
from evalsite.grading.inside import lockdown
if lockdown.landlock_version() < int(sys.argv[2]):
    sys.exit("older")
lockdown.landlock_version = lambda: int(sys.argv[2])
listening, abstract = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
abstract.bind(f"\\0evalsite-{os.getpid()}")
abstract.listen()
calling, binding, local = socket.socket(), socket.socket(), socket.socket(socket.AF_UNIX)
lockdown.make(lockdown.no_new_privileges())
lockdown.make(lockdown.enter_landlock(lockdown.landlock_ruleset([], [])))
tries = {
    "connect": lambda: calling.connect(listening.getsockname()),
    "bind": lambda: binding.bind(("127.0.0.1", 0)),
    "abstract": lambda: local.connect(abstract.getsockname()),
    "signal": lambda: os.kill(os.getppid(), 0),
}
for name, action in tries.items():
    try:
        action()
    except PermissionError:
        print(name)
"""


@pytest.mark.parametrize(
    ("version", "refused"),
    [
        *((version, "") for version in (1, 2, 3)),
        *((version, "connect bind") for version in (4, 5)),
        *((version, "connect bind abstract signal") for version in (6, 7)),
    ],
)
def test_landlock_refuses_connections_and_signals_by_itself_as_soon_as_it_can(version, refused):
    """Without the filter, so that each of the two holds where the other should not."""
    done = subprocess.run(
        [sys.executable, "-c", LANDLOCK_ALONE, str(ROOT), str(version)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.stderr.strip() == "older":
        pytest.skip(f"needs a kernel with Landlock {version}")
    assert (done.stdout.split(), done.stderr) == (refused.split(), "")


@pytest.mark.parametrize(
    ("version", "rights"),
    [
        (1, (0x1FFF,)), (2, (0x3FFF,)), (3, (0x7FFF,)), (4, (0x7FFF, 3)), (5, (0xFFFF, 3)),
        (6, (0xFFFF, 3, 3)), (7, (0xFFFF, 3, 3)), (99, (0xFFFF, 3, 3)),
    ],
)  # fmt: skip
def test_a_kernel_is_asked_for_the_rights_that_its_version_has(version, rights):
    """All that there are, as <linux/landlock.h> numbers them; of more than it knows it would have none."""
    code = """
import os, struct, sys
sys.path.insert(0, sys.argv[1])
from evalsite.grading.inside import lockdown
asked = []
def call(number, *arguments):
    asked.append((number, arguments))
    return os.open("/", os.O_PATH) if number == 444 else 0
lockdown._call = call
lockdown.landlock_version = lambda: int(sys.argv[2])
lockdown.landlock_ruleset([], [])
number, (attributes, size, flags) = asked[0]
print(number, struct.unpack(f"={size // 8}Q", attributes), flags)
"""
    command = [sys.executable, "-c", code, str(ROOT), str(version)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"444 {rights} 0\n"


def test_a_limit_of_the_machine_stays_where_it_is_lower():
    """Whoever asks for more gets that much; lower ones, and none, are as they were asked for."""
    code = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from evalsite.grading.inside import lockdown
what, no_limit = resource.RLIMIT_FSIZE, resource.RLIM_INFINITY
resource.setrlimit(what, (5000, 5000))
print([lockdown.limit(what, *asked)[2][1] for asked in ((100, 200), (9000, 9000), (100, no_limit))])
lockdown.set_limit(what, 9000, 9000)
print(resource.getrlimit(what))
"""
    command = [sys.executable, "-c", code, str(ROOT)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told == "[(100, 200), (5000, 5000), (100, 5000)]\n(5000, 5000)\n"
