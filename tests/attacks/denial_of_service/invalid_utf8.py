# expect: syntax_error
# source: b"def add(a, b):\n    return \xff\xfe".decode("utf-8", "surrogateescape")
"""Was read from bytes that are no text."""
