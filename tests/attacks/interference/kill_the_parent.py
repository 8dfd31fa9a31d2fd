# expect: crashed|sandbox_violation|runtime_error
"""Kills its parent, and the first process."""

import os
import signal

os.kill(1, signal.SIGKILL)
os.kill(os.getppid(), signal.SIGKILL)
