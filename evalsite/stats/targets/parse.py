"""``targets.toml`` -> targets. All mistakes of a file are reported at once, each with its line and key."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evalsite.errors import UsageError
from evalsite.rundir.typed import parse_toml
from evalsite.stats.compare.pooled import WEIGHTS
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.targets.editors import KEYS
from evalsite.stats.targets.metrics import Metric, parse_metric, share_kept
from evalsite.stats.targets.schema import FAMILIES, FORMAT, JUDGES, SELECTORS, Family, Target, Targets

_TABLE = re.compile(r"\s*\[\[\s*target\s*\]\]")


def parse_targets(text: str, path: str) -> Targets:
    """Read a targets file; ``path`` is only named in messages.

    Raises one :class:`UsageError` with every mistake: file, line where it is known, key, and what would be
    right.
    """
    document = parse_toml(text, path, "docs/targets.md shows a whole file.")
    errors = _Errors(path, text.splitlines())
    rows = _rows(document, errors)
    if errors.found:
        raise errors.as_usage_error()
    return Targets(tuple(rows), path)


@dataclass
class _Errors:
    """The mistakes found so far, and where they stand."""

    path: str
    lines: list[str]
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, row: int | None, key: str, message: str) -> None:
        """Note a mistake in the row-th ``[[target]]`` table (from 0), or outside of all with None."""
        line = self._line(row, key)
        where = f"{self.path}:{line}" if line else self.path
        name = key if row is None else f"target {row + 1}, {key}" if key else f"target {row + 1}"
        self.found.append((line or 0, f"{where}: {name}: {message}"))

    def as_usage_error(self) -> UsageError:
        count = len(self.found)
        heading = f"{self.path}: {count} mistakes" if count > 1 else f"{self.path}: a mistake"
        listed = "\n".join(f"  {message}" for _, message in sorted(self.found))
        return UsageError(f"{heading}\n{listed}", hint="docs/targets.md explains every key.")

    def _line(self, row: int | None, key: str) -> int | None:
        """The line (from 1) of a key, else of its table's head; None where neither is found."""
        pattern = (
            re.compile(rf"\s*(\[.*\.)?[\"']?{re.escape(key.split('.')[0])}[\"']?\s*[=.\]]") if key else None
        )
        table, head = -1, None
        for number, line in enumerate(self.lines, start=1):
            if _TABLE.match(line):
                table += 1
                head = number if table == row else head
            elif pattern and pattern.match(line) and (table == row or (row is None and table == -1)):
                return number
        return head


