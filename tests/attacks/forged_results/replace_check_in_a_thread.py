# expect: wrong_answer
"""A thread keeps replacing the check function, in every namespace that it finds."""

import sys
import threading

sys.setswitchinterval(1e-6)
namespace = globals()


def replace():
    while True:
        namespace["check"] = lambda candidate: None


threading.Thread(target=replace, daemon=True).start()


def add(a, b):
    return 0
