"""The samples of runs as columns, for numpy, pandas, polars and Arrow."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from evalsite.counts.samples import Sample
from evalsite.rundir.schema import Completion, Run

Column = npt.NDArray[Any]
"""One value for each row, shape (n_rows,)."""


def _answered(read: Callable[[Completion], Any]) -> Callable[[Run, Sample], Any]:
    return lambda _run, sample: read(sample.completion) if sample.completion else None


SAMPLE_COLUMNS: Mapping[str, Callable[[Run, Sample], Any]] = {
    "run": lambda run, _: run.id,
    "model": lambda run, _: run.model.name,
    "dataset": lambda run, _: run.dataset.name,
    "problem": lambda _, sample: sample.problem.task_id,
    "sample": lambda _, sample: sample.number,
    "verdict": lambda _, sample: str(sample.verdict.verdict),
    "exception": lambda _, sample: sample.verdict.exception,
    "message": lambda _, sample: sample.verdict.message,
    "finish_reason": lambda _, sample: sample.finish_reason,
    "prompt_tokens": _answered(lambda row: row.prompt_tokens),
    "completion_tokens": _answered(lambda row: row.completion_tokens),
    "tokens_from": _answered(lambda row: row.tokens_from),
    "choices": _answered(lambda row: row.choices),
    "latency_s": _answered(lambda row: row.latency_s),
    "first_token_s": _answered(lambda row: row.first_token_s),
    "cpu_s": lambda _, sample: sample.verdict.cpu_s,
    "wall_s": lambda _, sample: sample.verdict.wall_s,
    "peak_mib": lambda _, sample: sample.verdict.peak_mib,
    "rule": lambda _, sample: sample.verdict.rule,
    "symptoms": lambda _, sample: (
        " ".join(sample.verdict.symptoms.names) if sample.verdict.symptoms else None
    ),
    "parts": lambda _, sample: " ".join(sample.verdict.parts),
}
"""Column -> what a sample has in it; None where it is not known. ``docs/tables.md`` says what each means."""

_NUMBERS = {
    "prompt_tokens", "completion_tokens", "choices",
    "latency_s", "first_token_s", "cpu_s", "wall_s", "peak_mib",
}  # fmt: skip
_TEXTS: Mapping[str, Callable[[Run, Sample], Any]] = {
    "text": _answered(lambda row: row.text),
    "program": lambda _, sample: sample.verdict.program,
}


class Table(dict[str, Column]):
    """Columns by name, each an array of shape (n_rows,), in one order.

    ``passed`` is bool and ``sample`` int64; figures that may be unknown are float64, with NaN; everything
    else is text (dtype object), None where it is not known.
    """

    @property
    def num_rows(self) -> int:
        """Rows: graded samples."""
        return len(next(iter(self.values())))

    def __repr__(self) -> str:
        return f"<Table of {self.num_rows} rows: {', '.join(self)}>"

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame``; pandas has to be installed."""
        return import_module("pandas").DataFrame(dict(self))

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``, with null for NaN; polars has to be installed."""
        return import_module("polars").DataFrame(self._lists())

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table``, with null for NaN; pyarrow has to be installed."""
        return import_module("pyarrow").table(self._lists())

    def _lists(self) -> dict[str, list[Any]]:
        """The columns as Python's own values, with None for what is not known."""
        return {
            name: [None if value != value else value for value in column.tolist()]
            for name, column in self.items()
        }


def table_of(samples: Iterable[tuple[Run, Sample]], *, texts: bool = False) -> Table:
    """Put samples into columns: ``passed`` and :data:`SAMPLE_COLUMNS`, and with ``texts`` two more.

    These are ``text``, the raw answer, and ``program``, what was executed of it.
    """
    readers = {**SAMPLE_COLUMNS, **(_TEXTS if texts else {})}
    values: dict[str, list[Any]] = {name: [] for name in readers}
    passed = []
    for run, sample in samples:
        passed.append(sample.passed)
        for name, read in readers.items():
            values[name].append(read(run, sample))
    columns = {name: _column(name, found) for name, found in values.items()}
    return Table({**columns, "passed": np.array(passed, dtype=bool)})


def _column(name: str, values: list[Any]) -> Column:
    if name in _NUMBERS:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if name == "sample":
        return np.array(values, dtype=np.int64)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
