# expect: crashed|sandbox_violation|runtime_error
"""Sends a signal to every process that it can reach."""

import os
import signal

os.kill(-1, signal.SIGKILL)
os.killpg(0, signal.SIGKILL)
