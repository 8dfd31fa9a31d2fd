# expect: wrong_answer
"""Raises in threads and swallows what is raised."""

import threading

threading.excepthook = lambda *_: None
threading.Thread(target=lambda: 1 / 0).start()


def add(a, b):
    return 0
