# expect: sandbox_violation
"""Changes its root."""

import os

os.mkdir("root")
os.chroot("root")
