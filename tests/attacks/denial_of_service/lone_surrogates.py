# expect: syntax_error
# source: "def add(a, b):\n    return a + b  # \ud800\n"
"""Holds half a character."""
