# expect: wrong_answer
"""A thread gives its class a comparison and takes it away, again and again."""

import sys
import threading

sys.setswitchinterval(1e-6)


class Innocent:
    pass


def toggle():
    while True:
        Innocent.__eq__ = lambda *_: True
        del Innocent.__eq__


threading.Thread(target=toggle, daemon=True).start()


def add(a, b):
    return Innocent()
