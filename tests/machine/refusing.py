"""``python refusing.py CALL ERRNO COMMAND...`` runs a command to which the kernel refuses a call, as filters
of containers do and kernels that are too old.
"""

import ctypes
import os
import platform
import struct
import sys

CALLS = {
    "bind": (49, 200),
    "clone3": (435, 435),
    "kill": (62, 129),
    "landlock_restrict_self": (446, 446),
    "pidfd_open": (434, 434),
    "prlimit64": (302, 261),
    "readlinkat": (267, 78),
    "sched_getaffinity": (204, 123),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "setresuid": (117, 147),
    "setsid": (112, 157),
    "socketpair": (53, 199),
}
"""Name -> number on x86-64 and AArch64."""
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000


def refuse(number: int, code: int) -> None:
    """Have the kernel refuse a call to this process from now on, and to all that it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    steps = [(LOAD, 0, 0, 0), (EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | code), (RETURN, 0, 0, ALLOW)]
    kept = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    head = struct.pack("@HP", len(steps), ctypes.addressof(kept))
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if libc.prctl(22, 2, head, 0, 0):  # PR_SET_SECCOMP
        raise OSError(ctypes.get_errno(), "no filter of system calls can be installed")


if __name__ == "__main__":
    refuse(CALLS[sys.argv[1]][platform.machine() == "aarch64"], int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
