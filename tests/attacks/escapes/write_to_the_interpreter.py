# expect: sandbox_violation
"""Replaces a module of the standard library."""

import os

with open(os.__file__, "w") as module:
    module.write("raise SystemExit")
