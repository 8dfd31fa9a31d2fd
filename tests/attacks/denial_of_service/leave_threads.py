# expect: passed
"""Is right, and leaves threads at work that would never end."""

import threading


def work():
    while True:
        pass


for _ in range(3):
    threading.Thread(target=work).start()


def add(a, b):
    return a + b
