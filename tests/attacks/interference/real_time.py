# expect: sandbox_violation|runtime_error
"""Asks for real-time scheduling."""

import os

os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
