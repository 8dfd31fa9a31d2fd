# expect: sandbox_violation|runtime_error
"""Takes the processors for itself."""

import os

os.nice(-20)
