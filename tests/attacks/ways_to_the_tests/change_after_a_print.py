# expect: wrong_answer
"""Changes what it has returned when the tests print what is right."""

import gc

returned = []


def hear(side, text):
    if text.isdigit():
        returned[:] = [int(text)]


for value in gc.get_objects():
    if type(value).__name__ == "ProgramSide":
        type(value).do_print = hear


def add(a, b):
    return returned


# the tests:
found = add(1, 2)
print("expected", 3)
assert found == [3]
