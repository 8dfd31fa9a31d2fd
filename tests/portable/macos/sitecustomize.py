"""Put first on ``PYTHONPATH``: takes from this Linux Python the names that it would not have on macOS.

What behaves otherwise there under the same name (``RLIMIT_AS``, file names' case) stays as it is here.
"""

import os
import platform
import resource
import signal
import sys
import sysconfig
import types

LINUX_ONLY = {
    os: """
        copy_file_range eventfd eventfd_read eventfd_write fdatasync getrandom getresgid getresuid getxattr
        listxattr memfd_create pidfd_open pipe2 posix_fadvise posix_fallocate removexattr
        sched_getaffinity sched_getparam sched_getscheduler sched_setaffinity sched_setparam
        sched_setscheduler setns setresgid setresuid setxattr splice unshare
        O_DIRECT O_LARGEFILE O_NOATIME O_PATH O_RSYNC O_TMPFILE
    """,
    signal: "pidfd_send_signal sigtimedwait sigwaitinfo SIGPWR SIGSTKFLT SIGRTMIN SIGRTMAX",
    resource: "prlimit RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING",
}

for module, names in LINUX_ONLY.items():
    for name in names.split():
        module.__dict__.pop(name, None)

if hasattr(os, "process_cpu_count"):  # which asks ``sched_getaffinity`` here
    os.process_cpu_count = os.cpu_count

# How this Python was built still stands in a module that is named for Linux.
os.environ.setdefault("_PYTHON_SYSCONFIGDATA_NAME", sysconfig._get_sysconfigdata_name())
sys.platform = "darwin"
platform.system = lambda: "Darwin"
platform.mac_ver = lambda *_: ("14.5", ("", "", ""), platform.machine())  # pip wants to know

# urllib asks macOS for its proxies; here there are none to ask for.
settings = types.ModuleType("_scproxy")
settings._get_proxies = dict
settings._get_proxy_settings = lambda: {"exclude_simple": True}
sys.modules["_scproxy"] = settings
