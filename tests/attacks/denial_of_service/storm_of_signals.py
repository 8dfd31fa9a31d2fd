# expect: timeout|wrong_answer
"""Is interrupted a million times a second."""

import signal

signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)


def add(a, b):
    while True:
        pass
