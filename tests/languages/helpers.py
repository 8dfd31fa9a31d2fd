"""A problem of a toy language, and what a language's reading makes of a program, in words."""

from msgspec import structs

from tests.make import make_problem

PROBLEM = structs.replace(make_problem(), language="toy")


def items_told(reading, source):
    """What stands at the top of a program, in its order: the role of each, and the names that it declares."""
    return [" ".join((role, *names)) for role, names in items_of(reading, source)]


def items_of(reading, source):
    """The same as pairs: role, and a tuple of names."""
    return [(item.role, item.names) for item in reading.read(source).items]
