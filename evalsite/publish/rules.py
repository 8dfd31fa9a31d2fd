"""The tables of ``evalsite.toml``: which runs a site leaves out, thins or archives; which were renamed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from evalsite.publish.values import MistakesError, read_count
from evalsite.site.options import Keep, RunRule


def read_patterns(value: Any, _folder: Path) -> tuple[str, ...]:
    """Read a list of patterns over run ids and models' names."""
    if not (isinstance(value, list) and value and all(isinstance(one, str) and one for one in value)):
        raise MistakesError.of(f'expected a list of patterns such as ["*--trial-*"], got {value!r}')
    return tuple(value)


def read_rules(value: Any, folder: Path) -> tuple[RunRule, ...]:
    """Read ``[[rules]]``, each with the runs it is about and what is shown of them."""
    if not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
        raise MistakesError.of("expected tables, each under a line [[rules]]")
    rules: list[RunRule] = []
    mistakes: list[tuple[str, str]] = []
    for number, table in enumerate(value, start=1):
        found: dict[str, Any] = {}
        for key, given in table.items():
            try:
                if key not in RULE_KEYS:
                    raise MistakesError.of(f"no such key; known are {', '.join(RULE_KEYS)}")
                found[key] = RULE_KEYS[key](given, folder)
            except MistakesError as error:
                mistakes += [(f"[{number}].{key}", what) for _, what in error.mistakes]
        if "match" not in table:
            mistakes.append((f"[{number}]", 'lacks match = ["..."], the runs that it is about'))
        if set(table) <= {"match"}:
            mistakes.append((f"[{number}]", "changes nothing; say keep, max_samples_per_problem or archive"))
        rules.append(RunRule(**found))
    if mistakes:
        raise MistakesError(mistakes)
    return tuple(rules)


def read_redirects(value: Any, _folder: Path) -> tuple[tuple[str, str], ...]:
    """Read ``[redirects]``: old run id = new run id."""
    if not isinstance(value, dict):
        raise MistakesError.of('expected a table of lines old-run-id = "new-run-id"')
    mistakes = [
        (
            f".{old}",
            f"expected a run's id in quotation marks, got {new!r}; ids with a dot need them on both sides",
        )
        for old, new in value.items()
        if not (isinstance(new, str) and new)
    ]
    if mistakes:
        raise MistakesError(mistakes)
    return tuple(sorted(value.items()))


def _keep(value: Any, _folder: Path) -> str:
    if value not in get_args(Keep):
        raise MistakesError.of(f'expected "all" or "failures", got {value!r}')
    return str(value)


def _archive(value: Any, _folder: Path) -> str:
    if value is True or value is False:
        return "packed" if value else ""
    if value != "counts":
        raise MistakesError.of(f'expected true, false or "counts", got {value!r}')
    return str(value)


RULE_KEYS: dict[str, Callable[[Any, Path], Any]] = {
    "match": read_patterns,
    "keep": _keep,
    "max_samples_per_problem": read_count,
    "archive": _archive,
}
"""Key -> how its value is read. The keys are :class:`RunRule`'s fields."""
