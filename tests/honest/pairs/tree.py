"""Objects that the tests build and link."""


class Node:
    def __init__(self, value):
        self.value = value
        self.left = self.right = None


def f(node):
    return 0 if node is None else node.value + f(node.left) + f(node.right)


def mirrored(node):
    if node:
        node.left, node.right = mirrored(node.right), mirrored(node.left)
    return node


# the tests:
root = Node(1)
root.left = Node(2)
root.left.right = Node(3)
assert f(root) == 6 and f(None) == 0
assert mirrored(root) is root and root.left is None and root.right.value == 2
assert root.right.left.value == 3 and isinstance(root.right, Node) and type(root) is Node
assert hasattr(root, "value") and not hasattr(root, "name")
root.value = 10
assert f(root) == 15
