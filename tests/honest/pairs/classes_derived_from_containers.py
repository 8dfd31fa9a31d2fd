"""A list, a dictionary and a text of its own."""


class Stack(list):
    def push(self, value):
        self.append(value)
        return self

    def peek(self):
        return self[-1]


class Bag(dict):
    def __missing__(self, key):
        return 0


class Name(str):
    def shout(self):
        return self.upper() + "!"


def f():
    return Stack([1]), Bag(a=1), Name("ann")


# the tests:
stack, bag, name = f()
assert stack == [1] and [1] == stack and isinstance(stack, list) and len(stack) == 1 and stack[0] == 1
assert (
    stack.push(2) is stack and stack == [1, 2] and stack.peek() == 2 and list(stack) == [1, 2] and 2 in stack
)
assert (
    bag == {"a": 1}
    and bag["z"] == 0
    and isinstance(bag, dict)
    and dict(bag) == {"a": 1}
    and sorted(bag) == ["a"]
)
assert (
    name == "ann"
    and name.shout() == "ANN!"
    and isinstance(name, str)
    and name + "a" == "anna"
    and type(name) is Name
)
