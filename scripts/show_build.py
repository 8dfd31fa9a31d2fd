"""Run a command that says a lot, and show how far it is: what it fetches, and the steps of a build in tenths.

``python scripts/show_build.py COMMAND ...``: its exit code is the command's, and where that is not 0 the last
lines that it said are printed.
"""

import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator

LAST = 60
_FETCHING = re.compile(r"^\s*Downloading (?P<what>\S+ .*\(.*\))")
_STEP = re.compile(r"^\s*\[(?P<done>\d+)/(?P<total>\d+)\]")
_STAGE = re.compile(r"^\s*(?:Building wheel for|Installing collected packages|\*\*\* |Preparing metadata)")


def shown(lines: Iterable[str]) -> Iterator[str]:
    """Yield what is worth a line: downloads, stages, and each tenth of a build's steps."""
    tenths = -1
    for line in lines:
        if fetching := _FETCHING.match(line):
            yield f"fetching {fetching['what']}"
        elif step := _STEP.match(line):
            done, total = int(step["done"]), max(1, int(step["total"]))
            if 10 * done // total != tenths:
                tenths = 10 * done // total
                yield f"building: step {done} of {total}"
        elif _STAGE.match(line):
            yield line.strip(" *\n")


def main(command: list[str]) -> int:
    """Run it, and return its exit code."""
    began, last = time.monotonic(), deque[str](maxlen=LAST)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None

        def kept() -> Iterator[str]:
            for line in process.stdout or ():
                last.append(line)
                yield line

        for told in shown(kept()):
            minutes, seconds = divmod(int(time.monotonic() - began), 60)
            print(f"  {minutes}:{seconds:02} {told}"[:120], flush=True)
    if process.returncode:
        print("".join(last), end="", file=sys.stderr)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
