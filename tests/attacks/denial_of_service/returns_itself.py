# expect: wrong_answer|runtime_error
"""Returns a list that is its own only item."""


def add(a, b):
    value = []
    value.append(value)
    return value
