# expect: file_limit
"""Writes a file without end."""

with open("large", "wb") as large:
    while True:
        large.write(bytes(1 << 20))
