# expect: runtime_error
"""Fails with a message of a hundred megabytes."""

raise ValueError("x" * 100_000_000)
