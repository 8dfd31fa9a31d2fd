# expect: sandbox_violation|wrong_answer
"""Makes a program that runs as another user."""

import os
import shutil
import sys

shutil.copy(sys.executable, "python")
os.chmod("python", 0o6755)
os.execv("./python", ["python"])
