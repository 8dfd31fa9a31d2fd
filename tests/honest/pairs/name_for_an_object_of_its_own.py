"""Tests give an object and a function of the program another name of its own, which it goes on using."""


class Stack:
    def __init__(self):
        self.items = []


def double(x):
    return 2 * x


stack = Stack()
work = None


def f(x):
    stack.items.append(work(x))
    return len(stack.items)


# the tests:
stack = Stack()
work = double
assert f(1) == 1 and f(2) == 2
assert stack.items == [2, 4]
