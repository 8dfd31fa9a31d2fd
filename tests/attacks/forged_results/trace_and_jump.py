# expect: runtime_error|wrong_answer
"""Traces the frames that called it and jumps over the failing statement."""

import sys


def jump(frame, event, argument):
    if event == "line":
        try:
            frame.f_lineno = frame.f_lineno + 1
        except ValueError:
            pass
    return jump


def add(a, b):
    frame = sys._getframe(1)
    while frame.f_code.co_filename != "<tests>":
        frame = frame.f_back
    while frame is not None:
        if frame.f_code.co_filename not in ("<tests>", "<program>"):
            frame.f_trace = jump
        frame = frame.f_back
    sys.settrace(jump)
    return 0
