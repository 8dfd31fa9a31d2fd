# expect: timeout
"""Stops itself by a signal."""

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
