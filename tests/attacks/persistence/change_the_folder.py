# expect: wrong_answer
"""Changes the mode of the folder that it may write, and marks it."""

import os

os.chmod(os.getcwd(), 0o777)
try:
    os.setxattr(os.getcwd(), "user.mark", b"was here")
except OSError:
    pass


def add(a, b):
    return 0
