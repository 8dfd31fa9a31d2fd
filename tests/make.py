"""Makes problems, records, runs in memory and run directories, for the tests of every room.

A run in memory is made of counts (:func:`loaded_run`), one on disk of the passes of each problem
(:func:`write_run`), with every verdict that a page can show.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import structs

from evalsite.counts.loaded import LoadedRun
from evalsite.counts.tally import rebuild_summary
from evalsite.rundir.failing import FailingCall
from evalsite.rundir.levels import Level
from evalsite.rundir.schema import (
    Completion,
    Dataset,
    Distribution,
    Environment,
    Grading,
    Model,
    ModelCard,
    Problem,
    Run,
    Settings,
    Summary,
    Tally,
    Verdict,
)
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass

SETTINGS = Settings(api="chat", prompt="chat-v1", temperature=0.2, top_p=0.95, max_tokens=512)
GRADING = Grading(sandbox="bubblewrap", layers=("seccomp", "landlock"), extraction="1", python="3.11.2")


def make_problem(task_id="Demo/0", name="double", **changes):
    """A problem small enough to read."""
    problem = Problem(
        task_id=task_id,
        prompt=f'def {name}(x):\n    """Return twice x."""\n',
        kind="code",
        entry_point=name,
        tests=f"def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 6\n\n"
        f"check({name})\n",
        reference=f"def {name}(x):\n    return 2 * x\n",
    )
    return structs.replace(problem, **changes)


def make_record(run_id="2026-01-01T00-00-00Z--model--demo", **changes):
    """A run's record with everything that is required."""
    fields = {
        "id": run_id,
        "status": "complete",
        "created_at": "2026-01-01T00:00:00Z",
        "model": Model(name="model"),
        "dataset": Dataset(name="demo", sha256="0" * 64, num_problems=1),
        "num_problems": 1,
        "num_samples": 1,
        "environment": Environment(evalsite="0", python="3.11", platform="Linux", cpus=2),
    }
    return Run(**{**fields, **changes})


def loaded_run(
    passes: Sequence[int],
    samples: int | Sequence[int] = 10,
    *,
    model: str = "candidate",
    dataset: str | Dataset = "humaneval",
    card: ModelCard | None = None,
    failures: Sequence[Mapping[str, int]] | None = None,
    task_ids: Sequence[str] | None = None,
    missing: int | Sequence[int] = 0,
    times: Mapping[str, Distribution] | None = None,
    tokens_per_s: float | None = None,
    **fields: Any,
) -> LoadedRun:
    """A complete run with the given passes of each problem; ``fields`` replace those of ``run.json``."""
    counts = [samples] * len(passes) if isinstance(samples, int) else list(samples)
    ids = task_ids or [f"HumanEval/{index}" for index in range(len(passes))]
    kinds = failures or [
        {"wrong_answer": n - c} if n > c else {} for n, c in zip(counts, passes, strict=True)
    ]
    lacking = [missing, *[0] * len(ids)] if isinstance(missing, int) else missing
    tallies = tuple(
        Tally(problem=task, n=n, c=c, failures=dict(kind), missing=lacking[index])
        for index, (task, n, c, kind) in enumerate(zip(ids, counts, passes, kinds, strict=True))
    )
    asked = (
        Dataset(name=dataset, sha256="0" * 64, num_problems=len(passes))
        if isinstance(dataset, str)
        else dataset
    )
    run = Run(
        **{
            "id": f"2026-11-22T16-54-00Z--{model}--{asked.name}",
            "status": "complete",
            "created_at": "2026-11-22T16:54:00Z",
            "model": Model(name=model, card=card or ModelCard()),
            "dataset": asked,
            "num_problems": len(passes),
            "num_samples": max(counts, default=0),
            "settings": SETTINGS,
            "grading": GRADING,
            "environment": Environment(evalsite="0", python="3.11.2", platform="linux", cpus=2),
            **fields,
        }
    )
    verdicts = sum((Counter(tally.failures) for tally in tallies), Counter(passed=sum(passes)))
    summary = Summary(
        run=run.id, tallies=tallies, verdicts=dict(verdicts), tokens_per_s=tokens_per_s, **dict(times or {})
    )
    return LoadedRun(RunDir(Path("nowhere")), run, summary)


RIGHT = "def add{i}(a, b):\n    return a + b\n"
WRONG = "def add{i}(a, b):\n    # the sign is wrong in attempt {j}\n    return a - b\n"
CRASH = "def add{i}(a, b):\n    total = a + c\n    return total\n"

