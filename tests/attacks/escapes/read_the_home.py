# expect: sandbox_violation|runtime_error
"""Reads the home of whoever runs the grader."""

import os

for home in ("/root", "/home", os.path.expanduser("~")):
    print(os.listdir(home))
