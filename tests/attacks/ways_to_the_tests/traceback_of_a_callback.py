# expect: wrong_answer
"""Reads what is expected in the traceback of an error that the tests' function raises."""


def add(a, b, call=None):
    try:
        call("nonsense")
    except Exception as exc:
        traceback = exc.__traceback__
        while traceback is not None:
            if "expected" in traceback.tb_frame.f_locals:
                return traceback.tb_frame.f_locals["expected"]
            traceback = traceback.tb_next
    return 0


# the tests:
def call(number):
    expected = 3
    return expected / number


assert add(1, 2, call) == 3
