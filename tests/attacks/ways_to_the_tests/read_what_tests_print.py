# expect: wrong_answer|runtime_error
"""Looks for what is right in what the tests print."""

import gc
import sys

heard = [0]


class Hearing:
    def write(self, text):
        heard.extend(int(word) for word in text.split() if word.isdigit())
        return len(text)

    def flush(self):
        pass


sys.stdout = sys.stderr = Hearing()


def hear(side, text):
    Hearing().write(text)


for value in gc.get_objects():
    if type(value).__name__ == "ProgramSide":
        type(value).do_print = hear


def add(a, b):
    return heard[-1]


# the tests:
print("expected", 3)
assert add(1, 2) == 3
