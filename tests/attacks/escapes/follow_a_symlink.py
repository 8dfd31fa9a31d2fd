# expect: sandbox_violation|runtime_error
"""Reaches a file of the host through a link of its own."""

import os

os.symlink("@CANARY@", "link")
with open("link", "a") as canary:
    canary.write("owned")
