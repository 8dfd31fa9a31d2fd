"""A list that both hold is one list, whoever changes it."""

from collections import deque

BOARD = [[0] * 3 for _ in range(3)]
NAMES = {"a": 1}
LINE = deque()
SEEN = set()
KEPT = []
CACHE = {}


class Stack:
    def __init__(self):
        self.items = []

    def get(self):
        return self.items

    def push(self, item):
        self.items.append(item)


def collect(item, found=[]):  # noqa: B006 - the mistake that tests are to see
    found.append(item)
    return found


def board():
    return BOARD


def play(row, column):
    BOARD[row][column] = 1


def all_of_them():
    return NAMES, LINE, SEEN


def add(name):
    NAMES[name] = len(NAMES)
    LINE.append(name)
    SEEN.add(name)


def keep(items):
    KEPT.append(items)
    return len(items)


def change():
    KEPT[0].append("changed")


def remembered(number):
    return CACHE.setdefault(number, [number])


def windows(most):
    window = []
    for number in range(most):
        window.append(number)
        yield window


def fail(items=[]):  # noqa: B006
    items.append(1)
    raise ValueError(items)


def tell(listener):
    items = [1]
    listener(items)
    items.append(3)
    listener(items)
    return items


def fresh(number):
    return [number]


# the tests:
first, second = collect(1), collect(2)
assert first is second and first == [1, 2]

stack = Stack()
items = stack.get()
stack.push(1)
assert items == [1] and stack.get() is items and stack.items is items
items.append([2])
items[1].append(3)
stack.push(4)
assert items == [1, [2, 3], 4] == stack.get()

row = board()[1]
play(1, 2)
assert row == [0, 0, 1] and board()[1] is row
row[0] = 5
assert board() == [[0, 0, 0], [5, 0, 1], [0, 0, 0]]

names, line, seen = all_of_them()
add("b")
assert names == {"a": 1, "b": 1} and list(line) == ["b"] and seen == {"b"}
line.popleft()
add("c")
names.clear()
assert list(all_of_them()[1]) == ["c"] and all_of_them()[0] == {}

mine = [1]
assert keep(mine) == 1
change()
assert mine == [1, "changed"]
mine.append(2)
assert keep(mine) == 3

found = remembered(1)
found.append("more")
assert remembered(1) == [1, "more"] and remembered(1) is found
many = [remembered(number) for number in range(50)]
assert many[1] is found and many[49] == [49]
many[2].append(3)
assert remembered(2) == [2, 3]

window = windows(3)
assert next(window) is next(window)
assert list(window) == [[0, 1, 2]]

seen_errors = []
for _ in range(2):
    try:
        fail()
    except ValueError as exc:
        seen_errors.append(exc.args[0])
assert seen_errors == [[1, 1], [1, 1]] and seen_errors[0] is seen_errors[1]

heard = []


def listener(items):
    heard.append(items)
    items.append(2)


assert tell(listener) == [1, 2, 3, 2] and heard[0] is heard[1]

assert fresh(1) is not fresh(1) and fresh(1) == fresh(1)
other = fresh(2)
other.append(1)
assert fresh(2) == [2]
