# expect: sandbox_violation|runtime_error
"""Climbs out of its folder."""

import os

os.chdir("../../../../../..")
print(os.listdir("."))
