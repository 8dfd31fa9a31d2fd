"""The index that the search field of every page looks through."""

import json

from evalsite.site.evidence import in_time
from evalsite.site.judgement import Judgement
from evalsite.words import cells
from evalsite.words.text import visible


def search_index(judgement: Judgement) -> bytes:
    """The index as a script: pages opened from a disk can load it too."""
    urls = judgement.evidence.urls
    entries = [
        {
            "title": f"{entry.model}, {entry.run.dataset.name}",
            "kind": f"run, {cells.day(entry.run.created_at)}",
            "path": urls.run(entry.id),
            "words": f"{entry.model} {entry.run.model.card.quantization} {entry.id}".lower(),
        }
        for entry in in_time(judgement.evidence.entries)[::-1]
    ]
    seen = set()
    for group in judgement.evidence.groups:
        for problem in group.problems:
            if problem.task_id not in seen:
                seen.add(problem.task_id)
                entries.append(
                    {
                        "title": problem.task_id,
                        "kind": visible(problem.entry_point) or "problem",
                        "path": urls.problem(problem.task_id),
                        "words": f"{problem.task_id} {problem.entry_point}".lower(),
                    }
                )
    shown = [{key: visible(value) for key, value in entry.items()} for entry in entries]
    return (
        f"globalThis.evalsiteIndex = {json.dumps(shown, separators=(',', ':'), sort_keys=True)};\n".encode()
    )
