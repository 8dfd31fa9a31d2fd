#!/usr/bin/env python3
"""Put small faults into the code, one at a time, and see whether the tests notice.

``make mutants`` tries 500; ``--count`` and names of modules try fewer. They are drawn with a seed, as many
from each module: an operator exchanged, a condition negated, a constant changed, two arguments swapped, a
statement dropped, a value not returned. Prints how many were noticed, and each that was not; of one that
changes nothing (an equivalent one) ``scripts/mutants.txt`` says why. The exit code is 1 where fewer than
``BAR`` of all were noticed, those that change nothing included, or fewer than ``LEAST`` of a module's others.

The tests of a room run once under coverage, which tells the lines that each runs. A fault is shown to the
tests that run its line, the quickest first, until one fails: ``BUDGET_S`` of them at most, and none that is
marked ``long``. Each time a process is forked that has imported what evalsite needs, and nothing of evalsite;
all in a copy of the checkout. mutmut and cosmic-ray run every fault against every test, or take a minute to
begin: hence a script of our own.
"""

import argparse
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import coverage
import pytest
from faults import Fault, faults

ROOT = Path(__file__).resolve().parents[1]
BAR, LEAST = 0.92, 0.85
SEED = 20261127
COUNT = 500
BUDGET_S = 30.0
SETTING_UP_S = 10.0
"""CPU time that a test may take besides: for importing, and for what several tests share."""
SIMULATIONS = ("test_power", "test_coverage", "test_hostile")
"""Files of tests that take minutes and hold none of the modules."""
NEEDED = "aiohttp click hypothesis jinja2 markdown_it msgspec nh3 numpy pygments rich scipy.stats"

ROOMS = {
    "stats": "compare/signflip compare/paired compare/evidence compare/numbers compare/runs compare/guard"
    " compare/flips compare/luck compare/noise compare/shift compare/planning unseen intervals quantiles"
    " targets/judge targets/measure targets/parse",
    "counts": "passk tally times validate",
    "rundir": "files locks store",
    "extraction": "answers fences thoughts",
    "client": "faults core",
    "words": "limits sentences text",
    "site": "slugs",
    "grading": "verdicts",
    "cli": "main",
}
"""A room, and the modules of it that are tried; its tests are the folder of the same name."""
TESTS = {
    "words": ["words", "stats/targets/test_explain.py", "stats/targets/test_distances.py"],
    "site": ["site/test_slugs.py"],
    "grading": ["grading/test_verdicts.py"],
    "cli": [f"cli/test_{name}.py" for name in ("main", "whats_next", "interrupts")],
}
"""Other tests than those of the folder, where these would take too long."""


class Plugin:
    """Runs the chosen tests in their order, or all but the long; notes their CPU time, and what fails.

    A chosen test that takes more than five times the CPU time that it is said to take, and ``SETTING_UP_S``,
    ends the process: a fault may well loop for ever.
    """

    def __init__(
        self, chosen: dict[str, float] | None = None, begin: Callable[[str], object] | None = None
    ) -> None:
        self.chosen, self.begin = chosen, begin
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:  # noqa: D102 - pytest's
        if self.chosen is None:
            items[:] = [
                i for i in items if not i.get_closest_marker("long") and i.path.stem not in SIMULATIONS
            ]
        else:
            order = list(self.chosen)
            items[:] = [item for item in items if item.nodeid in self.chosen]
            items.sort(key=lambda item: order.index(item.nodeid))

    def pytest_runtest_logstart(self, nodeid: str) -> None:  # noqa: D102 - pytest's
        self.seconds[nodeid] = -sum(os.times()[:4])
        if self.begin:
            self.begin(nodeid)
        if self.chosen:
            signal.setitimer(signal.ITIMER_PROF, SETTING_UP_S + 5 * self.chosen[nodeid])

    def pytest_runtest_logfinish(self, nodeid: str) -> None:  # noqa: D102 - pytest's
        self.seconds[nodeid] += sum(os.times()[:4])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:  # noqa: D102 - pytest's
        self.failed |= {report.nodeid} if report.failed else set()


