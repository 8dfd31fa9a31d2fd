# expect: early_exit
"""Lets a watchdog of the interpreter's end the process."""

import faulthandler
import time


def add(a, b):
    faulthandler.dump_traceback_later(0.02, exit=True)
    time.sleep(5)
