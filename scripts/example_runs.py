"""Makes the fixed runs that ``record_behaviour.py`` shows to a checkout: ``example_runs.py FOLDER``.

Six run directories, written as JSON by docs/run-format.md and with nothing of evalsite imported, so that the
same bytes can be put before any commit: a baseline, a candidate, the same candidate once more but incomplete,
a weak model of another family, and baseline and candidate on a second data set. All verdict classes occur.
Chance is seeded with text. The problems come from ``example_data.py``.
"""

import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from example_data import BODIES, HUMANEVAL, INPUTS, MBPP, PROSE, TOLD, Row, Task, write_rows


@dataclass(frozen=True)
class Example:
    """A run to make. ``share`` is about how many samples pass."""

    day: str
    model: str
    dataset: str
    n: int
    share: float
    card: Row
    asked: int = 40
    lost: int = 0
    """Samples that never came."""
    api: str = "chat"
    notes: str = ""
    problems: Sequence[Task] = HUMANEVAL

    @property
    def id(self) -> str:
        """The run's id, which is its folder's name."""
        return f"{self.day}T10-00-00Z--{self.model.lower()}--{self.dataset}"


FP8: Row = {
    "role": "baseline", "family": "Toy", "parameters": "8B", "quantization": "FP8", "bits_per_weight": 8.0,
    "weights_bytes": 8_000_000_000, "server": "vLLM", "server_version": "0.9", "hardware": "1 x L4",
}  # fmt: skip
TERNARY: Row = {
    "role": "candidate", "family": "Toy", "parameters": "8B", "quantization": "ternary", "group_size": 128,
    "bits_per_weight": 1.58, "weights_bytes": 1_600_000_000, "link": "https://example.org/toy-ternary",
    "notes": "Made from <b>Toy</b>.",
}  # fmt: skip
CARD = (
    "role", "family", "parameters", "quantization", "bits_per_weight", "group_size", "weights_bytes",
    "server", "server_version", "hardware", "link", "notes",
)  # fmt: skip
NOTES = (
    "# Notes\n\nTrained for **two** days, see [the log](https://example.org/log).\n\n"
    "| a | b |\n|---|---|\n| 1 | <script>alert(1)</script> |\n"
)

EXAMPLES = (
    Example("2025-03-01", "Toy-FP8", "humaneval", 5, 0.95, FP8),
    Example("2025-03-02", "Toy-Ternary", "humaneval", 5, 0.86, TERNARY, notes=NOTES),
    Example("2025-03-03", "Toy-Ternary", "humaneval", 5, 0.8, TERNARY, lost=13),
    Example("2025-03-04", "Other-1B", "humaneval", 1, 0.4, {"family": "Other"}, asked=37, api="completions"),
    Example("2025-03-05", "Toy-FP8", "mbpp", 1, 0.9, FP8, asked=30, problems=MBPP),
    Example("2025-03-06", "Toy-Ternary", "mbpp", 1, 0.8, TERNARY, asked=30, problems=MBPP),
)
BASELINE, CANDIDATE, INCOMPLETE, WEAK, MBPP_BASELINE, MBPP_CANDIDATE = (each.id for each in EXAMPLES)


def write_example(folder: Path, example: Example) -> None:
    """Write one run directory below ``folder``."""
    path = folder / example.id
    path.mkdir(parents=True)
    chosen = example.problems[: example.asked]
    problems = [problem_row(task) for task in chosen]
    verdicts = make_verdicts(example, chosen)
    completions = make_completions(example, verdicts)
    write_rows(path / "problems.jsonl", problems)
    write_rows(path / "completions.jsonl", completions)
    write_rows(path / "verdicts.jsonl", verdicts)
    write_document(path / "run.json", run_record(example))
    summary = summarize(example, [task.task_id for task in chosen], verdicts, completions)
    write_document(path / "summary.json", summary)
    if example.notes:
        (path / "NOTES.md").write_text(example.notes, "utf-8")


def problem_row(task: Task) -> Row:
    """Return a line of ``problems.jsonl``."""
    code = task.task_id.startswith("HumanEval")
    words = f"Write a function {task.name} that returns {task.words}."
    return {
        "task_id": task.task_id,
        "prompt": task.head if code else words,
        "kind": "code" if code else "text",
        "entry_point": task.name,
        "tests": f"{task.check}\n\ncheck({task.name})\n" if code else "\n".join(task.asserts) + "\n",
        "reference": task.head + task.body("passed") if code else task.program("passed"),
        "shown_tests": [] if code else task.asserts,
        "asked": f"Complete this.\n\n{task.head}" if code else words,
    }


