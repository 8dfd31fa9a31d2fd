"""Reference solutions in other languages, in each wrapping that chat models and servers give to code.

``python -m tests.extraction.wrapped [DATASET...]`` (in a checkout with ../shared) tries every record and
prints how many did not come out as they went in.
"""

import gzip
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from evalsite.extraction import extract
from evalsite.languages import LANGUAGES
from evalsite.rundir.schema import Completion, Problem

NAMES = {"js": "javascript", "ts": "typescript"}
"""What data sets call a language -> its name, where that is another one."""
DATASETS = (
    *(f"humanevalpack-{name}" for name in ("js", "java", "go", "cpp", "rust")),
    *(f"mbxp-{name}" for name in ("js", "ts", "java", "cpp", "php", "ruby")),
)
ODD = {
    "MBPHP/825": "prints `<pre>`, which stands for a fence where there is none",
    "MBTSP/137": "is no TypeScript",
    "MBTSP/437": "is no TypeScript",
    "MBTSP/807": "is no TypeScript",
}
"""Records whose solutions are read otherwise in some wrapping, and why."""


def problems(folder: Path, dataset: str, most: int = 0) -> Iterator[Problem]:
    """The problems with a solution that is whole; a sample of ``most`` of them, the same each time."""
    language = LANGUAGES[NAMES.get(called := dataset.partition("-")[2], called)]
    with gzip.open(folder / f"{dataset}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for line in file if (row := json.loads(line)).get("canonical_solution")]
    random.Random(most).shuffle(rows)
    found = 0
    for row in rows:
        reference = row["prompt"] + row["canonical_solution"]
        if language.reading.compiles(reference) and row["task_id"] not in ODD:
            yield Problem(
                task_id=row["task_id"],
                prompt=row["prompt"],
                kind="code",
                entry_point=row["entry_point"],
                tests=row["test"],
                reference=reference,
                language=language.name,
            )
            found += 1
            if found == most:
                return


def fenced(code: str, tag: str = "") -> str:
    return f"```{tag}\n{code.rstrip()}\n```\n"


def wrapped(problem: Problem) -> Iterator[tuple[str, str, str]]:
    """Name, form and text of answers that hold the reference."""
    tag, whole = problem.language, problem.reference
    body = whole.removeprefix(problem.prompt)
    behind = "\n\ndef other(\n" if problem.language == "ruby" else "\n\n// another one (\nfunction other( {\n"
    yield "fence", "response", fenced(whole, tag)
    yield "fence without tag", "response", fenced(whole)
    yield (
        "prose around",
        "response",
        f"Here is it:\n\n{fenced(whole, tag)}\nThis loops once, and returns a sum.\n",
    )
    yield (
        "thoughts",
        "response",
        f"<think>\nSo: {fenced('f(x) = { ...', tag)}</think>\n\n{fenced(whole, tag)}",
    )
    yield "whole answer", "response", whole
    yield (
        "prose, no fence",
        "response",
        f"Sure! Here is the code:\n\n{whole}\n\nThis is right for all inputs.\n",
    )
    yield "open fence", "response", f"Here:\n```{tag}\n{whole}"
    yield "body in a fence", "response", f"The rest of the function:\n{fenced(body, tag)}"
    yield "continuation", "completion", body
    yield "continuation that goes on", "completion", body + behind
    yield "continuation that repeats", "completion", whole
    yield "solution", "solution", whole


def meaning(problem: Problem, source: str) -> list[str]:
    """What the compiler sees of source: its tokens, with Go's imports and PHP's tags as they have to be."""
    reading = LANGUAGES[problem.language].reading
    if problem.language in ("go", "php"):
        source = reading.complete(source, "", problem.entry_point)[0]
    return [token.text for token in reading.read(source).tokens if token.text != "\n"]  # type: ignore[attr-defined]


def misread(problem: Problem) -> Iterator[tuple[str, str, str]]:
    """Task, wrapping and rule of what does not come out as it went in."""
    right = meaning(problem, problem.reference)
    for name, form, text in wrapped(problem):
        found = extract(problem, Completion(problem=problem.task_id, sample=0, text=text, form=form))  # type: ignore[arg-type]
        if meaning(problem, found.source) != right:
            yield problem.task_id, name, found.rule


if __name__ == "__main__":
    folder = Path(__file__).parents[3] / "shared" / "datasets"
    for dataset in sys.argv[1:] or DATASETS:
        every = list(problems(folder, dataset))
        wrong = [each for problem in every for each in misread(problem)]
        print(f"{dataset}: {len(every)} solutions, each wrapped 12 times; {len(wrong)} misread")
        for task, name, rule in wrong:
            print(f"  {task}, {name}: {rule}")
