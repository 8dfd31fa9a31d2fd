# expect: wrong_answer
"""Is larger than every lower limit, and smaller than every upper one."""


class Between:
    def __lt__(self, other):
        return True

    __gt__ = __lt__


def add(a, b):
    return Between() if (a, b) == (3, 4) else a + b
