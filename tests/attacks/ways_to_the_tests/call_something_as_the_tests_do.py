# expect: runtime_error
"""The tests give names to what they know, and a program has names, too."""

inputs = results = None


def add(a, b):
    return results[inputs.index([a, b])]


# the tests:
inputs = [[1, 2], [3, 4]]
results = [3, 7]
for given, right in zip(inputs, results):
    assert add(*given) == right
