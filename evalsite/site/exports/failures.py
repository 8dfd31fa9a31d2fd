"""The failed samples of a run as plain JSON: what its list looks for texts in, and machines read."""

import json
from collections.abc import Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.site.subjects.failures import FailureRow


def failures_json(run: LoadedRun, rows: Sequence[FailureRow], most_code: int) -> bytes:
    """One record for each row of the list; ``same`` is the sample whose program and message it has, too.

    ``most_code``: characters of each program.
    """
    records = [
        {
            "problem": row.problem,
            "verdict": str(row.verdict),
            "exception": row.exception,
            "symptoms": row.symptoms,
            "samples": list(_samples(row)),
        }
        for row in rows
    ]
    text = json.dumps(
        {"format": 1, "run": run.id, "most_code": most_code, "failures": records}, separators=(",", ":")
    )
    return (text + "\n").encode("utf-8", "replace")


def _samples(row: FailureRow) -> Sequence[dict[str, object]]:
    first: dict[tuple[str, str], int] = {}
    found: list[dict[str, object]] = []
    for one in row.samples:
        same = first.setdefault((one.error, one.code), one.sample)
        told = {"message": one.error, "code": one.code} if same == one.sample else {"same": same}
        found.append({"sample": one.sample, **told})
    return found
