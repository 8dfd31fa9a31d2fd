# expect: timeout|sandbox_violation|runtime_error
"""Stops its parent by a signal."""

import os
import signal

os.kill(1, signal.SIGSTOP)
os.kill(os.getppid(), signal.SIGSTOP)
