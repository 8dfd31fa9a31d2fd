# expect: runtime_error
"""Raises what ends an iteration, before the tests begin."""

raise StopIteration
