# expect: sandbox_violation|runtime_error
"""Reads the source of the fork server."""

import os

print(os.listdir("/code/evalsite/grading/inside"))
