# expect: wrong_answer
"""Changes the variables of all frames whenever a signal interrupts them."""

import signal


def change(number, frame):
    while frame is not None:
        if frame.f_code.co_filename not in ("<program>", "<tests>"):
            frame.f_locals.update({"left": 3, "right": 3, "otherwise": True, "operands": (3, 3), "status": 0})
        frame = frame.f_back


signal.signal(signal.SIGALRM, change)
signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)


def add(a, b):
    return 0
