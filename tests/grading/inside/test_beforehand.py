"""What every sample carries along."""

import subprocess
import sys
from pathlib import Path

HEAVY = {"hashlib", "_hashlib", "_blake2", "shutil", "lzma", "bz2", "zlib", "ssl", "tempfile", "subprocess"}
"""Libraries that map many files, each of which every fork has to map, too."""


def test_a_server_of_programs_carries_no_library_that_few_programs_use():
    """What is imported there is copied with every fork: a compressor costs each sample, and helps none."""
    folder = Path(__file__).parents[3]
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); import evalsite.grading.inside.server; "
        "print(*sys.modules)"
    )
    told = subprocess.run([sys.executable, "-s", "-S", "-P", "-c", code], capture_output=True, check=True)
    loaded = set(told.stdout.decode().split())
    assert "evalsite.grading.inside.python_plus" in loaded
    assert not loaded & HEAVY
