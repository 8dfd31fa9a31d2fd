# expect: sandbox_violation
"""Makes an invisible file in memory, which no limit on disk or address space counts."""

import os

os.memfd_create("invisible")
