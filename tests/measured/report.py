"""Put together what all processes measured, print it, and say whether it is enough (``make coverage``)."""

import sys

import coverage

from tests.measured.sitecustomize import DATA, INSIDE, MARKS, ROOT, WIDTH

BAR = 96.0
"""Percent of lines and branches."""


def steps(marks: bytes) -> set[tuple[int, int]]:
    """What ran of one file inside the sandbox, as coverage writes it down: steps from line to line."""
    found = set()
    place = marks.find(1)
    while place >= 0:
        what, step = divmod(place, WIDTH * WIDTH)
        last, line = divmod(step, WIDTH)
        found.add(((last, line), (-last, line), (last, -line))[what])
        place = marks.find(1, place + 1)
    return found


def main() -> int:
    """Write ``.measured/coverage``, print a table, and return 1 where it is less than the bar."""
    data = coverage.CoverageData(basename=str(DATA / "coverage"), suffix="sandbox")
    marks, size = MARKS.read_bytes(), 3 * WIDTH * WIDTH
    folder = ROOT / "evalsite/grading/inside"
    data.add_arcs({str(folder / name): steps(marks[at * size :][:size]) for at, name in enumerate(INSIDE)})
    data.write()
    measured = coverage.Coverage(data_file=str(DATA / "coverage"), config_file=str(ROOT / "pyproject.toml"))
    measured.combine([str(DATA)], keep=True)
    measured.save()
    return int(measured.report(show_missing=True, skip_covered=True) < BAR)


if __name__ == "__main__":
    sys.exit(main())
