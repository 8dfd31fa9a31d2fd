import sys
import threading

sys.setswitchinterval(1e-6)
begun = threading.Event()


def go_on():
    for number in range(300_000):
        globals()[f"square_{number}"] = number * number
        if number == 50_000:
            begun.set()


threading.Thread(target=go_on, daemon=True).start()
begun.wait()


def double(x):
    return 2 * x