def make_verdicts(example: Example, chosen: Sequence[Task]) -> list[Row]:
    """Return the lines of ``verdicts.jsonl``. Some problems are hard for all; failures take turns."""
    chance = random.Random(example.id)
    keys = [(task, sample) for task in chosen for sample in range(example.n)]
    lost = set(chance.sample(range(len(keys)), example.lost))
    rows = []
    failures = 0
    for place, (task, sample) in enumerate(keys):
        hard = random.Random(task.task_id).random() ** 3
        passed = chance.random() < example.share + 0.1 - 0.5 * hard
        cpu_s = round(0.01 + chance.random() / 50, 6)
        if place in lost:
            continue
        verdict = "passed" if passed else list(BODIES)[failures % len(BODIES)]
        failures += not passed
        rows.append(verdict_row(task, sample, verdict, cpu_s))
    chance.shuffle(rows)  # they stand in the order in which they were reached
    return rows


def verdict_row(task: Task, sample: int, verdict: str, cpu_s: float) -> Row:
    """Return a line of ``verdicts.jsonl``."""
    told: Row = TOLD.get(verdict, {})
    source = task.program(verdict)
    row: Row = {
        "problem": task.task_id, "sample": sample, "verdict": verdict, "exception": "", "message": "",
        "traceback": "", "line": None, "failed_test": "", "output": "",
        "exit_status": None if verdict == "no_code" else 0, **told, "cpu_s": cpu_s,
        "wall_s": round(cpu_s * 1.5, 6), "peak_mib": round(20 + 100 * cpu_s, 1), "shared_with": None,
        "rule": "no-code" if verdict == "no_code" else "fenced", "program": source,
    }  # fmt: skip
    if row["exception"]:
        row["line"] = source.count("\n")
        row["failed_test"] = task.asserts[sample % len(INPUTS)].replace(f"{task.name}(", "candidate(")
        row["traceback"] = (
            f'Traceback (most recent call last):\n  File "<tests>", line 2, in check\n'
            f'    {row["failed_test"]}\n  File "<program>", line {row["line"]}, in {task.name}\n'
            f"    {source.splitlines()[-1].strip()}\n{row['exception']}: {row['message']}".removesuffix(": ")
        )
    return row


def make_completions(example: Example, verdicts: Sequence[Row]) -> list[Row]:
    """Return the lines of ``completions.jsonl``: an answer for each verdict, with its times and tokens."""
    chance = random.Random(f"{example.id} times")
    named = {task.task_id: task for task in example.problems}
    rows = []
    for place, verdict in enumerate(verdicts):
        task, kind = named[verdict["problem"]], verdict["verdict"]
        chat = example.api == "chat"
        tokens = chance.randrange(10, 60)
        first_s = round(0.05 + chance.random() / 20, 6)
        rows.append(
            {
                "problem": task.task_id, "sample": verdict["sample"],
                "text": task.answer(kind) if chat else task.body(kind) or PROSE,
                "form": "response" if chat else "completion",
                "finish_reason": "length" if kind == "truncated" else "stop",
                "reasoning": "It is a sum." if place % 17 == 3 else "", "prompt_tokens": 40 + place % 9,
                "completion_tokens": tokens, "tokens_from": "usage" if chat else "chunks",
                "latency_s": round(first_s + tokens * (0.03 + chance.random() / 100), 6),
                "first_token_s": first_s, "attempts": 1 + (place % 23 == 5), "model": example.model,
                "fingerprint": "fp_1" if place % 50 else "fp_2", "received_at": f"{example.day}T10:30:00Z",
            }
        )  # fmt: skip
    chance.shuffle(rows)
    return rows