BASELINE = ModelCard(
    role="baseline", family="Toy", quantization="FP8", bits_per_weight=8.0, weights_bytes=8_000_000_000
)
CANDIDATE = ModelCard(
    role="candidate", family="Toy", quantization="ternary", bits_per_weight=1.58, weights_bytes=1_600_000_000
)


def problem(i, kind="code", prefix="HumanEval"):
    return Problem(
        task_id=f"{prefix}/{i}",
        prompt=f'def add{i}(a, b):\n    """Return the sum of a and b.\n    >>> add{i}(1, 2)\n    3\n    """\n'
        if kind == "code"
        else f"Write a function add{i} that adds two numbers.",
        kind=kind,
        entry_point=f"add{i}",
        tests=f"def check(candidate):\n    assert candidate(1, 2) == 3\n\ncheck(add{i})\n",
        reference=RIGHT.format(i=i),
    )


def verdict(task, i, j, passes):
    """Sample j of a problem: the first ``passes`` pass, of the others every third raises an exception."""
    if j < passes:
        return Verdict(
            problem=task, sample=j, verdict=VerdictClass.PASSED, program=RIGHT.format(i=i), wall_s=0.01,
            cpu_s=0.01, rule="fenced",
        )  # fmt: skip
    if j % 3 == 0:
        return Verdict(
            problem=task, sample=j, verdict=VerdictClass.RUNTIME_ERROR, exception="NameError",
            message="name 'c' is not defined", line=2, program=CRASH.format(i=i), output="adding\n",
            traceback=f'Traceback (most recent call last):\n  File "<tests>", line 2, in check\n'
            f'  File "<program>", line 2, in add{i}\n    total = a + c\nNameError: name \'c\' is not defined',
            wall_s=0.02, cpu_s=0.02, rule="fenced",
        )  # fmt: skip
    return Verdict(
        problem=task, sample=j, verdict=VerdictClass.WRONG_ANSWER, exception="AssertionError",
        failed_test="assert candidate(1, 2) == 3", message="the last call returned -1",
        failing=FailingCall(call=f"add{i}(1, 2)", expected="3", got="-1"),
        program=WRONG.format(i=i, j=j), wall_s=0.01, cpu_s=0.01,
        traceback='Traceback (most recent call last):\n  File "<tests>", line 2, in check\nAssertionError',
        rule="fenced",
    )  # fmt: skip


def write_run(
    runs_dir,
    model,
    passes,
    *,
    n=10,
    day="2026-11-20",
    card=None,
    dataset="humaneval",
    kind="code",
    prefix="HumanEval",
    notes="",
    **changes,
):
    """Make a run on ``len(passes)`` problems; ``passes[i]`` of the n samples of problem i pass."""
    problems = [problem(i, kind, prefix) for i in range(len(passes))]
    created = f"{day}T10:00:00Z"
    run = make_record(
        f"{day}T10-00-00Z--{model.lower().replace(' ', '-')}--{dataset}",
        **{
            "created_at": created,
            "finished_at": f"{day}T11:00:00Z",
            "model": Model(name=model, card=card or ModelCard(), endpoints=("http://gpu:8081/v1",)),
            "dataset": Dataset(name=dataset, sha256="ab" * 32, num_problems=len(passes), source="toy"),
            "num_problems": len(passes),
            "num_samples": n,
            "settings": Settings(
                api="chat", prompt="chat-v1", temperature=0.2, top_p=0.95, max_tokens=256, seed=7
            ),
            "grading": Grading(sandbox="bubblewrap", layers=("seccomp", "landlock"), python="3.11.2"),
            **changes,
        },
    )
    run_dir = RunDir.create(runs_dir, run, problems)
    rows = [verdict(item.task_id, i, j, passes[i]) for i, item in enumerate(problems) for j in range(n)]
    write_rows(run_dir, rows)
    if notes:
        (run_dir.path / "NOTES.md").write_text(notes, encoding="utf-8")
    return run_dir


def completion(row, k):
    """A chat answer around a program; times and tokens vary with ``k``."""
    return Completion(
        problem=row.problem,
        sample=row.sample,
        form="response",
        finish_reason="stop",
        text=f"Sure:\n```python\n{row.program}```\nDone.\n",
        prompt_tokens=40,
        completion_tokens=20 + k % 7,
        tokens_from="usage",
        latency_s=0.5 + k % 11 / 10,
        first_token_s=0.1,
    )


