# expect: passed
# source: "def add(a, b):\n    return a + b\n" + "# a comment that says nothing\n" * 350_000
"""A program of ten megabytes; it is long, and right."""
