# expect: wrong_answer
"""Changes a class of the tests so that their own reference agrees."""


def add(a, b, box=None):
    for change in (
        lambda: setattr(type(box), "total", lambda self: 0),
        lambda: setattr(box, "total", lambda: 0),
        lambda: setattr(type(box), "__eq__", lambda *_: True),
    ):
        try:
            change()
        except Exception:
            pass
    return 0


# the tests:
class Box:
    def __init__(self, *values):
        self.values = values

    def total(self):
        return sum(self.values)


box = Box(1, 2)
assert add(1, 2, box) == Box.total(box)