def write_rows(run_dir, rows):
    """Replace a run's samples and summary."""
    run_dir.write_verdicts(rows)
    path = run_dir.path / "completions.jsonl"
    path.unlink(missing_ok=True)
    with run_dir.append_completions() as appender:
        for k, row in enumerate(rows):
            appender.append(completion(row, k))
    run_dir.write_summary(rebuild_summary(run_dir))


def write_demo(runs_dir):
    """Four runs: a baseline, a candidate with notes, an older greedy run, and one on another data set."""
    write_run(runs_dir, "Toy-FP8", [10, 10, 9, 8, 10, 0, 10, 5], card=BASELINE, day="2026-11-18")
    write_run(
        runs_dir, "Toy-Ternary", [10, 9, 4, 0, 10, 2, 10, 0], card=CANDIDATE, day="2026-11-20",
        notes="# Notes\n\nTrained for **two** days, see [the log](https://example.org/log).\n",
    )  # fmt: skip
    write_run(runs_dir, "Other", [1, 1, 0, 1, 1, 0, 1, 1], n=1, day="2026-11-16")
    write_run(
        runs_dir, "Toy-Ternary", [1, 0, 1], n=1, card=CANDIDATE, day="2026-11-21", dataset="mbpp-test",
        kind="text", prefix="MBPP",
    )  # fmt: skip


RIGHT_IN = {
    "javascript": "const add{i} = (a, b) => {{\n  // the sum\n  return a + b\n}}\n",
    "rust": "fn add{i}(a: i64, b: i64) -> i64 {{\n    // the sum\n    a + b\n}}\n",
}


def write_suite(runs_dir):
    """Two models on HumanEval, on the same problems in two other languages, and on a set of one's own."""
    lost = {"humaneval": [1, 1, 1], "pack-js": [1, 0, 1], "pack-rust": [0, 0, 1], "mine": [1, 1]}
    forms = {
        "pack-js": ("JavaScript", "javascript"),
        "pack-rust": ("Rust", "rust"),
        "mine": ("Mine", "python"),
    }
    for model, card, day in (("Toy-FP8", BASELINE, "18"), ("Toy-Ternary", CANDIDATE, "20")):
        for dataset, passes in lost.items():
            if (model, dataset) == ("Toy-FP8", "mine"):
                continue
            prefix, language = forms.get(dataset, ("HumanEval", "python"))
            kept = passes if card is CANDIDATE else [1] * len(passes)
            run_dir = write_run(
                runs_dir, model, kept, n=1, card=card, day=f"2026-11-{day}", dataset=dataset, prefix=prefix
            )
            if language in RIGHT_IN:
                _translate(run_dir, language)


def _translate(run_dir, language):
    """Put a run's problems and programs into another language: HumanEval's, in another form."""
    problems = [
        structs.replace(
            each, language=language, cluster=f"HumanEval/{i}", prompt=f"// add {i}\n",
            reference=RIGHT_IN[language].format(i=i),
        )
        for i, each in enumerate(run_dir.problems())
    ]  # fmt: skip
    run_dir.write_problems(problems)
    programs = {each.task_id: each.reference for each in problems}
    rows = [structs.replace(row, program=programs[row.problem]) for row in run_dir.verdicts()]
    write_rows(run_dir, rows)


def write_levels(runs_dir, lost, *, tools=(0, 8, 32), size=60, names=("Toy-FP8", "Toy-Ternary")):
    """Two models on levels of one data set; ``lost``: how many problems each of them fails on each level."""
    for model, card, fails in zip(names, (BASELINE, CANDIDATE), lost, strict=True):
        for number, few in zip(tools, fails, strict=True):
            passes = [0 if index % 7 < few * 7 // size or index < few % 7 else 1 for index in range(size)]
            name = f"calls+{number}-tools" if number else "calls"
            run_dir = write_run(runs_dir, model, passes, n=1, card=card, dataset=name, prefix="Call")
            record = run_dir.read_run()
            level = Level(of="calls", of_sha256="ab" * 32, distractors=number)
            dataset = structs.replace(record.dataset, sha256=f"{number:064d}", level=level)
            if number:
                run_dir.write_run(structs.replace(record, dataset=dataset))
            run_dir.write_summary(rebuild_summary(run_dir))


def write_answers(run_dir, verdicts):
    """Give each verdict the answer that it judges."""
    with run_dir.append_completions() as appender:
        for row in verdicts:
            appender.append(
                Completion(
                    problem=row.problem,
                    sample=row.sample,
                    form="solution",
                    text=row.program,
                    finish_reason="stop",
                )
            )
