# expect: file_limit|runtime_error
"""Makes folders in folders, deeper than any path is long."""

import os

while True:
    os.mkdir("deeper")
    os.chdir("deeper")
