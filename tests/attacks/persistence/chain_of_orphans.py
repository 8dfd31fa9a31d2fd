# expect: wrong_answer
"""Leaves processes that never stay: each forks, in a session of its own, and ends, so that no number is ever right."""

import os


def run():
    for _ in range(1 << 30):
        try:
            os.setsid()
        except OSError:
            pass
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            continue
        try:
            open("alive", "w").close()
        except OSError:
            pass


for _ in range(3):
    if os.fork() == 0:
        run()


def add(a, b):
    return 0
