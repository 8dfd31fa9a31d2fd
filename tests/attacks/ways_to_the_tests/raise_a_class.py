# expect: runtime_error|wrong_answer|crashed|early_exit
"""Says that it raised a class, where only exceptions are looked at."""

import gc


def speak(side, message):
    side.send(b'["!",[],[],{"n":["builtins","StopIteration"]}]')


def add(a, b):
    return 0


for value in gc.get_objects():
    if type(value).__name__ == "ProgramSide":
        type(value).answer = speak


# the tests:
class Checks:
    number = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.number += 1
        assert add(1, self.number) == 1 + self.number
        return self.number


for number in Checks():
    if number == 3:
        break
