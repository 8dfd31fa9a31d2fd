"""Targets in a few words, and their results."""

from evalsite.counts.loaded import LoadedRun
from evalsite.stats.targets import Result, Targets, named_targets, parse_targets

BORN_WITH = named_targets("qwen3-coder-80b-ternary")

ROWS = {row.name: row for row in BORN_WITH.rows}


def against(base: LoadedRun, *runs: LoadedRun) -> dict[str, LoadedRun]:
    """All of the runs, and the baseline itself, are held against the baseline."""
    return {run.id: base for run in (base, *runs)}


def only(name: str) -> Targets:
    return Targets((ROWS[name],), "test")


def target(*lines: str) -> Targets:
    return parse_targets("\n".join(("[[target]]", 'name = "T"', *lines)), "test")


def one(results: tuple[Result, ...]) -> Result:
    (result,) = results
    return result
