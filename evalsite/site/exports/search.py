"""The index that the search field of every page looks through.

Runs, problems, comparisons and targets stand in it. How many samples of a run failed in which way stands with
the run, and which data sets ask a problem with the problem: the page's script makes hits of both.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from evalsite.rundir.schema import Problem
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import DatasetGroup, in_time
from evalsite.site.urls import TARGETS
from evalsite.words import cells
from evalsite.words.text import visible

_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_IDLE = re.compile(
    r"the|and|for|are|that|this|with|from|have|has|not|you|any|all|its|can|will|each|one|two|which|returns?|"
    r"given|function|write|python|def|str|int|list|bool|float|none|true|false|import|typing|examples?|input|output"
)
"""Words that nearly every prompt has."""
_MOST_WORDS = 40


def search_index(judgement: Judgement) -> bytes:
    """The index as a script: pages opened from a disk can load it too."""
    entries = [*_runs(judgement), *_problems(judgement), *_comparisons(judgement), *_targets(judgement)]
    text = json.dumps(entries, separators=(",", ":"), sort_keys=True)
    return f"globalThis.evalsiteIndex = {text};\n".encode()


def _entry(title: str, kind: str, path: str, words: str, **more: Any) -> dict[str, Any]:
    """One that can be found; invisible characters are spelled out."""
    return {
        "title": visible(title),
        "kind": visible(kind),
        "path": path,
        "words": visible(words.lower()),
        **more,
    }


def _runs(judgement: Judgement) -> Iterator[dict[str, Any]]:
    """The newest first; ``failed``: class -> samples, where they are listed; ``set``: which data set."""
    urls, sets = judgement.evidence.urls, _numbers(judgement.evidence.groups)
    for entry in in_time(judgement.evidence.entries)[::-1]:
        archived = entry.id in urls.archived
        failed = {kind: n for kind, n in entry.summary.verdicts.items() if kind != VerdictClass.PASSED and n}
        yield _entry(
            f"{judgement.evidence.group_of(entry).names[entry.id]}, {entry.run.dataset.name}",
            f"run, {cells.day(entry.run.created_at)}",
            urls.run(entry.id),
            f"{entry.model} {entry.run.model.card.quantization} {entry.id}",
            **({} if archived else {"failed": failed, "set": sets[entry.dataset_key]}),
        )


def _numbers(groups: tuple[DatasetGroup, ...]) -> dict[tuple[str, str], int]:
    return {group.key: number for number, group in enumerate(groups)}


def _problems(judgement: Judgement) -> Iterator[dict[str, Any]]:
    """Every problem once; ``sets``: the data sets that ask it; ``asks``: words of its prompt."""
    asked: dict[str, tuple[Problem, list[int]]] = {}
    for number, group in enumerate(judgement.evidence.groups):
        for problem in group.problems:
            asked.setdefault(problem.task_id, (problem, []))[1].append(number)
    for task, (problem, sets) in asked.items():
        yield _entry(
            task,
            problem.entry_point or "problem",
            judgement.evidence.urls.problem(task),
            f"{task} {problem.entry_point}",
            sets=sets,
            asks=prompt_words(problem.prompt),
        )


def prompt_words(prompt: str) -> str:
    """The first words of a prompt that few prompts have, each once."""
    found = dict.fromkeys(word for word in _WORD.findall(prompt.lower()) if not _IDLE.fullmatch(word))
    return " ".join(list(found)[:_MOST_WORDS])


def _comparisons(judgement: Judgement) -> Iterator[dict[str, Any]]:
    for found in judgement.comparisons.values():
        base, candidate = found.base, found.candidate
        names = judgement.evidence.group_of(base).names
        yield _entry(
            f"{names[candidate.id]} against {names[base.id]}",
            f"comparison, {candidate.run.dataset.name}",
            judgement.evidence.urls.compare(base.id, candidate.id),
            f"{candidate.model} against {base.model} compare {candidate.run.dataset.name}",
        )


def _targets(judgement: Judgement) -> Iterator[dict[str, Any]]:
    for target in dict.fromkeys(row.name for row in judgement.targets.rows):
        yield _entry(target, "target", TARGETS, f"target {target}")
