"""Writes the part of MBPP-sanitized that both models were asked as a data set of its own: ``part.py FILE``.

MBPP is not carried here: ``evalsite datasets fetch mbpp-sanitized`` brings it.
"""

import gzip
import json
import sys
from pathlib import Path

from evalsite.datasets import KNOWN
from evalsite.datasets.keeping import find_kept
from evalsite.datasets.records import read_records

ANSWERS = Path(__file__).with_name("mbpp-part-q4_1.jsonl.gz")


def main(target: Path) -> None:
    """Write the records of the problems that have answers, a line each."""
    kept = find_kept(KNOWN["mbpp-sanitized"])
    if kept is None:
        sys.exit("MBPP is not on this machine: evalsite datasets fetch mbpp-sanitized")
    answers = gzip.decompress(ANSWERS.read_bytes()).splitlines()
    asked = {json.loads(line)["task_id"] for line in answers}
    records = [json.loads(bytes(record)) for path in kept.paths for _, record in read_records(path)]
    lines = [json.dumps(each) + "\n" for each in records if f"MBPP/{each['task_id']}" in asked]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(lines), "utf-8")
    print(f"{target}: {len(lines)} of {len(records)} problems")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
