"""Put BFCL's single-turn questions and their accepted answers together, a record a line.

Run ``python scripts/join_bfcl.py FOLDER FILE``: the folder is ``bfcl_eval/data`` of a checkout of
https://github.com/ShishirPatil/gorilla or of the installed package bfcl-eval.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CATEGORIES = (
    "simple_python",
    "multiple",
    "parallel",
    "parallel_multiple",
    "irrelevance",
    "live_simple",
    "live_multiple",
    "live_parallel",
    "live_parallel_multiple",
    "live_relevance",
    "live_irrelevance",
)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    lines = [json.dumps(record, ensure_ascii=False) for record in joined(options.folder)]
    options.file.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{options.file}: {len(lines)} records")


def joined(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of all categories, in this order."""
    for category in CATEGORIES:
        name = f"BFCL_v4_{category}.json"
        answers = folder / "possible_answer" / name
        accepted = {each["id"]: each["ground_truth"] for each in _read(answers)} if answers.exists() else {}
        for record in _read(folder / name):
            yield {
                "category": category,
                "id": record["id"],
                "question": record["question"],
                "function": record["function"],
                "ground_truth": accepted.get(record["id"]),
            }


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


if __name__ == "__main__":
    main()
