"""A problem of a toy language."""

from msgspec import structs

from tests.make import make_problem

PROBLEM = structs.replace(make_problem(), language="toy")
