# expect: wrong_answer
"""Walks the frames of its callers and tries every secret of 32 bytes, everywhere."""

import sys


def add(a, b):
    pages, secrets = [], [bytes(32)]
    frame = sys._getframe()
    while frame is not None:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            values = value if isinstance(value, list) else [value]
            for inner in [*values, *getattr(value, "__dict__", {}).values()]:
                if isinstance(inner, bytes) and len(inner) == 32:
                    secrets.append(inner)
                if type(inner).__name__ == "mmap":
                    pages.append(inner)
        frame = frame.f_back
    for page in pages:
        for secret in secrets:
            page[:33] = secret + b"\0"
    return 0