def _rows(document: Mapping[str, Any], errors: _Errors) -> list[Target]:
    for key in document:
        if key not in ("format", "confidence", "family", "target"):
            errors.add(None, key, "no such key here; there are format, confidence, family and [[target]]")
    if document.get("format", FORMAT) != FORMAT:
        errors.add(None, "format", f"this evalsite reads format {FORMAT}, not {document['format']!r}")
    confidence = _confidence(document, None, errors, CONFIDENCE)
    family = _family(document, None, errors, FAMILIES[0])
    tables = document.get("target", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        errors.add(None, "target", "write each target as a [[target]] table")
        return []
    if not tables:
        errors.add(None, "target", "the file has no [[target]] table")
    rows = [_row(table, index, (confidence, family), errors) for index, table in enumerate(tables)]
    names = [table.get("name") for table in tables]
    for index, name in enumerate(names):
        if isinstance(name, str) and name in names[:index]:
            errors.add(index, "name", f"{name!r} is taken by target {names.index(name) + 1} already")
    return [row for row in rows if row is not None]


def _row(
    table: Mapping[str, Any], index: int, defaults: tuple[float, Family], errors: _Errors
) -> Target | None:
    """One target, or None where it is too broken to build; its mistakes are noted either way.

    ``defaults``: confidence and family where the target says nothing of them.
    """
    before = len(errors.found)
    for key in table:
        if key not in KEYS:
            errors.add(index, key, f"no such key; there are {', '.join(KEYS)}")
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        errors.add(index, "name", "is needed: a few words that say what is promised")
    metric = _metric(table, index, errors)
    limit = _limit(table, metric, index, errors) if metric else None
    baseline = _baseline(table, metric, index, errors)
    sure, family = _confidence(table, index, errors, defaults[0]), _family(table, index, errors, defaults[1])
    datasets = _datasets(table, "dataset", index, errors)
    pool = _pool(table, metric, index, errors)
    applies_to = _applies_to(table, index, errors)
    _ways(table, metric, index, errors)
    if len(errors.found) > before or metric is None or limit is None:
        return None
    if limit[0] == "relative":
        metric = share_kept(metric)
    return Target(
        name=str(name).strip(),
        metric=metric,
        threshold=limit[1],
        direction="above" if limit[0] in ("above", "relative") else "below",
        two_sided=table.get("two_sided", False),
        family=family,
        judged_by=table.get("judged_by", JUDGES[0]),
        datasets=pool or datasets,
        pool=pool,
        weights=table.get("weights", WEIGHTS[0]),
        baseline=baseline,
        baseline_run=table.get("baseline_run", ""),
        confidence=sure,
        applies_to=applies_to,
    )


def _metric(table: Mapping[str, Any], index: int, errors: _Errors) -> Metric | None:
    name = table.get("metric")
    if not isinstance(name, str):
        errors.add(index, "metric", 'is needed, such as "pass@1"')
        return None
    try:
        return parse_metric(name)
    except ValueError as exc:
        errors.add(index, "metric", f"{name!r}: {exc}")
        return None


def _limit(table: Mapping[str, Any], metric: Metric, index: int, errors: _Errors) -> tuple[str, float] | None:
    """The one key that holds the threshold, and its value."""
    possible = ("margin",) if metric.means.is_relative else ("above", "below")
    if metric.is_loss_of_passes:
        possible = ("margin", "relative")
    given = [key for key in ("above", "below", "margin", "relative") if key in table]
    if len(given) != 1 or given[0] not in possible:
        found = f", not {' and '.join(given)}" if given else ""
        errors.add(index, given[-1] if given else "", f"{metric.name} takes {' or '.join(possible)}{found}")
        return None
    if given[0] == "relative":
        return _share(table, index, errors)
    value = _figure(table, given[0], metric, index, errors)
    return None if value is None else (given[0], value)


def _share(table: Mapping[str, Any], index: int, errors: _Errors) -> tuple[str, float] | None:
    """The share of the baseline's score that has to be kept, in percent."""
    value = table["relative"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.5 <= value <= 1:
        errors.add(index, "relative", f"must be a share from 0.5 to 1, such as 0.95, not {value!r}")
        return None
    return "relative", 100.0 * value


def _ways(table: Mapping[str, Any], metric: Metric | None, index: int, errors: _Errors) -> None:
    """Whether what is said of how a loss is judged fits together."""
    if not isinstance(table.get("two_sided", False), bool):
        errors.add(index, "two_sided", "must be true or false")
    if table.get("judged_by", JUDGES[0]) not in JUDGES:
        errors.add(index, "judged_by", f"must be {' or '.join(map(repr, JUDGES))}")
    given = [key for key in ("two_sided", "judged_by", "relative") if key in table]
    for key in given if metric is not None else ():
        if metric is not None and not metric.is_loss_of_passes:
            errors.add(index, key, f"is of degradation, not of {metric.name}")
        elif "pool" in table and key == "judged_by":
            errors.add(index, key, "is of one data set; a pool is judged by its interval")
        elif "relative" in table and key != "relative":
            errors.add(index, key, "is of a margin in points, not of a share that is kept")
        elif "baseline" in table:
            errors.add(index, key, "takes the baseline's run, problem by problem; a figure will not do")


def _figure(
    table: Mapping[str, Any], key: str, metric: Metric | None, index: int, errors: _Errors
) -> float | None:
    """A number in the metric's unit (a baseline's in its own), plausible for it."""
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        errors.add(index, key, f"must be a number, not {value!r}")
        return None
    unit = "" if metric is None else metric.baseline_unit if key == "baseline" else metric.unit
    unbounded = metric is not None and metric.means.is_unbounded
    shares = unit in ("points", "%") and not unbounded
    if value < 0 or (shares and value > 100):
        errors.add(index, key, f"must lie between 0 and 100 {unit}" if shares else "must not be negative")
        return None
    if unit == "%" and 0 < value < 1 and metric is not None and metric.means.is_score:
        errors.add(index, key, f"is in percent: write {100 * value:g} for {100 * value:g} %")
        return None
    return float(value)


def _baseline(table: Mapping[str, Any], metric: Metric | None, index: int, errors: _Errors) -> float | None:
    run = table.get("baseline_run", "")
    if not isinstance(run, str):
        errors.add(index, "baseline_run", "must be a run's id or a model's name, in quotes")
    if "baseline" not in table:
        return None
    if isinstance(table["baseline"], str):
        errors.add(index, "baseline", "is a figure; a run goes into baseline_run")
        return None
    return _figure(table, "baseline", metric, index, errors)


def _confidence(table: Mapping[str, Any], index: int | None, errors: _Errors, default: float) -> float:
    value = table.get("confidence", default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.5 <= value < 1:
        errors.add(index, "confidence", f"must be a share from 0.5 to below 1, such as 0.95, not {value!r}")
        return default
    return float(value)


def _family(table: Mapping[str, Any], index: int | None, errors: _Errors, default: Family) -> Family:
    found = next((one for one in FAMILIES if one == table.get("family", default)), None)
    if found is None:
        errors.add(index, "family", f"must be {' or '.join(map(repr, FAMILIES))}: how candidates are judged")
    return found or default


def _datasets(table: Mapping[str, Any], key: str, index: int, errors: _Errors) -> tuple[str, ...]:
    value = table.get(key, [])
    names = [value] if isinstance(value, str) and key == "dataset" else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        one = "a name, or a list of names of which any will do" if key == "dataset" else "a list of names"
        errors.add(index, key, f"must be {one}")
        return ()
    return tuple(names)


def _pool(table: Mapping[str, Any], metric: Metric | None, index: int, errors: _Errors) -> tuple[str, ...]:
    """The data sets that are judged together, and whether all that is said of them fits."""
    if table.get("weights", WEIGHTS[0]) not in WEIGHTS:
        errors.add(index, "weights", f"must be {' or '.join(map(repr, WEIGHTS))}: what counts the same")
    if "pool" not in table:
        if "weights" in table:
            errors.add(index, "weights", "is of a pool: name its data sets, pool = [...]")
        return ()
    names = _datasets(table, "pool", index, errors)
    if len({name.casefold() for name in names}) < max(2, len(names)):
        errors.add(index, "pool", "must name two data sets or more, each once")
    if any(set(name) & set("*?") for name in names):
        errors.add(index, "pool", "must name each data set; a pattern would not say how many there are")
    if "dataset" in table:
        errors.add(index, "dataset", "is said by pool already")
    if "baseline" in table:
        errors.add(
            index, "baseline", "is a figure, and a pool is compared problem by problem, with a run on each"
        )
    if metric is not None and (not metric.is_loss_of_passes or metric.k > 1):
        errors.add(index, "pool", f"is of degradation (of pass@1), not of {metric.name}")
    return names


def _applies_to(table: Mapping[str, Any], index: int, errors: _Errors) -> tuple[tuple[str, str], ...]:
    value = table.get("applies_to", {})
    if not isinstance(value, dict):
        errors.add(index, "applies_to", 'must be a table, such as { quantization = "ternary" }')
        return ()
    for field_name, pattern in value.items():
        if field_name not in SELECTORS:
            errors.add(index, "applies_to", f"no field {field_name!r}; there are {', '.join(SELECTORS)}")
        elif not isinstance(pattern, str):
            errors.add(index, "applies_to", f"{field_name} must be a text, with * for anything")
    return tuple((name, str(pattern)) for name, pattern in value.items())
