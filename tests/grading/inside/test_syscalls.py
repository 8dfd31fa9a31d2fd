"""No number of a system call is wrong: held against the kernel's own headers, those that are installed and
those that ``system_calls.json`` was made from.

``python -m tests.grading.inside.test_calls X86_64/unistd_64.h GENERIC/unistd.h`` makes that file, of the
headers of Linux 7.2 (asm/unistd_64.h for x86-64, and for AArch64).
"""

import json
import re
import sys
from pathlib import Path

import pytest

from evalsite.grading.inside import syscalls

FACTS = Path(__file__).with_name("system_calls.json")
INSTALLED = {
    "x86_64": [*Path("/usr/include").glob("x86_64-linux-gnu/asm/unistd_64.h"),
               *Path("/usr/x86_64-linux-gnu/include").glob("asm/unistd_64.h")],
    "generic": [*Path("/usr/include").glob("asm-generic/unistd.h"),
                *Path("/usr/aarch64-linux-gnu/include").glob("asm-generic/unistd.h")],
}  # fmt: skip
"""Where Debian's linux-libc-dev and its cross variants put them; the generic one comes with each of them."""


def numbers_of(header):
    """Every call that a header gives a number, by its name."""
    found = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text("utf-8"), re.MULTILINE)
    return {name: int(number) for name, number in found}


def in_the_tables():
    """Name of each call in our tables -> its two numbers."""
    found = {}
    for name, value in vars(syscalls).items():
        if isinstance(value, dict) and name.isupper() and name != "ARCHITECTURES":
            found |= value
        elif name.isupper() and isinstance(value, tuple) and name not in ("LOCKING",):
            found[name.lower()] = value
    return found


def differing(known, column, newest):
    """Calls of ours that are not as known, though a header of this age has them."""
    return {
        name: (numbers[column], known.get(name))
        for name, numbers in in_the_tables().items()
        if numbers[column] != known.get(name) and (numbers[column] or 0) <= newest
    }


@pytest.mark.parametrize(("processor", "column"), [("x86_64", 0), ("generic", 1)])
def test_every_number_is_the_kernels(processor, column):
    """On both kinds of processor; and what a processor lacks, the tables lack."""
    known = json.loads(FACTS.read_text("utf-8"))[processor]
    assert len(known) >= 100
    assert differing(known, column, newest=10**6) == {}


@pytest.mark.parametrize(("processor", "column"), [("x86_64", 0), ("generic", 1)])
def test_installed_headers_say_so_too(processor, column):
    """Where the headers of a kernel are installed: of this processor, or of a cross compiler's."""
    for header in INSTALLED[processor]:
        known = numbers_of(header)
        assert len(known) > 200
        newest = max(number for name, number in known.items() if name != "syscalls")
        assert differing(known, column, newest) == {}
    assert FACTS.is_file()


def test_the_tables_hold_calls_that_are_there():
    """On one processor at least; none is told twice with different numbers."""
    assert len(in_the_tables()) >= 100
    assert [name for name, numbers in in_the_tables().items() if numbers == (None, None)] == []


if __name__ == "__main__":
    made = {
        processor: {
            name: number for name, number in numbers_of(Path(path)).items() if name in in_the_tables()
        }
        for processor, path in zip(("x86_64", "generic"), sys.argv[1:], strict=True)
    }
    FACTS.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
