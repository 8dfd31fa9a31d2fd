# expect: wrong_answer
"""Returns a list that holds itself so often that nobody can count it."""


def add(a, b):
    value = []
    for _ in range(60):
        value = [value, value]
    return value
