"""Measures the site's budgets: what a reader downloads, how soon a word is painted, what a build costs.

    python bench/site.py [--runs DIR] [--keep DIR]
    python bench/site.py --runs 1000

Without ``--runs`` ten synthetic runs of HumanEval's size are made (164 problems, 10 samples each), whose
programs are HumanEval's own reference solutions, intact and damaged. With a number, so many runs of one
sample each are put on one site: built from nothing, with one more run, and with nothing changed. Prints a
table; ends with status 1 where a budget is missed.
"""

import argparse
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from evalsite.counts.tally import rebuild_summary
from evalsite.datasets.source import LoadedDataset, load_dataset
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import (
    Completion,
    Dataset,
    Environment,
    Grading,
    Model,
    ModelCard,
    Run,
    Settings,
    Verdict,
)
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-headless-shell"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RUNS, SAMPLES = 10, 10
FIRST_DAY = datetime(2026, 1, 1, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Budget:
    """One figure against its limit."""

    what: str
    value: float
    limit: float
    unit: str

    @property
    def kept(self) -> bool:
        """Whether the figure stays within the limit."""
        return self.value <= self.limit


def main() -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", help="run directories to build from, or how many synthetic ones to make")
    parser.add_argument("--keep", type=Path, help="where to leave the site")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        output = chosen.keep or Path(scratch) / "site"
        if chosen.runs and chosen.runs.isdigit():
            budgets = list(measure_many(int(chosen.runs), Path(scratch) / "runs", output))
        else:
            runs = Path(chosen.runs) if chosen.runs else make_runs(Path(scratch) / "runs")
            budgets = [*measure_build(runs, output), *measure_pages(output)]
    width = max(len(budget.what) for budget in budgets)
    for budget in budgets:
        mark = "ok" if budget.kept else "MISSED"
        print(f"{budget.what:{width}}  {budget.value:9.2f} of {budget.limit:7.2f} {budget.unit:8} {mark}")
    return 0 if all(budget.kept for budget in budgets) else 1


def measure_build(runs: Path, output: Path) -> list[Budget]:
    """Build from nothing in processes of their own, then again with nothing changed."""
    shutil.rmtree(output, ignore_errors=True)
    first, peak = build_apart(runs, output)
    again, _ = build_apart(runs, output)
    return [
        Budget(f"build of {first['pages']} pages from nothing", first["seconds"], 60, "s"),
        Budget("memory of all its processes together", peak, 400, "MiB"),
        Budget("build with nothing changed", again["seconds"], 2, "s"),
        Budget("files written by that", again["written"], 0, "files"),
    ]


def measure_many(number: int, runs: Path, output: Path) -> Iterator[Budget]:
    """Put very many runs on one site: what it costs to begin with, and what one more costs."""
    dataset, few = load_dataset("humaneval"), min(100, number // 2)
    for index in range(few):
        _make_run(runs, dataset, index, samples=1)
    small, _ = build_apart(runs, output.with_name("small"))
    for index in range(few, number):
        _make_run(runs, dataset, index, samples=1)
    first, peak = build_apart(runs, output)
    _make_run(runs, dataset, number, samples=1)
    more, _ = build_apart(runs, output)
    again, _ = build_apart(runs, output)
    yield Budget(f"build of {number} runs from nothing", first["seconds"], 600, "s")
    yield Budget("memory of all its processes together", peak, 1024, "MiB")
    yield Budget("build with one run added", more["seconds"], 20, "s")
    yield Budget("build with nothing changed", again["seconds"], 10, "s")
    yield Budget("the site", more["bytes"] / 1e6, 900, "MB")
    each = (first["seconds"] - small["seconds"]) / (number - few)
    yield Budget(f"a run's cost beyond {few}, beside that of these", each * few / small["seconds"], 1.2, "")
    front = (output / "index.html").read_bytes()
    yield Budget("front page, compressed", len(gzip.compress(front, 9)) / 1000, 120, "KB gz")
    yield Budget("its elements", len(re.findall(rb"<[a-z]", front)), 5000, "")


def build_apart(runs: Path, output: Path) -> tuple[dict[str, float], float]:
    """Build in a session of its own; return what it says, and the most memory it held, in MiB."""
    command = [sys.executable, __file__, "--build", str(runs), str(output)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _session_mib(process.pid))
        time.sleep(0.05)
    if process.returncode or process.stdout is None:
        raise SystemExit(f"the build ended with status {process.returncode}")
    facts: dict[str, float] = json.loads(process.stdout.read())
    return facts, peak


def build_only(runs: str, output: str) -> None:
    """Build and print what it took, as JSON; the start of Python counts."""
    report = build_site(Path(runs), Path(output), options=SiteOptions(site_url="https://example.org/"))
    print(
        json.dumps(
            {"seconds": _age(), "pages": report.pages, "written": report.written, "bytes": report.bytes}
        )
    )


def _age() -> float:
    """Seconds since this process was started."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def _session_mib(session: int) -> float:
    """Resident memory of all processes of a session; pages that they share count for each."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if int(fields[3]) == session:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_pages(site: Path) -> Iterator[Budget]:
    """Open the pages of a site in Chromium and add up what travels, gzipped as a host would send it."""
    run = min((site / "runs").iterdir(), key=lambda path: path.name)
    pages = sorted((_size(path / "index.html"), path.name) for path in run.iterdir() if path.is_dir())
    pages = [page for page in pages if page[0]]
    largest, middle = pages[-1], pages[len(pages) // 2]
    with serving(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = visit(browser, base, draw=False)
        drawn = visit(browser, base, draw=True)
        run_page = visit(browser, f"{base}runs/{run.name}/", draw=False)
        problem = visit(browser, f"{base}runs/{run.name}/{middle[1]}/", draw=False)
        browser.close()
    yield Budget("leaderboard before its first chart", first.kilobytes, 60, "KB gz")
    yield Budget("leaderboard's requests before its first chart", first.requests, 6, "")
    yield Budget("leaderboard with charts", drawn.kilobytes, 470, "KB gz")
    yield Budget("run page, assets included", run_page.kilobytes, 40, "KB gz")
    yield Budget("problem page, median, assets included", problem.kilobytes, 17, "KB gz")
    yield Budget("problem page, largest, without assets", largest[0] / 1000, 15, "KB gz")
    yield Budget("first contentful paint, leaderboard", first.paint_ms, 300, "ms")
    yield Budget("first contentful paint, run page", run_page.paint_ms, 300, "ms")
    yield Budget("first contentful paint, problem page", problem.paint_ms, 300, "ms")


@dataclass(frozen=True)
class Visit:
    """What opening a page took."""

    kilobytes: float
    requests: int
    paint_ms: float


def visit(browser: Browser, address: str, *, draw: bool) -> Visit:
    """Open a page with an empty cache; the best paint of three. ``draw`` touches all charts."""
    visits = [
        _visit(browser.new_page(viewport={"width": 1280, "height": 720}), address, draw) for _ in range(3)
    ]
    return min(visits, key=lambda one: one.paint_ms)


def _visit(page: Page, address: str, draw: bool) -> Visit:
    sizes: list[int] = []

    def weigh(answer: Response) -> None:
        sizes.append(len(gzip.compress(answer.body(), 9)))

    page.on("response", weigh)
    page.goto(address, wait_until="load")
    if draw:
        _draw(page)
    paint = None
    while paint is None:
        page.wait_for_timeout(50)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
    page.close()
    return Visit(sum(sizes) / 1000, len(sizes), float(paint))


def _draw(page: Page) -> None:
    waiting = ".plot:not([data-drawn])"
    for _ in range(200):
        if not page.locator(waiting).count():
            return
        page.locator(waiting).first.hover()
        page.wait_for_timeout(100)


def _size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9)) if path.is_file() else 0


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def make_runs(runs_dir: Path) -> Path:
    """Make ten runs of HumanEval's size; their programs are long where HumanEval's are."""
    dataset = load_dataset("humaneval")
    for number in range(RUNS):
        _make_run(runs_dir, dataset, number)
    return runs_dir


def _make_run(runs_dir: Path, dataset: LoadedDataset, number: int, samples: int = SAMPLES) -> None:
    """Make a run of a model of its own; ten kinds of them differ in what they solve, and take turns."""
    day = (FIRST_DAY + timedelta(hours=6 * number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    kind, turn = number % 10, number // 10
    card = ModelCard(
        role="baseline" if number == 0 else "candidate", bits_per_weight=8 - kind / 2, weights_bytes=10**9
    )
    run = Run(
        id=f"{day.replace(':', '-')}--model-{number}--humaneval",
        status="complete",
        created_at=day,
        model=Model(name=f"model-{number}", card=card),
        dataset=Dataset(name="humaneval", sha256=dataset.sha256, num_problems=len(dataset.problems)),
        num_problems=len(dataset.problems),
        num_samples=samples,
        settings=Settings(api="chat", prompt="chat-v1", temperature=0.8, top_p=0.95, max_tokens=512),
        grading=Grading(sandbox=Sandbox.BUBBLEWRAP),
        environment=Environment(evalsite="0", python="3.11", platform="Linux", cpus=2),
    )
    run_dir = RunDir.create(runs_dir, run, dataset.problems)
    verdicts = [
        _verdict(problem.task_id, problem.reference, index + turn, sample, kind)
        for index, problem in enumerate(dataset.problems)
        for sample in range(samples)
    ]
    run_dir.write_verdicts(verdicts)
    with run_dir.append_completions() as appender:
        for row in verdicts:
            appender.append(
                Completion(
                    problem=row.problem,
                    sample=row.sample,
                    text=f"Here it is:\n```python\n{row.program}```\n",
                    form="response",
                    completion_tokens=len(row.program) // 3,
                    latency_s=len(row.program) / 100,
                )
            )
    run_dir.write_summary(rebuild_summary(run_dir))


def _verdict(task: str, reference: str, index: int, sample: int, number: int) -> Verdict:
    """Every sample is a program of its own, as at a high temperature; the later the run the more fail."""
    program = f"{reference}\n# attempt {sample}, {number}\n"
    if (index * 7 + sample * 3) % 20 >= number + 4:
        return Verdict(
            problem=task, sample=sample, verdict=VerdictClass.PASSED, program=program, rule="fenced"
        )
    return Verdict(
        problem=task,
        sample=sample,
        verdict=VerdictClass.WRONG_ANSWER,
        exception="AssertionError",
        failed_test="assert candidate(1) == 2",
        traceback='Traceback (most recent call last):\n  File "<tests>", line 9, in check\nAssertionError',
        program=program.replace("return", "return not", 1),
        rule="fenced",
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--build"]:
        build_only(*sys.argv[2:4])
    else:
        sys.exit(main())
