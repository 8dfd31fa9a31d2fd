# expect: wrong_answer
"""Lists folders of the host's, and whatever tells of other processes."""

import os

for folder in (
    "/",
    "/etc",
    "/root",
    "/home",
    "/proc",
    "/proc/self/fd",
    "/sys",
    "/dev/shm",
    "/var/tmp",
    "/run",
):
    try:
        found = os.listdir(folder)
    except OSError:
        continue
    raise SystemExit(f"{folder} holds {found}")


def add(a, b):
    return 0
