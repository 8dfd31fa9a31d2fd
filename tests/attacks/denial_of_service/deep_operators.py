# expect: syntax_error
# source: "x = " + "-" * 300_000 + "1"
"""Puts one operator before another, too often."""
