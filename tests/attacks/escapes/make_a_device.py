# expect: sandbox_violation
"""Makes the device of the first disk."""

import os
import stat

os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
