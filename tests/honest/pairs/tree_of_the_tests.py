"""Objects of a class that the tests define."""


def f(node):
    total = 0
    while node is not None:
        total += node.value
        node.seen = True
        node = node.next
    return total


def longer(node, cls):
    node.next = cls(9)
    return node


# the tests:
class Node:
    def __init__(self, value, next=None):
        self.value, self.next = value, next


end = Node(2)
start = Node(1, end)
assert f(start) == 3 and start.seen and end.seen
assert longer(end, Node) is end and type(end.next) is Node and end.next.value == 9 and f(start) == 12
