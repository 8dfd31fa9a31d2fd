"""What models thought, and what they said."""

from tests.extraction.answers import FUNCTION, fenced

DRAFT = fenced(FUNCTION.replace("isqrt", "floor"))


FINAL = fenced(FUNCTION)
