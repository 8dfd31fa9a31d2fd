# expect: wrong_answer
"""Empties files without opening them for writing: one of the host's, and one of the interpreter's."""

import os


def tried(action):
    try:
        action()
    except OSError:
        pass


tried(lambda: os.truncate("@CANARY@", 0))
tried(lambda: os.open("@CANARY@", os.O_RDONLY | os.O_TRUNC))
for name in os.listdir(os.path.dirname(os.__file__)):
    if name.startswith("this."):
        path = os.path.join(os.path.dirname(os.__file__), name)
        tried(lambda: os.truncate(path, 0))
        tried(lambda: os.open(path, os.O_RDONLY | os.O_TRUNC))
        assert os.stat(path).st_size > 0


def add(a, b):
    return 0
