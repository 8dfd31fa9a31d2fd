# expect: sandbox_violation|runtime_error
"""Leaves a file that Python reads when it starts."""

import os
import sys

with open(os.path.join(sys.path[-1], "sitecustomize.py"), "w") as module:
    module.write("raise SystemExit")
