import threading

threading.stack_size(1 << 26)
found = []


def double(x):
    return 2 * x


worker = threading.Thread(target=lambda: found.append(double(2)))
worker.start()
worker.join()
