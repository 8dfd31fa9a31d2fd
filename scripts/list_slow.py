#!/usr/bin/env python3
"""Write ``tests/slow.txt``, the tests that ``make quick`` leaves out, from the times of a whole run.

Those stay that take the least, as long as all of them together take no more than ``SHARE`` of the time.
``.venv/bin/python -m pytest -n 4 --dist loadgroup --junitxml=times.xml`` measures, and then
``.venv/bin/python scripts/list_slow.py times.xml`` writes.
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import accumulate
from pathlib import Path

SHARE = 0.15
SLOW = Path(__file__).resolve().parents[1] / "tests" / "slow.txt"
HEAD = "What `make quick` leaves out, as scripts/list_slow.py wrote it: file of tests, and function.\n\n"


def seconds(report: Path) -> Counter[str]:
    """Seconds of each function of tests, all of its cases together: ``cli/test_demo::test_it_works``."""
    taken: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):  # a report of our own
        file = case.attrib["classname"].removeprefix("tests.").replace(".", "/")
        function = re.split(r"[\[@]", case.attrib["name"])[0]  # without its case, and whom it shares with
        taken[f"{file}::{function}"] += float(case.attrib["time"])
    return taken


def slow(taken: Counter[str]) -> list[str]:
    """Functions that take more than those that fit, sorted by name."""
    quickest = sorted(taken, key=lambda name: (taken[name], name))
    together = accumulate(taken[name] for name in quickest)
    most = SHARE * taken.total()
    return sorted(name for name, total in zip(quickest, together, strict=True) if total > most)


def main() -> None:
    """Read a report and write the list."""
    taken = seconds(Path(sys.argv[1]))
    left_out = slow(taken)
    SLOW.write_text(HEAD + "".join(f"{name}\n" for name in left_out), encoding="utf-8")
    print(f"{len(left_out)} of {len(taken)} functions are left out")


if __name__ == "__main__":
    main()
