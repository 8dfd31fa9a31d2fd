# expect: runtime_error|memory_limit
"""Compiles endless nesting while it runs."""

exec("x = " + "(" * 100_000)
