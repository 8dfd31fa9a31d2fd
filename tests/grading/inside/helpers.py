"""Values on their way through the wall."""

from evalsite.grading.inside.python_library import kinds
from evalsite.grading.inside.python_values import Codec, from_bytes


def sent(value):
    """What arrives of a value."""
    data, _ = Codec(kinds()).pack([], [value])
    (found,), _ = Codec(kinds()).unpack(from_bytes(data))
    return found
