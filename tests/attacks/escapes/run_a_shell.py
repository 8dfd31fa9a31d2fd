# expect: sandbox_violation|runtime_error
"""Runs a shell."""

import subprocess

subprocess.run(["/bin/sh", "-c", "id"], check=True)
