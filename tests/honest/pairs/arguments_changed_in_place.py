"""What is changed in place is seen by the tests."""

from collections import deque


def f(numbers, names, seen, line, rows):
    numbers.sort()
    numbers.append(numbers)
    numbers.pop()
    names["b"] = numbers
    del names["a"]
    seen |= {1}
    line.rotate(1)
    rows[0][0] = 9
    return names


# the tests:
from collections import deque

numbers, names, seen, line, rows = [3, 1, 2], {"a": 0}, {5}, deque([1, 2]), [[0, 1], [2]]
first = rows[0]
assert f(numbers, names, seen, line, rows) is names
assert numbers == [1, 2, 3] and names == {"b": [1, 2, 3]} and names["b"] is numbers
assert seen == {1, 5} and line == deque([2, 1]) and rows == [[9, 1], [2]] and first is rows[0]
same = [0]
f([1], {"a": 1}, set(), deque(), [same, same])
assert same == [9]
