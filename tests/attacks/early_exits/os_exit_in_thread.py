# expect: early_exit
"""A thread ends the whole process while the tests run."""

import os
import threading
import time

threading.Thread(target=lambda: (time.sleep(0.05), os._exit(0)), daemon=True).start()


def add(a, b):
    time.sleep(1)
    return 0
