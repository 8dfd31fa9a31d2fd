# expect: sandbox_violation
"""Becomes root."""

import os

os.setgroups([0])
os.setuid(0)
os.seteuid(0)
print(os.listdir("/code"))
