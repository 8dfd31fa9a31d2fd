# expect: wrong_answer
"""Changes what functions that it finds take for their parts."""

import gc
import types


def add(a, b):
    for value in gc.get_objects():
        if isinstance(value, types.FunctionType) and value.__globals__ is not globals():
            for name in value.__kwdefaults__ or {}:
                if name.startswith("_"):
                    value.__kwdefaults__[name] = lambda *_, **__: True
    return 0
