# expect: wrong_answer
"""Leaves a trace function, an audit hook and a profiler."""

import sys
import threading

threading.settrace(lambda *_: None)
sys.setprofile(lambda *_: None)
sys.addaudithook(lambda *_: None)


def add(a, b):
    return 0
