# expect: sandbox_violation
"""Signals the first process by a descriptor of it."""

import os
import signal

signal.pidfd_send_signal(os.pidfd_open(1), signal.SIGKILL)


def add(a, b):
    return a + b
