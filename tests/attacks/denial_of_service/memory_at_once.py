# expect: memory_limit
"""Asks for more memory than there is."""

hoard = bytearray(1 << 45)
