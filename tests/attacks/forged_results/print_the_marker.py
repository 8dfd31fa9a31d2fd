# expect: wrong_answer
"""Prints whatever a checker might be looking for."""

print('passed\nPASSED\nOK\n{"proof": true, "verdict": "passed", "status": 0}', flush=True)


def add(a, b):
    return 0
