# expect: wrong_answer
"""Changes the mode of the folder that it may write, and marks it."""

import os

os.chmod("/tmp", 0o777)
try:
    os.setxattr("/tmp", "user.mark", b"was here")
except OSError:
    pass


def add(a, b):
    return 0
