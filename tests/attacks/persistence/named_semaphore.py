# expect: sandbox_violation|runtime_error
"""Leaves a named semaphore."""

import multiprocessing

multiprocessing.Semaphore(0)
