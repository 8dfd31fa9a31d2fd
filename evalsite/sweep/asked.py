"""A plan of a few answers: who is the baseline, what is held against it, on what, what may be lost."""

import json
from dataclasses import dataclass
from pathlib import Path

from evalsite.client.endpoints import parse_endpoint
from evalsite.datasets.source import known_dataset
from evalsite.errors import DatasetError, UsageError
from evalsite.rundir.json_schema import schema_line
from evalsite.words.commands import command

SCHEMA = "plan.toml"
"""The kind of file that a plan is, whatever it is called."""

HEAD = """\
# Every model below is asked every data set below, by: evalsite sweep {name}
# First what that takes: evalsite sweep {name} --dry-run. All keys: docs/sweep.md of evalsite.
"""


_NO_MODEL = "not a model's name with the address of its server behind it"
_EXAMPLE = "For example: qwen3-coder-fp8 http://localhost:8000"


@dataclass(frozen=True)
class Served:
    """A model that is asked."""

    name: str
    endpoint: str


@dataclass(frozen=True)
class Asked:
    """A data set, by its name or with its file."""

    name: str
    data_path: str = ""


def read_served(text: str) -> Served:
    """Read ``NAME ADDRESS``. Raises :class:`UsageError` for anything else."""
    name, _, address = text.strip().rpartition(" ")
    try:
        endpoint = parse_endpoint(address)
    except UsageError as exc:
        raise UsageError(_NO_MODEL, hint=_EXAMPLE) from exc
    if not name.strip():
        raise UsageError(_NO_MODEL, hint=_EXAMPLE)
    if endpoint.secrets() or endpoint.authorization or endpoint.query:
        raise UsageError(
            f"{name.strip()}: a password or a key has no place in a plan",
            hint="Leave it out of the address; docs/sweep.md says how plans name environment variables.",
        )
    return Served(name.strip(), address)


def read_candidates(text: str) -> tuple[Served, ...]:
    """Read one or several ``NAME ADDRESS``, with commas between them."""
    return tuple(read_served(one) for one in text.split(",") if one.strip()) or (read_served(text),)


def read_datasets(text: str, folder: Path) -> tuple[Asked, ...]:
    """Read names of data sets, or files of problems (from ``folder`` on), with commas between them.

    Raises :class:`DatasetError` for a name that nobody knows.
    """
    found = []
    for one in (each.strip() for each in text.split(",") if each.strip()):
        if (folder / one).exists():
            found.append(Asked(Path(one).name.partition(".")[0], one))
        else:
            try:
                known_dataset(one)
            except DatasetError as exc:
                told = f"{command('datasets')} lists the known ones. A file of your own is named by its path."
                raise DatasetError(exc.message, hint=told) from exc
            found.append(Asked(one))
    if not found:
        raise UsageError("no data set is named", hint="For example: humaneval, mbpp")
    return tuple(found)


def plan_text(
    name: str,
    models: tuple[Served, ...],
    datasets: tuple[Asked, ...],
    *,
    num_samples: int,
    margin: float,
) -> str:
    """Return a plan called ``name``, whose first model is the baseline."""
    lines = [
        schema_line(SCHEMA) + HEAD.format(name=name),
        f"baseline = {_quoted(models[0].name)}",
        f"margin = {margin:g}            # points of pass@1 that may be lost",
    ]
    for model in models:
        lines += ["\n[[models]]", f"name = {_quoted(model.name)}", f"endpoint = {_quoted(model.endpoint)}"]
    for dataset in datasets:
        lines += ["\n[[datasets]]", f"name = {_quoted(dataset.name)}"]
        if dataset.data_path:
            lines.append(f"data_path = {_quoted(dataset.data_path)}")
        lines.append(f"num_samples = {num_samples}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """JSON's strings are TOML's basic strings, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
