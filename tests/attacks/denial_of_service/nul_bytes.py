# expect: syntax_error
# source: "def add(a, b):\n    return a + b\0\n"
"""Holds NUL bytes."""