def forked(work: Callable[[], int], limit_s: float) -> int:
    """The exit code of ``work`` in a process of its own, for so much CPU time, or ten times as long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit_s) + 1, resource.RLIM_INFINITY))
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    deadline = time.monotonic() + 10 * limit_s
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.01)
    return os.waitstatus_to_exitcode(ended[1])


def run_tests(files: Iterable[str], plugin: Plugin) -> int:
    """Run files of tests in this process, the chosen ones until one fails."""
    options = [
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "--hypothesis-seed=0",
        *["-x"] * bool(plugin.chosen),
    ]
    return int(pytest.main([*options, *files], plugins=[plugin]))


class Room:
    """A room in a copy of the checkout: which of its tests run a line, the quickest first."""

    def __init__(self, checkout: Path, room: str) -> None:
        self.folder = checkout / "evalsite" / room
        tests = [f"tests/{path}" for path in TESTS.get(room, [room])]
        written = checkout / "map.json"

        def work() -> int:
            sys.dont_write_bytecode = False  # of the code as it is
            measured = coverage.Coverage(data_file=None, source=[str(self.folder)], config_file=False)
            plugin = Plugin(begin=measured.switch_context)
            measured.start()
            run_tests(tests, plugin)
            measured.stop()
            data = measured.get_data()
            lines = {path: data.contexts_by_lineno(path) for path in data.measured_files()}
            written.write_text(json.dumps([lines, plugin.seconds, sorted(plugin.failed)]), encoding="utf-8")
            return 0

        forked(work, 7200)
        self.lines, self.seconds, failed = json.loads(written.read_text(encoding="utf-8"))
        for test in failed:
            print(f"{test} fails without any fault, and is left out", file=sys.stderr)
            self.seconds.pop(test)

    def tests_for(self, path: Path, lines: range) -> dict[str, float]:
        """The tests that run these lines, with seconds; of what runs at import only, all that use it."""
        every: dict[str, list[str]] = self.lines.get(str(path), {})
        found = {test for line in lines for test in every.get(str(line), ())}
        if found == {""}:
            found = {test for tests in every.values() for test in tests}
        tests: dict[str, float] = {}
        for test in sorted(found & self.seconds.keys(), key=self.seconds.__getitem__):
            if not tests or sum(tests.values()) + self.seconds[test] < BUDGET_S:
                tests[test] = self.seconds[test]
        return tests

    def notices(self, path: Path, fault: Fault) -> bool:
        """Whether a test fails for a fault, or takes far longer than without."""
        tests = self.tests_for(path, fault.lines)
        files = dict.fromkeys(test.partition("::")[0] for test in tests)
        limit_s = SETTING_UP_S + 5 * sum(tests.values())
        path.write_text(fault.source, encoding="utf-8")
        return bool(tests) and forked(lambda: run_tests(files, Plugin(tests)), limit_s) != 0

    def line(self, module: str, fault: Fault) -> str:
        """What the statement begins with that a fault is in."""
        source = (self.folder.parent / f"{module}.py").read_text(encoding="utf-8")
        return source.splitlines()[fault.lines[0] - 1].strip()

    def try_module(self, name: str, count: int, seed: int) -> tuple[int, list[Fault]]:
        """Put faults into one module; how many were tried, and those that went by."""
        path = self.folder / f"{name}.py"
        source = path.read_text(encoding="utf-8")
        possible = faults(source)
        tried = [
            one() for one in random.Random(f"{seed} {path.name}").sample(possible, min(count, len(possible)))
        ]
        missed = [fault for fault in tried if not self.notices(path, fault)]
        path.write_text(source, encoding="utf-8")
        counts = f"{len(possible)} | {len(tried)} | {len(tried) - len(missed)}"
        print(f"| {self.folder.name}/{name} | {counts} |", flush=True)
        return len(tried), missed


def main() -> int:
    """Try faults in all modules, or in those named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    every = [f"{room}/{name}" for room, names in ROOMS.items() for name in names.split()]
    parser.add_argument("modules", nargs="*", choices=[[], *every], help="below evalsite/; all by default")
    parser.add_argument("--count", type=int, default=COUNT, help=f"faults in all (default {COUNT})")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    modules = given.modules or every
    known = (ROOT / "scripts" / "mutants.txt").read_text(encoding="utf-8").splitlines()
    reasons = dict(line.rsplit(" | ", 1) for line in known if " | " in line)
    sys.dont_write_bytecode = bool(os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1"))
    for name in NEEDED.split():
        importlib.import_module(name)
    tried, missed, alike, poor = 0, 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder).resolve() / "checkout"
        shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".*", "runs"))
        (checkout.parent / "shared").symlink_to(ROOT.parent / "shared")
        os.chdir(checkout)
        os.environ["PYTHONPATH"] = sys.path[0] = str(checkout)
        print("| module | possible | tried | noticed |\n|---|---|---|---|")
        for room in dict.fromkeys(module.partition("/")[0] for module in modules):
            held = Room(checkout, room)
            for module in (each for each in modules if each.startswith(f"{room}/")):
                count = -(-given.count // len(modules))
                some, went_by = held.try_module(module.partition("/")[2], count, given.seed)
                same = 0
                for fault in went_by:
                    told = f"{module}: {fault.change} | {held.line(module, fault)}"
                    same += told in reasons
                    print(f"  {told} | {reasons.get(told, 'noticed by no test')}", flush=True)
                tried, missed, alike = tried + some, missed + len(went_by), alike + same
                poor += [module] if len(went_by) - same > (1 - LEAST) * (some - same) else []
    print(f"| all | | {tried} | {tried - missed} ({1 - missed / max(tried, 1):.0%}) |")
    print(f"Of those that were not, {alike} change nothing.")
    if poor:
        print(f"Fewer than {LEAST:.0%} noticed in: {', '.join(poor)}")
    return int(bool(poor) or missed > (1 - BAR) * tried)


if __name__ == "__main__":
    sys.exit(main())
