"""What an ordinary container refuses: ``python container.py COMMAND...`` runs a command with its rights.

As Docker and Kubernetes have it by default: no namespaces, no mounts, and for root a few capabilities.
"""

import ctypes
import os
import platform
import struct
import sys

KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
"""Capabilities of root, by the kernel's numbers: from CAP_CHOWN to CAP_SETFCAP."""
REFUSED = {
    "x86_64": [155, 165, 166, 272, 308, 428, 429, 430, 431, 432, 433, 442],
    "aarch64": [41, 40, 39, 97, 268, 428, 429, 430, 431, 432, 433, 442],
}
"""pivot_root, mount, umount2, unshare, setns, and the newer calls about mounts."""
CLONE, CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
NEW_NAMESPACES = 0x7E020080
LOAD, EQUAL, ANY_OF, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026


def refusing() -> bytes:
    """The filter of system calls that a container's runtime installs."""
    machine = platform.machine()
    code = [(LOAD, 0, 0, 0)]
    for number in REFUSED[machine]:
        code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, EPERM)]
    code += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, ENOSYS)]
    code += [(EQUAL, 0, 3, CLONE[machine]), (LOAD, 0, 0, 16), (ANY_OF, 0, 1, NEW_NAMESPACES)]
    code += [(RETURN, 0, 0, EPERM), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def enter() -> None:
    """Give up, in this process, what a container does not have."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        for number in range(41):
            if number not in KEPT:
                libc.prctl(24, number, 0, 0, 0)  # PR_CAPBSET_DROP
        mask = sum(1 << number for number in KEPT)
        low, high = mask & 0xFFFFFFFF, mask >> 32
        libc.capset(struct.pack("=Ii", 0x20080522, 0), struct.pack("=6I", low, low, 0, high, high, 0))
    code = refusing()
    kept = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("@HP", len(code) // 8, ctypes.addressof(kept))
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if libc.prctl(22, 2, head, 0, 0):  # PR_SET_SECCOMP
        raise OSError(ctypes.get_errno(), "no filter of system calls can be installed")


if __name__ == "__main__":
    enter()
    os.execvp(sys.argv[1], sys.argv[1:])
