# expect: wrong_answer|runtime_error|crashed
"""Reads what lies beside a frame's variables, by byte code that no compiler makes, and returns what it finds."""

import dis

LOAD, EXTEND, RETURN = (dis.opmap[name] for name in ("LOAD_FAST", "EXTENDED_ARG", "RETURN_VALUE"))


def read(place):
    number = place & 0xFFFFFFFF
    code = [dis.opmap["RESUME"], 0]
    for shift in (24, 16, 8):
        code += [EXTEND, number >> shift & 0xFF]
    code += [LOAD, number & 0xFF, RETURN, 0]

    def empty():
        pass

    empty.__code__ = empty.__code__.replace(co_code=bytes(code), co_exceptiontable=b"")
    return empty()


def add(a, b):
    for place in range(-1, -200, -1):
        found = read(place)
        if type(found) in (int, float) and found not in (a, b):
            return found
    return None
