# expect: wrong_answer
"""Looks for the list that held the proof, through every frame and the traceback of an exception."""

import os


def add(a, b):
    try:
        raise ValueError
    except ValueError as exc:
        frame = exc.__traceback__.tb_frame
    while frame is not None:
        proof, page = frame.f_locals.get("proof"), frame.f_locals.get("page")
        if proof and page is not None:
            page[:32] = proof[0]
            os._exit(0)
        frame = frame.f_back
    return 0
