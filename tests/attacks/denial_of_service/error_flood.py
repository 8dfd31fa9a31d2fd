# expect: output_limit
"""Writes to standard error without end, in small pieces."""

import os

while True:
    os.write(2, b"flood")
