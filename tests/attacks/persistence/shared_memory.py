# expect: sandbox_violation|runtime_error
"""Leaves a segment of shared memory."""

from multiprocessing import shared_memory

shared_memory.SharedMemory(name="left", create=True, size=4096)
