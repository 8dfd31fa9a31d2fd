"""Functions that are passed, and functions that are returned."""


def f(function, values):
    return [function(value) for value in values]


def adder(n):
    return lambda x: x + n


def retry(function):
    try:
        return function()
    except KeyError as exc:
        return f"no {exc.args[0]}"


def decorated(function):
    def wrapper(*args, **options):
        return function(*args, **options) + 1

    return wrapper


# the tests:
import functools

assert f(lambda x: x * x, [1, 2]) == [1, 4] and f(str, [1]) == ["1"] and f(len, ["ab"]) == [2]
assert adder(2)(3) == 5 and callable(adder(1)) and list(map(adder(1), [1, 2])) == [2, 3]


def fails():
    raise KeyError("x")


assert retry(fails) == "no x"


@decorated
def plus(a, b=1):
    return a + b


assert plus(1) == 3 and plus(1, b=2) == 4
assert f(functools.partial(pow, 2), [3]) == [8]
assert f.__name__ == "f" and f.__doc__ is None