def identity(model: Row, dataset: Row, settings: Row) -> str:
    """Hash what format 1 took for a run's identity: settings and card in the order of their fields."""
    card = {name: model["card"][name] for name in CARD if name in model["card"]}
    fields = {
        "dataset": {"name": dataset["name"], "sha256": dataset["sha256"]},
        "endpoints": model["endpoints"],
        "model": model["name"],
        "settings": settings | {"stop": [], "stream": True, "system": ""},
        "weights": card,
    }
    return hashlib.sha256(json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def run_record(example: Example) -> Row:
    """Return ``run.json``."""
    chat = example.api == "chat"
    url = f"http://gpu.example:8081/v1/{'chat/completions' if chat else 'completions'}"
    told = {"models": example.model, "version": "0.9.1"}
    model = {"name": example.model, "endpoints": [url], "card": example.card, "server": told}
    dataset = {
        "name": example.dataset, "sha256": ("ab" if example.problems is HUMANEVAL else "cd") * 32,
        "num_problems": len(example.problems), "source": "toy.jsonl",
    }  # fmt: skip
    settings = {
        "api": example.api, "prompt": "chat-v1" if chat else "completion-v1",
        "temperature": 0.8 if example.n > 1 else 0.0, "top_p": 0.95, "max_tokens": 1024, "seed": 7,
    }  # fmt: skip
    return {
        "format": 1, "id": example.id, "kind": "generated",
        "status": "incomplete" if example.lost else "complete", "created_at": f"{example.day}T10:00:00Z",
        "finished_at": f"{example.day}T11:00:00Z", "identity": identity(model, dataset, settings),
        "model": model, "dataset": dataset, "num_problems": example.asked, "num_samples": example.n,
        "settings": settings,
        "grading": {
            "sandbox": "bubblewrap", "layers": ["pid-namespace", "seccomp", "landlock"], "extraction": "1",
            "limits": {"cpu_s": 5.0, "memory_mib": 1024}, "python": "3.11.2",
        },
        "environment": {"evalsite": "0.1.0", "python": "3.11.2", "platform": "Linux-6.1", "cpus": 8},
        "sightings": [
            {"at": f"{example.day}T10:00:00Z", "endpoint": url, "told": told},
            *([{"at": f"{example.day}T10:40:00Z", "endpoint": url, "told": {**told, "version": "0.9.2"}}]
              if example.lost else []),
        ],
    }  # fmt: skip


def summarize(
    example: Example, ids: Sequence[str], verdicts: Sequence[Row], completions: Sequence[Row]
) -> Row:
    """Return ``summary.json``, counted a second time: evalsite's own count has to agree with it."""
    tallies = []
    for task_id in ids:
        own = [row for row in verdicts if row["problem"] == task_id]
        failures = Counter(row["verdict"] for row in own if row["verdict"] != "passed")
        tallies.append(
            {
                "problem": task_id, "n": len(own), "c": len(own) - failures.total(),
                "missing": example.n - len(own), "failures": dict(failures),
                "execution_s": math.fsum(row["wall_s"] for row in own) / len(own) if own else 0.0,
            }
        )  # fmt: skip
    after_first = [
        (row["latency_s"] - row["first_token_s"]) / (row["completion_tokens"] - 1) for row in completions
    ]
    exceptions = Counter(row["exception"] for row in verdicts if row["verdict"] == "runtime_error")
    names = Counter(f"{row['model']} {row['fingerprint']}" for row in completions)
    tokens = sum(row["completion_tokens"] for row in completions)
    return {
        "format": 1, "run": example.id, "tallies": tallies,
        "verdicts": dict(Counter(row["verdict"] for row in verdicts)),
        "exceptions": dict(exceptions),
        "missing_modules": dict(Counter(row["module"] for row in verdicts if row.get("module"))),
        "rules": dict(Counter(row["rule"] for row in verdicts).most_common()),
        "pass_at": pass_at(tallies),
        "execution_s": distribution([row["wall_s"] for row in verdicts]),
        "latency_s": distribution([row["latency_s"] for row in completions]),
        "first_token_s": distribution([row["first_token_s"] for row in completions]),
        "token_s": distribution(after_first),
        "prompt_tokens": sum(row["prompt_tokens"] for row in completions), "completion_tokens": tokens,
        "tokens_from": completions[0]["tokens_from"], "answered_by": dict(names.most_common()),
        "tokens_per_s": tokens / math.fsum(row["latency_s"] for row in completions),
    }  # fmt: skip


def pass_at(tallies: Sequence[Row]) -> dict[str, float]:
    """Return k -> pass@k, for each k up to 5 that every problem has enough samples for."""
    counts = [(each["n"], each["c"]) for each in tallies]
    most = min(n for n, _ in counts)
    return {
        str(k): float(
            np.mean(
                [
                    1 - math.prod(max(n - c - j, 0) / (n - j) for j in range(k)) if k > 1 else c / n
                    for n, c in counts
                ]
            )
        )
        for k in (1, 2, 3, 5)
        if k <= most
    }


def distribution(values: Sequence[float]) -> Row:
    """Return count, mean, quantiles and standard deviation of measured values."""
    p50, p95 = np.percentile(values, (50, 95))
    return {
        "count": len(values), "mean": float(np.mean(values)), "p50": float(p50), "p95": float(p95),
        "sd": float(np.std(values, ddof=1)),
    }  # fmt: skip


def write_document(path: Path, document: Row) -> None:
    """Write a file that holds one document."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")


def write_examples(folder: Path) -> None:
    """Write all six run directories below ``folder``."""
    for example in EXAMPLES:
        write_example(folder, example)


if __name__ == "__main__":
    write_examples(Path(sys.argv[1]))
