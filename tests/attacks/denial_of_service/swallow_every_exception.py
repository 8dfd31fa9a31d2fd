# expect: timeout
"""Loops and swallows every exception."""


def add(a, b):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
