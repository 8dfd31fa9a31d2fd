# expect: timeout
def add(a, b):
    return [number * (2**61 - 1) for number in range(200_000)]  # all of them have one hash


# the tests:
assert len(set(add(1, 2))) == 1
