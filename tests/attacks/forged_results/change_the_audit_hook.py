# expect: sandbox_violation|runtime_error
"""Changes what the audit hook decides by, in the frame to which its error leads."""

import gc

try:
    gc.get_objects()
except PermissionError as exc:
    traceback = exc.__traceback__
while traceback is not None:
    frame = traceback.tb_frame
    frame.f_locals.update(events=frozenset(), imports=frozenset(), kept=frozenset())
    if frame.f_code.co_filename != "<program>":
        frame.f_globals.update(PermissionError=None, errno=None)
    traceback = traceback.tb_next
gc.get_objects()


def add(a, b):
    return a + b
