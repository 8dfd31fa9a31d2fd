# expect: runtime_error
"""A thread keeps interrupting the main one."""

import _thread
import threading


def interrupt():
    while True:
        _thread.interrupt_main()


threading.Thread(target=interrupt, daemon=True).start()


def add(a, b):
    while True:
        pass
