"""Runs made of counts, for the tests of the statistics."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalsite.counts.loaded import LoadedRun
from evalsite.rundir.schema import (
    Dataset,
    Distribution,
    Environment,
    Grading,
    Model,
    ModelCard,
    Run,
    Settings,
    Summary,
    Tally,
)
from evalsite.rundir.store import RunDir

SETTINGS = Settings(api="chat", prompt="chat-v1", temperature=0.2, top_p=0.95, max_tokens=512)
GRADING = Grading(sandbox="bubblewrap", layers=("seccomp", "landlock"), extraction="1", python="3.11.2")


def make_run(
    passes: Sequence[int],
    samples: int | Sequence[int] = 10,
    *,
    model: str = "candidate",
    dataset: str | Dataset = "humaneval",
    card: ModelCard | None = None,
    failures: Sequence[Mapping[str, int]] | None = None,
    task_ids: Sequence[str] | None = None,
    missing: int = 0,
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
    tallies = tuple(
        Tally(problem=task, n=n, c=c, failures=dict(kind), missing=missing if index == 0 else 0)
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
